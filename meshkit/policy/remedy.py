"""What would allow a request that AWS refused.

Source: IAM User Guide, Troubleshoot access denied error messages; Policy evaluation logic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from meshkit.policy.trust import TOKEN_AUDIENCE

if TYPE_CHECKING:
    from meshkit.policy.denial import Denial, Refuser

_SESSION: Final = re.compile(
    r"arn:(?P<partition>[^:]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/.+"
)
_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.[a-z]+)?")

NAMES: Final[Mapping[Refuser | None, str]] = {
    "identity": "the identity-based policies of the caller",
    "boundary": "the permissions boundary of the caller",
    "session": "the session policy that the caller's session was begun with",
    "scp": "a service control policy of the organization",
    "rcp": "a resource control policy of the organization",
    "resource": "the resource-based policy of the resource",
    "endpoint": "the policy of the VPC endpoint that the request went through",
    "trust": "the trust policy of the role",
    "network": "the auth policy of the service network",
    "service": "the auth policy of the service",
    None: "some policy that AWS does not name",
}
_PLACES: Final[Mapping[Refuser | None, str]] = {
    "identity": "Attach a policy with this statement to {caller}:",
    "boundary": "Add this statement to the permissions boundary of {caller}, whose own policies "
    "must allow the same:",
    "session": "Add this statement to the session policy with which {caller} is taken, or pass "
    "none:",
    "scp": "Add this statement to a service control policy at each level, from the root to the "
    "account, that lacks it:",
    "rcp": "Add this statement to a resource control policy at each level that lacks it:",
    "resource": "Add this statement to the policy of {resource}:",
    "endpoint": "Add this statement to the policy of the VPC endpoint:",
    "trust": "Add this statement to the trust policy of {resource}:",
    "network": "Add this statement to the auth policy of the service network, or let a mesh file "
    "say that the caller's node has the service among its backends:",
    "service": "Add this statement to the auth policy of the service, or let a mesh file say that "
    "the caller's node has it among its backends:",
    None: "Look for this statement, in this order, in the caller's policies, its permissions "
    "boundary, the service control policies, and what the resource itself allows:",
}
_DENIES: Final = "Narrow or remove the Deny that covers it in {where}: no Allow outweighs a Deny."
_SCP_NOTE: Final = (
    "AWS words a missing Allow of a service control policy as an explicit deny too: "
    "look for both, at each level from the root to the account."
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about a refusal."""

    advice: tuple[str, ...]
    statement: Mapping[str, Any] | None = None
    """The statement that would allow the request; ``None`` where none can."""


def remedy_of(denial: Denial) -> Remedy:
    """What would allow the request that was refused."""
    if denial.explicit:
        where = denial.policy or NAMES[denial.refuser]
        named = [f"It is statement {sid}." for sid in denial.statements]
        note = [_SCP_NOTE] if denial.refuser == "scp" else []
        return Remedy((_DENIES.format(where=where), *named, *note))
    known = {
        "caller": _role(denial.caller) or denial.caller or "the caller",
        "resource": denial.resource
        or ("the role" if denial.refuser == "trust" else "the resource"),
    }
    place = _PLACES[denial.refuser].format_map(known)
    return Remedy((place,), _statement(denial))


def _statement(denial: Denial) -> dict[str, Any]:
    action = denial.action or "service:Action"
    if denial.refuser == "trust":
        return {"Effect": "Allow", **_trusted(denial, action)}
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": action,
        "Resource": denial.resource or "*",
    }
    if denial.refuser in ("resource", "network", "service"):
        statement["Principal"] = _principal(denial.caller)
    return statement


def _trusted(denial: Denial, action: str) -> dict[str, Any]:
    """Whom a role should trust; in capitals what the refusal does not tell."""
    if action.lower() != "sts:assumerolewithwebidentity":
        return {"Action": action, "Principal": _principal(denial.caller)}
    return {
        "Action": action,
        "Principal": {"Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER"},
        "Condition": {
            "StringEquals": {
                "ISSUER:aud": TOKEN_AUDIENCE,
                "ISSUER:sub": "system:serviceaccount:NAMESPACE:NAME",
            }
        },
    }


def _principal(caller: str | None) -> dict[str, str]:
    if caller is not None and _SERVICE.fullmatch(caller):
        return {"Service": caller}
    return {"AWS": _role(caller) or caller or "CALLER"}


def _role(caller: str | None) -> str | None:
    """The role of a session; where the role has a path, the session does not tell it."""
    found = _SESSION.fullmatch(caller or "")
    if found is None:
        return None
    return f"arn:{found['partition']}:iam::{found['account']}:role/{found['role']}"
