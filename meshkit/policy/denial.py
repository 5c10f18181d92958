"""What a refusal of AWS says: who was refused what, by which kind of policy, and how.

Source: IAM User Guide, Troubleshoot access denied error messages; STS API Reference,
DecodeAuthorizationMessage; ECS Developer Guide, stopped tasks error messages; VPC Lattice user
guide, how authorization works. Inferred: how VPC Lattice names the auth policy of a network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from meshkit.errors import MeshkitError

Refuser = Literal[
    "identity", "boundary", "session", "scp", "rcp", "resource", "endpoint", "trust",
    "network", "service",
]  # fmt: skip
"""The last two are layers of VPC Lattice."""

_TYPES: Final[Mapping[str, Refuser]] = {
    "identity-based policy": "identity",
    "permissions boundary": "boundary",
    "session policy": "session",
    "sessions policy": "session",
    "service control policy": "scp",
    "resource control policy": "rcp",
    "resource-based policy": "resource",
    "vpc endpoint policy": "endpoint",
    "role trust policy": "trust",
    "network-based policy": "network",
    "service-based policy": "service",
}
"""The words of AWS for each kind of policy."""

_TYPE: Final = "|".join(map(re.escape, _TYPES))
_REQUEST: Final = re.compile(
    r"(?:User: (?P<caller>\S+) is )?not authorized to perform:? "
    r'"?(?P<action>[A-Za-z0-9-]+:[A-Za-z0-9]+)"?'
    r'(?: on resource: "?(?P<resource>\S+?)"?(?=[.,;]?(?:\s|$)))?',
    re.IGNORECASE,
)
_IMPLICIT: Final = re.compile(rf"because (?:no|the) (?P<type>{_TYPE}) allows\b", re.IGNORECASE)
_EXPLICIT: Final = re.compile(
    rf"explicit deny in (?:an? |the )?(?P<type>{_TYPE})"
    rf"(?: transitively through an? (?P<through>{_TYPE}))?(?:: (?P<policy>arn:\S+))?",
    re.IGNORECASE,
)
_ECS: Final = re.compile(r"ECS was unable to assume the role '(?P<role>[^']+)'", re.IGNORECASE)
_ENCODED: Final = re.compile(
    r"(?:Encoded authorization failure message: *)?(?P<code>[A-Za-z0-9_-]{64,}={0,2})"
)
ECS_TASKS: Final = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Denial:
    """A request that AWS refused, as far as the refusal tells."""

    action: str | None = None
    resource: str | None = None
    caller: str | None = None
    """ARN of who asked, or a service's principal."""
    refuser: Refuser | None = None
    """The kind of policy that refused."""
    explicit: bool | None = None
    """Whether by a Deny; else by the lack of an Allow."""
    policy: str | None = None
    """ARN of the policy that refused."""
    statements: tuple[str, ...] = ()
    """The Sids of statements that matched, where a decoded message has them."""


def denial_of(text: str) -> Denial:
    """What an AccessDenied text or a decoded authorization message says.

    Raises ``MeshkitError`` for a text that is no refusal.
    """
    told = " ".join(text.split())
    if told.startswith("{"):
        return _decoded(told)
    if ecs := _ECS.search(told):
        return Denial("sts:AssumeRole", ecs["role"], ECS_TASKS, "trust", explicit=None)
    request = _REQUEST.search(told)
    if request is None:
        raise MeshkitError(
            "this is no refusal that AWS documents: give the whole text, which says who is not "
            "authorized to perform what, or an encoded or decoded authorization message"
        )
    return Denial(
        action=request["action"],
        resource=request["resource"],
        caller=request["caller"],
        **_refuser(told, request["action"]),
    )


def encoded_in(text: str) -> str | None:
    """The encoded authorization message in a text, or that it is as a whole."""
    told = " ".join(text.split())
    found = _ENCODED.search(told) if "ncoded authorization" in told else _ENCODED.fullmatch(told)
    return found["code"] if found else None


def _refuser(told: str, action: str) -> dict[str, Any]:
    if explicit := _EXPLICIT.search(told):
        kind = (explicit["through"] or explicit["type"]).lower()
        policy = explicit["policy"]
        return {
            "refuser": _TYPES[kind],
            "explicit": True,
            "policy": policy.rstrip(".,;") if policy else None,
        }
    if implicit := _IMPLICIT.search(told):
        return {"refuser": _TYPES[implicit["type"].lower()], "explicit": False}
    # STS names no policy where a token is refused: nothing but the trust policy is asked.
    by_token = action.lower().startswith("sts:assumerolewith")
    return {"refuser": "trust" if by_token else None}


def _decoded(told: str) -> Denial:
    """A decoded message, or the answer of STS that contains it."""
    data = _object(told)
    inner = data.get("DecodedMessage")
    if isinstance(inner, str):
        data = _object(inner)
    context = data.get("context")
    if data.get("allowed") is not False or not isinstance(context, Mapping):
        raise MeshkitError("this is no decoded message of a refusal: it lacks allowed and context")
    principal = context.get("principal")
    matched = _items(data.get("matchedStatements"))
    explicit = data.get("explicitDeny")
    return Denial(
        action=_text(context.get("action")),
        resource=_text(context.get("resource")),
        caller=_text(principal.get("arn")) if isinstance(principal, Mapping) else None,
        explicit=explicit if isinstance(explicit, bool) else None,
        statements=tuple(
            sid for each in matched if (sid := _text(each.get("statementId"))) is not None
        ),
    )


def _object(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, Mapping):
        raise MeshkitError("this is no decoded message: not a JSON object")
    return data


def _items(value: Any) -> list[Mapping[str, Any]]:
    items = value.get("items") if isinstance(value, Mapping) else None
    return [each for each in items or () if isinstance(each, Mapping)]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
