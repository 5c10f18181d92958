"""Inputs as texts of the core, and Outputs that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import pulumi

from meshkit.config.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from meshkit.policy.document import Text

T = TypeVar("T")
U = TypeVar("U")


def as_text(value: pulumi.Input[str]) -> Text:
    """An input as a text: plain at once, everything else as a hole."""
    if isinstance(value, str):
        return value
    output: pulumi.Output[Any] = pulumi.Output.from_input(cast("Any", value))
    return Deferred.of(output)


def as_texts(values: Iterable[pulumi.Input[str]]) -> tuple[Text, ...]:
    """Inputs as texts."""
    return tuple(as_text(value) for value in values)


def applied(value: T | pulumi.Output[T], change: Callable[[T], U]) -> U | pulumi.Output[U]:
    """``change`` of a value, at once where it is plain."""
    return value.apply(change) if isinstance(value, pulumi.Output) else change(value)


def after(value: pulumi.Input[T], resources: Sequence[pulumi.Resource]) -> pulumi.Output[T]:
    """``value``, for whoever takes it, only after ``resources`` are there.

    It stays as known and as secret as it is, so a preview shows it.
    """
    # An URN is known even in a preview, and depends on its resource.
    waited: pulumi.Output[Any] = pulumi.Output.all(value, *(each.urn for each in resources))
    return waited.apply(lambda found: found[0])
