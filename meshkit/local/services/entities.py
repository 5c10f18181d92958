"""The policies of IAM's users, groups and roles, as IAM would evaluate them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, ManagedPolicy, Role, iam_backends

from meshkit.local.services.errors import ApiError
from meshkit.local.services.organization import ancestors, organization_of

_ENTITY = re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):(?P<kind>user|group|role)/(?P<name>.+)")
_SCP = "SERVICE_CONTROL_POLICY"
NOTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"*","Resource":"*"}}'
"""A policy that allows nothing, in place of one that is gone or that nobody gave."""


@dataclass(frozen=True)
class Source:
    """A policy, by the name that a simulation gives it."""

    id: str
    document: str


@dataclass(frozen=True)
class Entity:
    """A user, group or role with all policies that limit it."""

    id: str
    """That of no other, not even of one that has its name later."""
    arn: str
    kind: str
    account: str
    policies: tuple[Source, ...]
    boundary: Source | None


def entity(arn: str, account: str, partition: str) -> Entity:
    """Return a user, group or role of an account.

    Raises an `ApiError`: `InvalidInput` for an ARN of something else, `NoSuchEntity`.
    """
    found = _ENTITY.fullmatch(arn)
    if found is None:
        message = f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
        raise ApiError("InvalidInput", message)
    kind, name = found["kind"], found["name"].rpartition("/")[2]
    iam: IAMBackend = iam_backends[account][partition]
    held = _held(iam, kind, name) if found["account"] == account else None
    if held is None or held.arn != arn:
        raise ApiError("NoSuchEntity", f"The {kind} with name {name} cannot be found.")
    policies = [*_policies(kind, name, held)]
    if kind == "user":
        for group in iam.get_groups_for_user(name):
            policies += _policies("group", group.name, group)
    return Entity(str(held.id), arn, kind, account, tuple(policies), _boundary(iam, held))


def role_of(arn: str) -> Role | None:
    """Return the role with an ARN."""
    found = _ENTITY.fullmatch(arn)
    if found is None:
        return None
    roles = iam_backends[found["account"]][arn.split(":")[1]].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def organization_policies(account: str, partition: str) -> tuple[tuple[Source, ...], ...] | None:
    """Return the service control policies above an account, a tuple for each level.

    `None` where none limit it: it is in no organization, manages it, or the organization does not
    use them. Source: Organizations User Guide, SCP effects on permissions.
    """
    organization = organization_of(account, partition)
    if organization is None or organization.org is None:
        return None
    root = organization.ou[0]
    used = any(each["Type"] == _SCP for each in getattr(root, "policy_types", ()))
    if not used or organization.org.master_account_id == account:
        return None
    above = ancestors(account, organization)
    units = [unit for unit in organization.ou if unit.id in above]
    own = [each for each in organization.accounts if each.id == account]
    return tuple(tuple(_control_policies(each)) for each in (*units, *own))


def _control_policies(target: Any) -> Iterator[Source]:
    for policy in target.attached_policies:
        if policy.type == _SCP:
            yield Source(policy.name, policy.content)


def _held(iam: IAMBackend, kind: str, name: str) -> Any:
    try:
        return getattr(iam, f"get_{kind}")(name)
    except NotFoundException:
        return None


def _policies(kind: str, name: str, held: Any) -> Iterator[Source]:
    """Inline and attached policies, by the ids that AWS's samples show."""
    for policy, document in held.policies.items():
        yield Source(f"{kind}_{name}_{policy}", document)
    yield from _managed(held.managed_policies.values())


def _managed(policies: Iterable[ManagedPolicy]) -> Iterator[Source]:
    for policy in policies:
        yield Source(policy.name, _document(policy))


def _document(policy: ManagedPolicy) -> str:
    version = next(each for each in policy.versions if each.version_id == policy.default_version_id)
    return str(version.document)


def _boundary(iam: IAMBackend, held: Any) -> Source | None:
    arn = getattr(held, "permissions_boundary_arn", None)
    if arn is None:
        return None
    if arn not in iam.managed_policies:
        return Source(arn.rpartition("/")[2], NOTHING)
    policy = iam.managed_policies[arn]
    return Source(policy.name, _document(policy))
