"""What the conditions of a trust statement bind a caller to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.policy.evaluation import Statement

Binding = Literal["bound", "unbound", "wrong"]
_EXACT = ("StringEquals", "StringEqualsIgnoreCase")
_LIKE = ("StringLike", "ArnEquals", "ArnLike")
_OPEN = ("*", "?", "${")


def values_of(statement: Statement, key: str) -> list[tuple[str, ...]]:
    """The values that a key must have one of, for each condition that asks for it.

    A condition that a request without the key passes asks for nothing.
    """
    found = []
    for condition in statement.conditions:
        asks = condition.operator in (*_EXACT, *_LIKE) and not condition.if_exists
        if condition.key.lower() != key.lower() or not asks:
            continue
        if condition.qualifier == "ForAllValues":
            continue
        found.append(tuple(each.text for each in condition.values))
    return found


def binding(statement: Statement, key: str, fits: Callable[[str], bool]) -> Binding:
    """Whether a key is bound to values that fit; all conditions on it must hold together."""
    asked = values_of(statement, key)
    if not asked:
        return "unbound"
    if any(values and all(is_exact(each) and fits(each) for each in values) for values in asked):
        return "bound"
    return "wrong"


def bound_values(statement: Statement, key: str) -> tuple[str, ...]:
    """The exact values to which a key is bound; none where it is not."""
    for values in values_of(statement, key):
        if all(is_exact(each) for each in values):
            return values
    return ()


def is_exact(text: str) -> bool:
    """Whether a value stands only for itself."""
    return not any(mark in text for mark in _OPEN)
