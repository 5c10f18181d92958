"""The policies around an audit trail: of its bucket, its key and the role that delivers its log.

Each lets in the service that works there, for this trail and this account alone. Source: CloudTrail
User Guide, S3 bucket policy, KMS key policy and role policy for CloudTrail; AWS Config Developer
Guide, permissions for the delivery channel; CloudWatch Logs User Guide, encrypt log data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Principal, Statement
from meshkit.topology.audit import TRAIL
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.policy.document import Text

CLOUDTRAIL: Final = "cloudtrail.amazonaws.com"
CONFIG: Final = "config.amazonaws.com"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ORGANIZATION: Final = re.compile(r"o-[a-z0-9]{10,32}")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_GROUP: Final = re.compile(r"[A-Za-z0-9_/.#-]{1,512}")
_ADMINISTRATION: Final = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:Describe*",
    "kms:Disable*",
    "kms:Enable*",
    "kms:Get*",
    "kms:List*",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:Update*",
)
"""What the account does with the key besides reading what it encrypts; it encrypts nothing."""
_WRITES: Final = (
    "s3:BypassGovernanceRetention",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "s3:RestoreObject",
)
_FULL_CONTROL: Final = Condition("StringEquals", "s3:x-amz-acl", ("bucket-owner-full-control",))


@dataclass(frozen=True, kw_only=True)
class TrailScope:
    """Where a trail is. Raises ``MeshkitError`` for a name that AWS does not take."""

    account: str
    """Id of the account that has the trail; for an organization's, the management account."""
    region: str
    """The trail's home region."""
    trail: str
    """Name of the trail."""
    bucket: str
    """Name of its bucket."""
    log_group: str
    """Name of its log group."""
    organization: str | None = None
    """Id of the organization of whose accounts the trail tells. Default: its own account."""
    records: bool = True
    """Whether AWS Config delivers into the bucket as well."""

    def __post_init__(self) -> None:
        for what, pattern in (
            ("account", _ACCOUNT),
            ("trail", TRAIL),
            ("bucket", _BUCKET),
            ("log_group", _GROUP),
        ):
            if not pattern.fullmatch(getattr(self, what)):
                raise MeshkitError(f'{what}: AWS takes no name "{getattr(self, what)}"')
        if self.organization is not None and not _ORGANIZATION.fullmatch(self.organization):
            raise MeshkitError(f'organization: "{self.organization}" is none: give o-… of it')

    @property
    def partition(self) -> str:
        """Name of the region's partition."""
        return partition_of(self.region).name

    @property
    def trail_arn(self) -> str:
        """ARN of the trail, known before it is there."""
        return f"{self._place('cloudtrail')}:trail/{self.trail}"

    @property
    def bucket_arn(self) -> str:
        """ARN of its bucket."""
        return f"arn:{self.partition}:s3:::{self.bucket}"

    @property
    def log_group_arn(self) -> str:
        """ARN of its log group, without the ``:*`` that CloudTrail wants behind it."""
        return f"{self._place('logs')}:log-group:{self.log_group}"

    @property
    def root_arn(self) -> str:
        """Everybody in the account to whom IAM gives it."""
        return f"arn:{self.partition}:iam::{self.account}:root"

    def _place(self, service: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}"


def bucket_document(scope: TrailScope) -> Document:
    """The bucket's policy: nobody but the trail, and AWS Config for its account, writes a log."""
    everything = (scope.bucket_arn, f"{scope.bucket_arn}/*")
    return Document(
        (
            Statement(
                effect="Deny",
                sid="EncryptedTransportOnly",
                actions=("s3:*",),
                resources=everything,
                principal=Principal("AWS", "*"),
                conditions=(Condition("Bool", "aws:SecureTransport", ("false",)),),
            ),
            Statement(
                effect="Deny",
                sid="NobodyChangesALog",
                actions=_WRITES,
                resources=(f"{scope.bucket_arn}/*",),
                principal=Principal("AWS", "*"),
                conditions=(Condition("Bool", "aws:PrincipalIsAWSService", ("false",)),),
            ),
            *_trail_access(scope),
            *(_config_access(scope) if scope.records else ()),
        )
    )


def _trail_access(scope: TrailScope) -> Iterator[Statement]:
    trail, source = Principal("Service", CLOUDTRAIL), _source(scope)
    yield Statement(
        sid="TrailLooksAtBucket",
        actions=("s3:GetBucketAcl",),
        resources=(scope.bucket_arn,),
        principal=trail,
        conditions=(source,),
    )
    # An organization's trail writes the logs of its own account under the account's id as well.
    places = [each for each in (scope.account, scope.organization) if each]
    yield Statement(
        sid="TrailWritesLogs",
        actions=("s3:PutObject",),
        resources=tuple(f"{scope.bucket_arn}/AWSLogs/{place}/*" for place in places),
        principal=trail,
        conditions=(source, _FULL_CONTROL),
    )


def _config_access(scope: TrailScope) -> Iterator[Statement]:
    config, source = Principal("Service", CONFIG), _own_account(scope)
    yield Statement(
        sid="ConfigLooksAtBucket",
        actions=("s3:GetBucketAcl", "s3:ListBucket"),
        resources=(scope.bucket_arn,),
        principal=config,
        conditions=(source,),
    )
    yield Statement(
        sid="ConfigWritesSnapshots",
        actions=("s3:PutObject",),
        resources=(f"{scope.bucket_arn}/AWSLogs/{scope.account}/Config/*",),
        principal=config,
        conditions=(source, _FULL_CONTROL),
    )


def key_document(scope: TrailScope) -> Document:
    """The key's policy: the services of this trail encrypt; the account administers and reads."""
    return Document(
        (
            Statement(
                sid="AccountAdministers",
                actions=_ADMINISTRATION,
                resources=("*",),
                principal=Principal("AWS", scope.root_arn),
            ),
            Statement(
                sid="AccountReads",
                actions=("kms:Decrypt",),
                resources=("*",),
                principal=Principal("AWS", scope.root_arn),
            ),
            *_encryption(scope),
        )
    )


def _encryption(scope: TrailScope) -> Iterator[Statement]:
    trails = f"arn:{scope.partition}:cloudtrail:*:{scope.account}:trail/*"
    context = Condition("StringLike", "kms:EncryptionContext:aws:cloudtrail:arn", (trails,))
    trail = Principal("Service", CLOUDTRAIL)
    yield _key_use("TrailEncrypts", trail, ("kms:GenerateDataKey*",), _source(scope), context)
    yield _key_use("TrailLooksAtKey", trail, ("kms:Decrypt", "kms:DescribeKey"), _source(scope))
    logs = Principal("Service", f"logs.{scope.region}.{partition_of(scope.region).dns_suffix}")
    group = Condition("ArnEquals", "kms:EncryptionContext:aws:logs:arn", (scope.log_group_arn,))
    uses = (
        "kms:Decrypt",
        "kms:Describe*",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
    )
    yield _key_use("LogGroupEncrypts", logs, uses, group)
    if scope.records:
        config = Principal("Service", CONFIG)
        source = _own_account(scope)
        yield _key_use("ConfigEncrypts", config, ("kms:Decrypt", "kms:GenerateDataKey"), source)


def _key_use(
    sid: str, principal: Principal, actions: tuple[Text, ...], *conditions: Condition
) -> Statement:
    # A key's own policy names it with a star.
    return Statement(
        sid=sid, actions=actions, resources=("*",), principal=principal, conditions=conditions
    )


def delivery_trust() -> Document:
    """Who takes the role that writes the log group: CloudTrail.

    It sends neither aws:SourceArn nor aws:SourceAccount here, so that a condition on them would
    stop the delivery. Source: CloudTrail User Guide, role policy for CloudWatch Logs.
    """
    trail = Principal("Service", CLOUDTRAIL)
    return Document((Statement(actions=("sts:AssumeRole",), principal=trail),))


def delivery_document(scope: TrailScope) -> Document:
    """What that role may do: write the trail's streams, whose names begin with whose they are."""
    streams = tuple(
        f"{scope.log_group_arn}:log-stream:{name}_CloudTrail_{scope.region}*"
        if name == scope.account
        else f"{scope.log_group_arn}:log-stream:{name}_*"
        for name in (scope.account, scope.organization)
        if name
    )
    return Document(
        (Statement(actions=("logs:CreateLogStream", "logs:PutLogEvents"), resources=streams),)
    )


def _source(scope: TrailScope) -> Condition:
    return Condition("StringEquals", "aws:SourceArn", (scope.trail_arn,))


def _own_account(scope: TrailScope) -> Condition:
    return Condition("StringEquals", "aws:SourceAccount", (scope.account,))
