"""The record of who did what around a mesh, and the alarms on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import after, require_args
from meshkit.landing_zone.audit_alarms import Alarms, register_alarms
from meshkit.landing_zone.audit_log import make_bucket, make_delivery_role, make_key
from meshkit.landing_zone.role_recorder import register_recorder, register_rules
from meshkit.policy.audit import TrailScope
from meshkit.policy.audit_rules import BROAD
from meshkit.policy.audit_watches import ROLES, WATCHES, patterns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class ExistingTrail:
    """A trail that is there already, and is left as it is."""

    arn: pulumi.Input[str]
    """ARN of the trail."""
    region: str
    """The region in which alarms and rules are made: that of the trail's log group."""
    log_group: str | None = None
    """Name of the log group to which it delivers. Without it there can be no alarms."""


@dataclass(frozen=True, kw_only=True)
class MeshAuditTrailArgs:
    """Arguments of ``MeshAuditTrail``."""

    trail: TrailScope | ExistingTrail
    """The trail to make, or the one to use."""
    roles: Sequence[str] = ("*",)
    """Names of roles of proxies and operators, whose changes raise an alarm; ``*`` stands for any
    text."""
    alarm_topics: Sequence[pulumi.Input[str]] = ()
    """ARNs of the SNS topics that hear of alarms."""
    existing_bucket: bool = False
    """Whether the trail's bucket is there already; its policy is then its owner's to write."""
    existing_recorder: str | None = None
    """Name of a recorder of AWS Config that is there already. An account has one in a region.
    Default: one is made where the scope ``records``."""
    service_linked_role: bool = True
    """Whether to make the role of AWS Config, AWSServiceRoleForConfig. An account has one."""
    broad_policies: Sequence[str] = BROAD
    """AWS managed policies of which AWS Config says so where somebody holds one."""
    retention_days: int = 365
    """How long the log group keeps events. The bucket keeps all."""
    protect: bool = False
    """Whether Pulumi refuses to delete bucket, key and trail."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class MeshAuditTrail(pulumi.ComponentResource):
    """A trail of CloudTrail with its bucket, key and log group, the alarms on it, and AWS Config.

    Its provider must be of the scope's account: the management account for the trail of an
    organization. The trail tells of all regions.
    """

    trail_arn: pulumi.Output[str]
    """ARN of the trail; who takes it waits until the trail is there."""
    bucket: pulumi.Output[str] | None
    """Name of the bucket; ``None`` beside an existing trail."""
    key_arn: pulumi.Output[str] | None
    """ARN of the key; ``None`` beside an existing trail."""
    alarms: dict[str, pulumi.Output[str]]
    """ARNs of the alarms by what they watch; empty beside a trail without a log group."""

    def __init__(
        self, name: str, args: MeshAuditTrailArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, MeshAuditTrailArgs)
        _check(name, args)
        super().__init__("meshkit:index:MeshAuditTrail", name, None, opts)
        self._name, self._args = name, args
        self._tags = dict(args.tags) or None
        self._child = pulumi.ResourceOptions(parent=self)
        self.bucket = self.key_arn = None
        trail = args.trail
        if isinstance(trail, ExistingTrail):
            self.trail_arn = pulumi.Output.from_input(trail.arn)
            group: pulumi.Input[str] | None = trail.log_group
            self._adopt_recorder(trail)
        else:
            group = self._make(trail)
        self.alarms = self._alarms(group)
        self.register_outputs(
            {"trailArn": self.trail_arn, "bucket": self.bucket, "alarms": self.alarms}
        )

    def _make(self, scope: TrailScope) -> pulumi.Input[str]:
        args = self._args
        kept = pulumi.ResourceOptions(parent=self, protect=args.protect or None)
        key = make_key(self._name, scope, self._tags, kept)
        ready: list[pulumi.Resource] = []
        bucket: pulumi.Input[str] = scope.bucket
        if not args.existing_bucket:
            bucket, ready = make_bucket(self._name, scope, key, self._tags, kept)
        group = aws.cloudwatch.LogGroup(
            self._name,
            name=scope.log_group,
            region=scope.region,
            kms_key_id=key.arn,
            retention_in_days=args.retention_days,
            tags=self._tags,
            opts=self._child,
        )
        role, delivery = make_delivery_role(self._name, scope, self._tags, self._child)
        trail = aws.cloudtrail.Trail(
            self._name,
            name=scope.trail,
            region=scope.region,
            s3_bucket_name=bucket,
            kms_key_id=key.arn,
            is_multi_region_trail=True,
            is_organization_trail=scope.organization is not None,
            enable_log_file_validation=True,
            cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
            cloud_watch_logs_role_arn=role.arn,
            tags=self._tags,
            opts=pulumi.ResourceOptions.merge(
                kept, pulumi.ResourceOptions(depends_on=[*ready, delivery])
            ),
        )
        self.trail_arn = after(scope.trail_arn, [trail])
        self.bucket, self.key_arn = pulumi.Output.from_input(bucket), key.arn
        self._record(scope, bucket, key, ready)
        return group.name

    def _record(
        self,
        scope: TrailScope,
        bucket: pulumi.Input[str],
        key: aws.kms.Key,
        ready: Sequence[pulumi.Resource],
    ) -> None:
        if self._args.existing_recorder is not None:
            self._adopt_recorder(scope)
        elif scope.records:
            running = register_recorder(
                self._name,
                scope,
                bucket,
                key.arn,
                pulumi.ResourceOptions.merge(
                    self._child, pulumi.ResourceOptions(depends_on=list(ready))
                ),
                make_role=self._args.service_linked_role,
            )
            self._rules(scope, [running])

    def _adopt_recorder(self, trail: TrailScope | ExistingTrail) -> None:
        if self._args.existing_recorder is not None:
            self._rules(trail, [])

    def _rules(self, trail: TrailScope | ExistingTrail, needs: Sequence[pulumi.Resource]) -> None:
        broad = tuple(self._args.broad_policies)
        options = pulumi.ResourceOptions.merge(
            self._child, pulumi.ResourceOptions(depends_on=list(needs))
        )
        register_rules(self._name, trail.region, broad, self._tags, options)

    def _alarms(self, group: pulumi.Input[str] | None) -> dict[str, pulumi.Output[str]]:
        if group is None:
            return {}
        args = self._args
        return register_alarms(
            self._name,
            Alarms(args.trail.region, group, args.roles, args.alarm_topics, self._tags),
            self._child,
        )


def _check(name: str, args: MeshAuditTrailArgs) -> None:
    """Raises ``MeshkitError`` before anything is made."""
    if not isinstance(args.trail, TrailScope | ExistingTrail):
        raise MeshkitError(f"{name}: trail takes a TrailScope or an ExistingTrail")
    if isinstance(args.trail, ExistingTrail) and args.existing_bucket:
        raise MeshkitError(f"{name}: an existing trail has its bucket; leave existing_bucket out")
    if not args.roles:
        raise MeshkitError(f'{name}: roles names no role; leave it out for all of them, "*"')
    try:
        patterns(next(each for each in WATCHES if each.key == ROLES), args.roles)
    except MeshkitError as error:
        raise MeshkitError(f"{name}: {error}") from None
