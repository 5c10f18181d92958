"""Text with holes: leaves whose value is known only while the program runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

HoleKind = Literal["context", "value", "env"]
"""``${account}``, ``${partition}``, ``${region}``; ``${var.NAME}``; ``${env.NAME}``."""


@dataclass(frozen=True, slots=True)
class Hole:
    """One hole in a text.

    ``handle`` is the program's own value for it (a Pulumi ``Output``); the core never looks inside.
    """

    kind: HoleKind
    name: str
    handle: Any = None
    length: int | None = None
    """Characters of its value, where AWS always makes up as many."""

    def __repr__(self) -> str:
        """The hole as a file writes it."""
        prefix = {"context": "", "value": "var.", "env": "env."}[self.kind]
        return f"${{{prefix}{self.name}}}"


@dataclass(frozen=True, slots=True)
class Deferred:
    """A text with at least one hole. Its ``str`` shows the holes, never a value."""

    parts: tuple[str | Hole, ...]

    @classmethod
    def of(cls, handle: object, name: str = "output", length: int | None = None) -> Deferred:
        """A text that is wholly the program's own value."""
        return cls((Hole("value", name, handle, length),))

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The holes, from left to right."""
        return tuple(part for part in self.parts if isinstance(part, Hole))

    @property
    def secret(self) -> bool:
        """Whether a hole is filled from the environment, which makes the whole text a secret."""
        return any(hole.kind == "env" for hole in self.holes)

    def fill(self, value: Callable[[Hole], str | None]) -> str | Deferred:
        """The text with every hole filled for which ``value`` has a text."""
        parts: list[str | Hole] = []
        for part in self.parts:
            filled = part if isinstance(part, str) else value(part)
            if isinstance(filled, str) and parts and isinstance(parts[-1], str):
                parts[-1] += filled
            else:
                parts.append(part if filled is None else filled)
        if all(isinstance(part, str) for part in parts):
            return "".join(str(part) for part in parts)
        return Deferred(tuple(parts))

    def bind(self, context: Mapping[str, str]) -> str | Deferred:
        """The text with its ``${account}``, ``${partition}`` and ``${region}`` filled."""
        return self.fill(lambda hole: context.get(hole.name) if hole.kind == "context" else None)

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else repr(part) for part in self.parts)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Takes a Deferred, or an Output of the program, which it wraps."""
        return core_schema.no_info_before_validator_function(
            _wrap_output, core_schema.is_instance_schema(cls)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"\$\{"}


def is_output(value: object) -> bool:
    """Whether it is an Output of the program, told by its shape: the core needs no Pulumi."""
    return hasattr(value, "apply") and hasattr(value, "is_secret")


def _wrap_output(value: object) -> object:
    return Deferred.of(value) if is_output(value) else value


def bind(value: str | Deferred, context: Mapping[str, str]) -> str | Deferred:
    """``value`` with its context holes filled; plain text stays as it is."""
    return value.bind(context) if isinstance(value, Deferred) else value
