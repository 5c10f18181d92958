"""From the core's values to what Pulumi resources take.

Holes are filled here and nowhere else: from Outputs of the program, and from the environment, whose
values are secrets from the first touch.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, overload

import pulumi

from meshkit.config.deferred import Deferred, Hole
from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def require_holes(values: Iterable[Deferred]) -> None:
    """Stops before anything is registered when a hole can't be filled.

    Raises ``MeshkitError`` naming every hole without a value.
    """
    missing = sorted(
        {repr(hole) for value in values for hole in value.holes if not _fillable(hole)}
    )
    if missing:
        raise MeshkitError(
            f"no value for {', '.join(missing)}: set the environment variable, or pass the value "
            "with values={…}"
        )


def _fillable(hole: Hole) -> bool:
    if hole.kind == "env":
        return hole.name in os.environ
    return hole.kind == "context" or hole.handle is not None


@overload
def to_input(value: None, context: Mapping[str, str]) -> None: ...
@overload
def to_input(value: str | Deferred, context: Mapping[str, str]) -> pulumi.Input[str]: ...
def to_input(value: str | Deferred | None, context: Mapping[str, str]) -> pulumi.Input[str] | None:
    """A leaf as an input: plain text at once, text with holes as an Output."""
    if not isinstance(value, Deferred):
        return value
    bound = value.bind(context)
    if isinstance(bound, str):
        return bound
    return with_values((bound,), lambda texts: texts[0])


def tags_input(
    tags: Mapping[str, str | Deferred], context: Mapping[str, str]
) -> dict[str, pulumi.Input[str]] | None:
    """Tags as an input; ``None`` when there are none."""
    return {key: to_input(value, context) for key, value in tags.items()} or None


def with_values(
    values: tuple[str | Deferred, ...], make: Callable[[list[str]], str]
) -> pulumi.Output[str]:
    """``make`` of the texts, once every hole in them has its value."""
    holes = {hole: None for value in values if isinstance(value, Deferred) for hole in value.holes}
    names = list(holes)

    def filled(resolved: list[str]) -> str:
        known = dict(zip(names, resolved, strict=True))
        return make([_fill(value, known) for value in values])

    return pulumi.Output.all(*[_output(hole) for hole in names]).apply(filled)


def _fill(value: str | Deferred, known: Mapping[Hole, str]) -> str:
    text = value.fill(known.get) if isinstance(value, Deferred) else value
    if not isinstance(text, str):
        raise MeshkitError(f"no value for {text}")
    return text


def _output(hole: Hole) -> pulumi.Output[str]:
    if hole.kind == "env":
        return pulumi.Output.secret(os.environ[hole.name])
    return pulumi.Output.from_input(hole.handle)
