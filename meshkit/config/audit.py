"""The audit trail around the mesh. Source: CloudTrail, CloudWatch Logs and AWS Config APIs."""

from typing import Annotated, Literal

from pydantic import Field

from meshkit.config.types import Arn, Model, Seq, Tags

TrailName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9]([._-]?[A-Za-z0-9])+$", min_length=3, max_length=128)
]
BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
LogGroupName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_/.#-]{1,512}$")]
RecorderName = Annotated[str, Field(min_length=1, max_length=256)]
RolePattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@*-]{1,64}$")]
Retention = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
]  # fmt: skip


class ExistingTrail(Model):
    """A trail that is there already."""

    arn: Arn
    """ARN of the trail, of the account of the audit."""
    log_group: LogGroupName | None = None
    """Name of the log group to which it delivers, in the mesh's region. Without it there are no
    alarms."""


class ExistingBucket(Model):
    """A bucket that is there already, whose policy lets the trail write."""

    name: BucketName


class ExistingRecorder(Model):
    """A recorder of AWS Config that is there already."""

    name: RecorderName


class Audit(Model):
    """Who did what: a trail with its bucket, key and log group, alarms, and AWS Config.

    It is in the mesh owner's account, or in the organization's management account.
    """

    organization: bool = False
    """Whether the trail tells of all accounts of the organization; it is the management account's
    then. Otherwise it tells of the mesh owner's alone."""
    name: TrailName | None = None
    """Name of the trail. Default: the mesh's name and ``-audit``."""
    log_group: LogGroupName | None = None
    """Name of its log group. Default: ``/meshkit/`` and the trail's name."""
    retention_days: Retention = 365
    """How long the log group keeps events. The bucket keeps all."""
    trail: ExistingTrail | None = None
    """An existing trail to use, instead of making one."""
    bucket: ExistingBucket | None = None
    """An existing bucket for the trail to write to, instead of making one."""
    config: bool = True
    """Whether AWS Config keeps the history of roles and checks them."""
    recorder: ExistingRecorder | None = None
    """An existing recorder to use: an account has one in a region."""
    service_linked_role: bool = True
    """Whether to make the role of AWS Config, AWSServiceRoleForConfig. An account has one."""
    topics: Seq[Arn] = ()
    """ARNs of the SNS topics that hear of alarms, of the mesh's region."""
    roles: Seq[RolePattern] = ()
    """Names of roles whose changes raise an alarm; ``*`` stands for any text. Default: those of the
    file's proxies and operators of which the trail tells."""
    protect: bool = False
    """Whether Pulumi refuses to delete trail, bucket and key."""
    tags: Tags = {}
