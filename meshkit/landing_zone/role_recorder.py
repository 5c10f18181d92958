"""AWS Config: the history of roles and policies, and rules that say where they went astray."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.policy.audit import CONFIG
from meshkit.policy.audit_rules import RECORDED, RECORDER, managed_rules
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.policy.audit import TrailScope

ROLE: Final = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


def register_recorder(
    name: str,
    scope: TrailScope,
    bucket: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
    *,
    make_role: bool,
) -> aws.cfg.RecorderStatus:
    """The recorder, which runs when what is returned is there."""
    role: pulumi.Input[str] = f"arn:{scope.partition}:iam::{scope.account}:role/{ROLE}"
    if make_role:
        role = aws.iam.ServiceLinkedRole(f"{name}-config", aws_service_name=CONFIG, opts=opts).arn
    recorder = aws.cfg.Recorder(
        name,
        name=RECORDER,
        region=scope.region,
        role_arn=role,
        recording_group={"all_supported": False, "resource_types": list(RECORDED)},
        opts=opts,
    )
    channel = aws.cfg.DeliveryChannel(
        name,
        name=RECORDER,
        region=scope.region,
        s3_bucket_name=bucket,
        s3_kms_key_arn=key_arn,
        opts=_after(opts, recorder),
    )
    return aws.cfg.RecorderStatus(
        name, name=recorder.name, region=scope.region, is_enabled=True, opts=_after(opts, channel)
    )


def register_rules(
    name: str,
    region: str,
    broad: tuple[str, ...],
    tags: Mapping[str, pulumi.Input[str]] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """The managed rules; AWS Config takes them only where it records."""
    for rule in managed_rules(partition_of(region).name, broad):
        aws.cfg.Rule(
            f"{name}-{rule.key}",
            name=f"{name}-{rule.key}",
            region=region,
            description=rule.description,
            source={"owner": "AWS", "source_identifier": rule.identifier},
            input_parameters=rule.parameters_json,
            tags=tags,
            opts=opts,
        )


def _after(opts: pulumi.ResourceOptions, needed: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[needed]))
