"""Principals of a policy, and what they say of a caller.

Source: IAM User Guide, AWS JSON policy elements: Principal; NotPrincipal; and Policy evaluation
logic, determining whether a request is allowed or denied within an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

from meshkit.policy.evaluation.errors import Undecidable
from meshkit.policy.evaluation.request import identity_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.policy.evaluation.request import Caller

EVERYONE = "*"

Level = Literal["account", "user", "role", "session", "federated", "root", "itself"]


class Grant(Enum):
    """How far an Allow of a resource-based policy reaches in the account of the resource."""

    DIRECT = "direct"
    """Its principal is the caller itself: what other policies do not allow is no hindrance."""
    LIMITED = "limited"
    """Its principal is the role: permissions boundary and session policies still limit it."""
    DELEGATED = "delegated"
    """Its principal is the account, whose identity policies decide."""
    UNCLEAR = "unclear"
    """It names who is not meant; AWS does not document how far that reaches."""


_GRANTS: Mapping[tuple[str, Level], Grant] = {
    ("root", "account"): Grant.DIRECT,
    ("user", "user"): Grant.DIRECT,
    ("role", "role"): Grant.LIMITED,
    ("session", "role"): Grant.LIMITED,
    ("session", "session"): Grant.DIRECT,
    ("federated", "user"): Grant.LIMITED,
    ("federated", "federated"): Grant.DIRECT,
}
"""Other callers are granted to directly where they are named, and by way of their account."""

_LEVELS: Mapping[str, frozenset[Level]] = {
    "root": frozenset({"account"}),
    "user": frozenset({"account", "user"}),
    "role": frozenset({"account", "role", "session"}),
    "session": frozenset({"account", "role", "session"}),
    "federated": frozenset({"account", "user", "federated"}),
    "other": frozenset({"account", "itself"}),
}
"""All that ``NotPrincipal`` must name for the caller to be surely meant."""


@dataclass(frozen=True, slots=True)
class Principals:
    """The element ``Principal`` or ``NotPrincipal``: texts by kind, and whether it is negated."""

    by_kind: Mapping[str, tuple[str, ...]]
    negated: bool = False

    def grant(self, caller: Caller | None) -> Grant | None:
        """How far a statement with these principals is about the caller; ``None``: not at all.

        Raises ``Undecidable`` where that can't be told.
        """
        if EVERYONE in self.by_kind.get("AWS", ()):
            return None if self.negated else Grant.DIRECT
        if caller is None:
            raise Undecidable("a policy names principals, but the request has no caller")
        named = self._named(caller)
        if self.negated:
            return self._unless(named, caller)
        if not named:
            return None
        grants = {_GRANTS.get((caller.identity.type, level), _other(level)) for level in named}
        return next(grant for grant in Grant if grant in grants)

    def _unless(self, named: set[Level], caller: Caller) -> Grant | None:
        if not named:
            return Grant.UNCLEAR
        levels = _LEVELS[caller.identity.type] if caller.kind == "AWS" else {"itself"}
        if not levels <= named:
            raise Undecidable(
                f"NotPrincipal names some but not all of {', '.join(sorted(levels))} of "
                f"{caller.arn}: AWS may look at each"
            )
        return None

    def _named(self, caller: Caller) -> set[Level]:
        """On which levels the caller is named."""
        if caller.kind == "Anonymous":
            return set()
        texts = self.by_kind.get(caller.kind, ())
        if caller.kind != "AWS":
            return {"itself"} if caller.arn in texts or EVERYONE in texts else set()
        found = {level for text in texts if (level := _level(text, caller)) is not None}
        if not found and "CanonicalUser" in self.by_kind:
            raise Undecidable("a policy names a canonical user id, which tells no account")
        return found


def _other(level: Level) -> Grant:
    return Grant.DELEGATED if level == "account" else Grant.DIRECT


def _level(text: str, caller: Caller) -> Level | None:
    """The level on which one principal of kind AWS names the caller.

    The ARN of a session does not have the path of its role, whose name is unique without it.
    """
    named, identity = identity_of(text), caller.identity
    if named.type == "root":
        return "account" if named.account == caller.account else None
    if text == caller.arn:
        return "itself" if identity.type == "other" else identity.type
    if (named.account, named.name) != (identity.account, identity.name) or named.name is None:
        return None
    if (identity.type, named.type) == ("session", "role"):
        return "role"
    if (identity.type, named.type) == ("federated", "user"):
        return "user"
    if (identity.type, named.type) == ("role", "session"):
        raise Undecidable(f"{text} is one session of the role {caller.arn}, which may have others")
    return None
