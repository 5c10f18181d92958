"""The condition keys of a request: those given, and those that its caller tells.

Source: IAM User Guide, AWS global condition context keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.policy.evaluation.errors import Undecidable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.policy.evaluation.request import Caller, Value

_ALWAYS = frozenset({"aws:currenttime", "aws:epochtime", "aws:securetransport"})
"""Keys that every request has, so that one not given is not absent but unknown."""
_OF_CALLERS = frozenset(
    {"aws:principalarn", "aws:principalaccount", "aws:principalisawsservice", "aws:userid"}
)
"""Keys that every request of a signed-in caller has."""


class Context:
    """The values of condition keys, by name without case."""

    def __init__(
        self, given: Mapping[str, Value], caller: Caller | None, *, complete: bool
    ) -> None:
        self._values = {**_told(caller), **{key.lower(): _texts(given[key]) for key in given}}
        self._unknown = _ALWAYS
        if caller is None or caller.kind != "Anonymous":
            self._unknown |= _OF_CALLERS
        self._complete = complete

    def values(self, key: str) -> tuple[str, ...] | None:
        """The values of a key, ``None`` where the request lacks it.

        Raises ``Undecidable`` where nobody said whether the request has it.
        """
        values = self._values.get(key.lower())
        if values is None and (not self._complete or key.lower() in self._unknown):
            raise Undecidable(f'the request does not tell its context key "{key}": give it')
        return values


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return (value,) if isinstance(value, str) else tuple(value)


def _told(caller: Caller | None) -> dict[str, tuple[str, ...]]:
    """What the caller alone tells. The ARN of a session does not tell that of its role."""
    if caller is None:
        return {}
    if caller.kind == "Anonymous":
        return {"aws:username": ()}
    told: dict[str, tuple[str, ...]] = {
        "aws:principalisawsservice": ("true" if caller.kind == "Service" else "false",)
    }
    if caller.account is not None:
        told["aws:principalaccount"] = (caller.account,)
    if caller.kind == "Service" and caller.arn is not None:
        told["aws:principalservicename"] = (caller.arn,)
    identity = caller.identity
    if identity.type in ("user", "role", "root", "federated") and caller.arn is not None:
        told["aws:principalarn"] = (caller.arn,)
    if identity.type == "user" and identity.name is not None:
        told["aws:username"] = (identity.name,)
    elif identity.type != "other" or caller.kind != "AWS":
        told["aws:username"] = ()  # only a user has one
    return told
