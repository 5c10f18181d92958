"""The resources and condition keys of requests to STS.

Source: Service Authorization Reference, AWS Security Token Service.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from moto.iam.models import iam_backends

from meshkit.local.enforcement.need import Asked, Finder, Need
from meshkit.local.services.errors import ApiError
from meshkit.policy.evaluation.request import Value

FREE: Final = frozenset({"GetCallerIdentity", "GetSessionToken"})
"""What needs no permission. Source: STS API Reference, GetCallerIdentity and GetSessionToken."""
BY_TRUST: Final = frozenset({"sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"})
"""Actions on a role that its trust policy must allow."""


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


def more(asked: Asked, needs: Iterable[Need]) -> Iterator[Need]:
    """Ask for session tags and for the source identity that a session begins with.

    Source: IAM User Guide, Pass session tags in AWS STS; Monitor and control actions taken with
    assumed roles.
    """
    session = asked.signer.session
    for need in needs:
        yield need
        if asked.name in ("AssumeRole", "GetFederationToken") and asked.params.get("Tags"):
            yield Need("sts:TagSession", need.resource, need.keys)
        source = asked.params.get("SourceIdentity") or (session and session.source_identity)
        if asked.name == "AssumeRole" and source:
            keys = {**need.keys, "sts:SourceIdentity": source}
            yield Need("sts:SetSourceIdentity", need.resource, keys)


def require_device(asked: Asked) -> None:
    """Raise an `ApiError` for a code of a device that is not the user's; the code is believed."""
    if "TokenCode" not in asked.params:
        return
    users = iam_backends[asked.account][asked.partition].users.values()
    user = next((each for each in users if each.arn == asked.signer.principal), None)
    if user is None or asked.params.get("SerialNumber") not in user.mfa_devices:
        message = (
            "MultiFactorAuthentication failed, unable to validate MFA code. "
            "Please verify your MFA serial number is valid and associated with this user."
        )
        raise ApiError("AccessDenied", message)
