"""The policy of a resource, where it has one that decides with the caller's.

Source: IAM User Guide, How permissions and policies provide access management; KMS Developer Guide,
Key policies: without them no identity-based policy counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from moto.iam.models import Role, iam_backends

from meshkit.local.enforcement import sts
from meshkit.local.enforcement.need import Asked, Need
from meshkit.local.enforcement.policies import parsed
from meshkit.policy.evaluation import Policy


@dataclass(frozen=True)
class Attached:
    """The policy of a resource. `must` says that it has to allow, whatever others do."""

    policy: Policy
    kind: Literal["resource", "trust"]
    must: bool


def attached(asked: Asked, need: Need) -> Attached | None:
    """Return the policy of the resource of a request."""
    if need.action.startswith("sts:") and asked.name in sts.TAKING:
        role = role_of(need.resource)
        if role is not None:
            return Attached(parsed(role.assume_role_policy_document, "trust"), "trust", must=True)
    return None


def role_of(arn: str) -> Role | None:
    """Return the role with an ARN."""
    parts = arn.split(":")
    if len(parts) < 6 or not parts[4].isdigit():
        return None
    roles = iam_backends[parts[4]][parts[1]].roles.values()
    return next((role for role in roles if role.arn == arn), None)
