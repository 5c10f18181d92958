"""From the core's values to what Pulumi resources take, and back.

Holes are filled here and nowhere else: from Outputs of the program, and from the environment, whose
values are secrets from the first touch.
"""

from __future__ import annotations

import os
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

import pulumi
from pydantic import BaseModel

from meshkit.config.deferred import Deferred, Hole
from meshkit.errors import MeshkitError
from meshkit.policy.size import text_size
from meshkit.topology.model import Owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from meshkit.policy.document import Document, Text

T = TypeVar("T")
U = TypeVar("U")


def require_args(component: str, args: object, wanted: type) -> None:
    """Stops at arguments of another class, such as a dict.

    Raises ``MeshkitError``.
    """
    if not isinstance(args, wanted):
        kind = "None" if args is None else f"a {type(args).__name__}"
        raise MeshkitError(f"{component}: takes {wanted.__name__}, not {kind}")


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


def checked_input(
    value: str | Deferred, context: Mapping[str, str], fault: Callable[[str], str | None]
) -> pulumi.Input[str]:
    """A leaf as an input, checked when it comes late; plain text was checked with the file.

    ``fault`` tells what is wrong with a text, and its message fails the deployment.
    """
    bound = value.bind(context) if isinstance(value, Deferred) else value
    if isinstance(bound, str):
        return bound

    def sound(texts: list[str]) -> str:
        message = fault(texts[0])
        if message:
            raise MeshkitError(f"{bound}: {message}")
        return texts[0]

    return with_values((bound,), sound)


def deferred_in(value: Any) -> Iterator[Deferred]:
    """Every text with holes in a model or a resolved part, at any depth.

    An owner is no part of what it owns.
    """
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Deferred):
            yield each
        elif isinstance(each, BaseModel):
            waiting.extend(each.__dict__.values())
        elif is_dataclass(each) and not isinstance(each, Owner):
            waiting.extend(getattr(each, field.name) for field in fields(each))
        elif isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, tuple | list):
            waiting.extend(each)


def tags_input(
    tags: Mapping[str, str | Deferred], context: Mapping[str, str]
) -> dict[str, pulumi.Input[str]] | None:
    """Tags as an input; ``None`` when there are none."""
    return {key: to_input(value, context) for key, value in tags.items()} or None


def with_values(
    values: tuple[str | Deferred, ...], make: Callable[[list[str]], T]
) -> pulumi.Output[T]:
    """``make`` of the texts, once every hole in them has its value.

    What ``make`` raises may quote a value, so nothing of it is told where one is a secret.
    """
    late = [value for value in values if isinstance(value, Deferred)]
    holes = list(dict.fromkeys(hole for value in late for hole in value.holes))
    together = pulumi.Output.all(*map(_given, holes))

    async def refused(error: MeshkitError) -> T:
        if await together.is_secret():
            shown = ", ".join(dict.fromkeys(map(str, late)))
            raise MeshkitError(f"{shown}: its value does not fit, and is a secret")
        raise error

    def filled(found: list[Any]) -> pulumi.Input[T]:
        known = dict(zip(holes, found, strict=True))
        for hole, value in known.items():
            if not isinstance(value, str):
                raise MeshkitError(f"{hole!r}: text is wanted, not {type(value).__name__}")
        try:
            return make([_fill(value, known) for value in values])
        except MeshkitError as error:
            return refused(error)

    return together.apply(filled)


def document_input(document: Document, context: Mapping[str, str], limit: int) -> pulumi.Input[str]:
    """Canonical JSON of a document: text at once, or an Output where a text has holes.

    A value that makes the document longer than ``limit``, a pattern where an exact ARN belongs, or
    a right to read the configuration of others fails the deployment with ``MeshkitError`` before
    IAM sees it.
    """
    bound = document.bind(context)
    deferred = bound.deferred()
    if not deferred:
        return bound.to_json()

    def made(texts: list[str]) -> str:
        known: dict[Text, str] = dict(zip(deferred, texts, strict=True))
        filled = bound.map(lambda each: known.get(each, each))
        for statement in filled.statements:
            statement.check_own()
        text = filled.to_json()
        if text_size(text) > limit:
            raise MeshkitError(
                f"a policy has {text_size(text)} characters and IAM takes {limit}: "
                "the values that came with the deployment are too long"
            )
        return text

    return with_values(deferred, made)


def as_text(value: pulumi.Input[str]) -> Text:
    """An input as a text: plain at once, everything else as a hole."""
    if isinstance(value, str):
        return value
    if isinstance(value, pulumi.Output):
        return Deferred.of(value)
    return Deferred.of(pulumi.Output.from_input(cast("Any", value)))  # can be awaited only once


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


def _fill(value: str | Deferred, known: Mapping[Hole, str]) -> str:
    text = value.fill(known.get) if isinstance(value, Deferred) else value
    if not isinstance(text, str):
        raise MeshkitError(f"no value for {text}")
    return text


def _given(hole: Hole) -> pulumi.Input[Any]:
    return pulumi.Output.secret(os.environ[hole.name]) if hole.kind == "env" else hole.handle
