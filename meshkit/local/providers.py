"""Where a provider's resources go: account, region and default tags."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import boto3

from meshkit.local.resources.model import Aws, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/.+")


@dataclass(frozen=True)
class Role:
    """A role that a provider assumes."""

    arn: str
    session_name: str = "meshkit"
    external_id: str | None = field(default=None, repr=False)
    policy: str | None = None

    @property
    def request(self) -> dict[str, str]:
        """The parameters of AssumeRole."""
        given = {"ExternalId": self.external_id, "Policy": self.policy}
        return {
            "RoleArn": self.arn,
            "RoleSessionName": self.session_name,
            **{name: value for name, value in given.items() if value},
        }


class AnyCloud(Protocol):
    """A local cloud, in this process or over HTTP; account and region are the default ones."""

    @property
    def account(self) -> str: ...  # noqa: D102 - told above

    @property
    def region(self) -> str: ...  # noqa: D102 - told above

    def client(
        self,
        service: str,
        account: str | None = None,
        region: str | None = None,
        roles: tuple[Role, ...] = (),
    ) -> Any:
        """Return a boto3 client of a service, with what the last of the roles may do."""


@dataclass(frozen=True)
class Provider:
    """A configured `pulumi:providers:aws`."""

    account: str
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()

    def aws(self, cloud: AnyCloud, region: str | None = None) -> Aws:
        """Return the account and region that a resource's calls go to.

        `region` is a resource's own region. Raises RefusedError for one that AWS doesn't have.
        """
        region = region or self.region
        return Aws(
            client=partial(cloud.client, account=self.account, region=region, roles=self.roles),
            account=self.account,
            region=region,
            partition=partition_of(region),
            default_tags=self.default_tags,
        )


def configured(cloud: AnyCloud, inputs: Mapping[str, Any]) -> Provider:
    """Return the provider that these inputs, or `aws:` config, describe.

    Nested inputs may be JSON text, as the SDK sends them. The account is that of the last role
    assumed; without one it is the cloud's. Raises RefusedError for a role or region that can't be.
    """
    roles = roles_of(inputs)
    tags = (_nested(inputs.get("defaultTags")) or {}).get("tags") or {}
    provider = Provider(
        account=_account(roles[-1].arn) if roles else cloud.account,
        region=str(inputs.get("region") or _region_of_environment() or cloud.region),
        default_tags=tags,
        roles=roles,
    )
    partition_of(provider.region)
    _check_account(provider.account, inputs)
    return provider


def roles_of(inputs: Mapping[str, Any]) -> tuple[Role, ...]:
    """Return the roles that a provider's inputs, or `aws:` config, name."""
    given = _nested(inputs.get("assumeRoles")) or _nested(inputs.get("assumeRole")) or []
    listed = given if isinstance(given, list) else [given]
    return tuple(
        Role(
            arn,
            each.get("sessionName") or "meshkit",
            each.get("externalId") or each.get("external_id"),
            each.get("policy"),
        )
        for each in listed
        if (arn := (each or {}).get("roleArn") or (each or {}).get("role_arn"))
    )


def partition_of(region: str) -> str:
    """Return the partition of an AWS region. Raises RefusedError for an unknown one."""
    if region not in _PARTITIONS:
        session = boto3.session.Session()
        for partition in session.get_available_partitions():
            for name in session.get_available_regions("ec2", partition):
                _PARTITIONS[name] = partition
    if region not in _PARTITIONS:
        msg = f"AWS has no region {region!r}"
        raise RefusedError("InvalidRegion", msg)
    return _PARTITIONS[region]


_PARTITIONS: dict[str, str] = {}


def _account(arn: str) -> str:
    match = ROLE_ARN.fullmatch(arn)
    if match is None:
        msg = f"cannot assume {arn!r}: a role's ARN is arn:PARTITION:iam::ACCOUNT:role/NAME"
        raise RefusedError("InvalidRoleArn", msg)
    return match[1]


def _check_account(account: str, inputs: Mapping[str, Any]) -> None:
    allowed = _nested(inputs.get("allowedAccountIds")) or [account]
    forbidden = _nested(inputs.get("forbiddenAccountIds")) or []
    if account not in allowed or account in forbidden:
        msg = f"the provider does not allow account {account}"
        raise RefusedError("AccountNotAllowed", msg)


def _nested(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value


def _region_of_environment() -> str | None:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
