"""Roles with which programs are deployed, as they are in AWS before the first program runs."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.models import iam_backends

from meshkit.errors import UnreadableError

DEPLOYER = "LocalDeployer"
"""The role with which programs are deployed that assume no other, where IAM is enforced."""
_VERSION = "2012-10-17"
_ADMINISTRATOR = json.dumps(
    {"Version": _VERSION, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
"""What AdministratorAccess says; moto would load all 1,500 policies of AWS to attach it."""


def make_deployer(arn: str, trusted: str, policy: str | None) -> None:
    """Make a role that an account may assume, unless it is there.

    It has `policy`, a JSON text; without one it is an administrator, as the role is that
    Organizations makes in each account. Raises `UnreadableError` for a policy that IAM refuses.
    """
    _, partition, _, _, account, resource = arn.split(":")
    path, _, name = resource.removeprefix("role").rpartition("/")
    iam = iam_backends[account][partition]
    if any(role.name == name for role in iam.roles.values()):
        return
    iam.create_role(
        role_name=name,
        assume_role_policy_document=json.dumps(_trust(f"arn:{partition}:iam::{trusted}:root")),
        path=f"{path}/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    try:
        iam.put_role_policy(name, "deployer", policy or _ADMINISTRATOR)
    except MalformedPolicyDocument as error:
        raise UnreadableError(f"the deployer's policy: {error.message}") from None


def make_administrator(account: str, partition: str, name: str) -> None:
    """Let a role do everything, as the one can that Organizations makes in each account."""
    iam_backends[account][partition].put_role_policy(name, "administrator", _ADMINISTRATOR)


def _trust(principal: str) -> dict[str, Any]:
    actions = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions}
    return {"Version": _VERSION, "Statement": [statement]}
