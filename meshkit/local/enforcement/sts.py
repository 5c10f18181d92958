"""The resources and condition keys of requests to STS.

Source: Service Authorization Reference, AWS Security Token Service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from meshkit.local.enforcement.need import Asked, Finder
from meshkit.policy.evaluation.request import Value

FREE: Final = frozenset({"GetCallerIdentity", "GetSessionToken"})
"""What needs no permission. Source: STS API Reference, GetCallerIdentity and GetSessionToken."""
TAKING: Final = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
"""What takes a role, so that its trust policy must allow it."""


def _roles(asked: Asked) -> Iterator[str]:
    yield from asked.given("RoleArn")


def _federated(asked: Asked) -> Iterator[str]:
    if asked.name == "GetFederationToken":
        name = asked.params["Name"]
        yield f"arn:{asked.partition}:sts::{asked.account}:federated-user/{name}"


def _roots(asked: Asked) -> Iterator[str]:
    if (account := asked.params.get("TargetPrincipal")) is not None:
        yield f"arn:{asked.partition}:iam::{account}:root"


RESOURCES: Mapping[str, Finder] = {
    "federated-user": _federated,
    "role": _roles,
    "root-user": _roots,
}

NAMES: Final = {
    "sts:DurationSeconds": "DurationSeconds",
    "sts:ExternalId": "ExternalId",
    "sts:RoleSessionName": "RoleSessionName",
    "sts:SourceIdentity": "SourceIdentity",
    "sts:TaskPolicyArn": "TaskPolicyArn",
}
COMPUTED: Final = frozenset({*map(str.lower, NAMES), "sts:transitivetagkeys"})


def keys(asked: Asked, _: str) -> Mapping[str, Value]:
    """Return the condition keys of STS that a request has."""
    found: dict[str, Value] = {
        key: str(asked.params[name]) for key, name in NAMES.items() if name in asked.params
    }
    if "TokenCode" in asked.params:
        found |= {"aws:MultiFactorAuthPresent": True, "aws:MultiFactorAuthAge": "0"}
    if transitive := asked.given("TransitiveTagKeys"):
        found["sts:TransitiveTagKeys"] = tuple(transitive)
    return found
