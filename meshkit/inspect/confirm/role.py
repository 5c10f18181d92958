"""A role as IAM has it: its trust policy, its policies, its permissions boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from meshkit.inspect.confirm.aws import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.confirm.aws import Account

NOT_THERE = "NoSuchEntity"
"""IAM's error code for what it does not have."""


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """A policy of a role."""

    label: str
    """``inline policy NAME``, ``policy ARN``."""
    document: Mapping[str, Any]
    arn: str | None = None
    """``None`` for an inline policy."""


@dataclass(frozen=True, slots=True)
class IamRole:
    """A role and all that decides what it may do."""

    name: str
    arn: str
    trust: Mapping[str, Any]
    policies: tuple[RolePolicy, ...]
    """Inline ones first, then those attached."""
    boundary: RolePolicy | None
    tags: Mapping[str, str]


def read(account: Account, arn: str) -> IamRole:
    """Read a role of an account.

    Raises ``RefusedError``, with the code `NOT_THERE` where there is none of that name.
    """
    name = arn.rpartition("/")[2]
    role = account.ask("iam", "get_role", RoleName=name)["Role"]
    inline = account.ask_all("iam", "list_role_policies", "PolicyNames", RoleName=name)
    listed = "list_attached_role_policies"
    attached = account.ask_all("iam", listed, "AttachedPolicies", RoleName=name)
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return IamRole(
        name=name,
        arn=role["Arn"],
        trust=role["AssumeRolePolicyDocument"],
        policies=(
            *(_inline(account, name, each) for each in inline),
            *(_managed(account, each["PolicyArn"]) for each in attached),
        ),
        boundary=_managed(account, boundary) if boundary else None,
        tags={each["Key"]: each["Value"] for each in role.get("Tags", ())},
    )


def _inline(account: Account, role: str, name: str) -> RolePolicy:
    answer = account.ask("iam", "get_role_policy", RoleName=role, PolicyName=name)
    return RolePolicy(f"inline policy {name}", answer["PolicyDocument"])


def _managed(account: Account, arn: str) -> RolePolicy:
    try:
        version = account.ask("iam", "get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
        answer = account.ask("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
    except RefusedError as error:
        if error.code != NOT_THERE:
            raise
        return RolePolicy(f"policy {arn} (which is not there)", NOTHING, arn)
    return RolePolicy(f"policy {arn}", answer["PolicyVersion"]["Document"], arn)


NOTHING: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "NotAction": "*", "Resource": "*"},
}
"""A policy that allows nothing: what a permissions boundary is whose policy is gone."""
