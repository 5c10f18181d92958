"""Who is behind an access key, as CloudTrail tells it.

Source: CloudTrail User Guide, userIdentity element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam.models import get_account_id_from, iam_backends
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from meshkit.local.services.sts import session_of


@dataclass(frozen=True)
class Identity:
    """The caller of a request."""

    account: str
    username: str
    """What `LookupEvents` shows: the name of a user, or that of a role's session."""
    element: dict[str, Any]
    """The `userIdentity` of an event."""


def identity_of(key: str, region: str) -> Identity:
    """Return who has an access key. Keys that IAM does not know act as the account itself."""
    if not key:
        return Identity("", "", {})
    account, partition = get_account_id_from(key), get_partition(region)
    known = iam_backends[account][partition].access_keys.get(key)
    if known is not None and known.role_arn:
        return _session(key, known.role_arn, account, partition)
    if known is not None and known.user_name:
        return _user(key, known.user_name, account, partition)
    arn = f"arn:{partition}:iam::{account}:root"
    return Identity(account, "root", _element("Root", account, arn, account, key))


def seen_from(identity: Identity, account: str, answered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `userIdentity` of an event that an account is told.

    Another account than the caller's is told no more than whose the caller is. Who has no key signs
    in by a token, of which the answer tells.
    """
    if not identity.account:
        return _federated(answered)
    if account == identity.account:
        return identity.element
    principal = identity.element["principalId"]
    return {"type": "AWSAccount", "principalId": principal, "accountId": identity.account}


def _federated(answered: Mapping[str, Any]) -> dict[str, Any]:
    if "subjectFromWebIdentityToken" in answered:
        kind, name = "WebIdentityUser", answered["subjectFromWebIdentityToken"]
        provider = answered["provider"]
        principal = f"{provider}:{answered['audience']}:{name}"
    elif "nameQualifier" in answered:
        kind, name = "SAMLUser", answered["subject"]
        provider = answered["nameQualifier"]
        principal = f"{provider}:{name}"
    else:
        return {"type": "Unknown"}
    return {
        "type": kind,
        "principalId": principal,
        "userName": name,
        "identityProvider": provider,
    }


def _session(key: str, role_arn: str, account: str, partition: str) -> Identity:
    sessions = reversed(sts_backends[account][partition].assumed_roles)
    session = next((each.session_name for each in sessions if each.access_key_id == key), "")
    role = role_arn.rpartition("/")[2]
    id_ = _role_id(role, account, partition)
    arn = f"arn:{partition}:sts::{account}:assumed-role/{role}/{session}"
    element = _element("AssumedRole", f"{id_}:{session}", arn, account, key)
    issuer = {
        "type": "Role",
        "principalId": id_,
        "arn": role_arn,
        "accountId": account,
        "userName": role,
    }
    context: dict[str, Any] = {"sessionIssuer": issuer}
    known = session_of(key, account, partition)
    if known is not None and known.source_identity:
        context["sourceIdentity"] = known.source_identity
    return Identity(account, session, {**element, "sessionContext": context})


def _user(key: str, name: str, account: str, partition: str) -> Identity:
    user = iam_backends[account][partition].users.get(name)
    arn = user.arn if user else f"arn:{partition}:iam::{account}:user/{name}"
    element = _element("IAMUser", user.id if user else name, arn, account, key)
    return Identity(account, name, {**element, "userName": name})


def _role_id(name: str, account: str, partition: str) -> str:
    """Return the id of a role. The local cloud lets roles be assumed that it does not have."""
    roles = iam_backends[account][partition].roles.values()
    return next((str(role.id) for role in roles if role.name == name), "AROA")


def _element(kind: str, principal: str, arn: str, account: str, key: str) -> dict[str, Any]:
    return {
        "type": kind,
        "principalId": principal,
        "arn": arn,
        "accountId": account,
        "accessKeyId": key,
    }
