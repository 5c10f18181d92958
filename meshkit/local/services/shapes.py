"""Checks of a request against botocore's model of the service.

Nothing about a shape is typed here: required members, lengths, ranges, patterns, enumerations and
unions are read from the model that boto3 itself ships. Each shape is compiled once into a closure,
so a request costs no walk over the model.

The wording of a fault is the one AWS services answer with ("1 validation error detected: Value
'0' at 'spec.listeners.1.member.portMapping.port' failed to satisfy constraint: ...").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

Check = Callable[[Any, str, list[str]], None]
"""Looks at (value, path, faults) and appends a sentence to faults for each broken constraint."""

LONGEST_SHOWN = 64
"""The longest value, in characters, that a message repeats."""

UNICODE_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\w", r"\p{Z}": r"\s"}
"""Letters, numbers and separators, as models name them; Python has no such classes, but these."""

Bound = tuple[Callable[[int], bool], str]


class WrongTypeError(Exception):
    """A value whose JSON type is not the one that the model asks for."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__(f"'{path}' must be of type {expected}")


def summary(faults: list[str]) -> str:
    """Return the message that AWS answers with for these faults."""
    noun = "error" if len(faults) == 1 else "errors"
    return f"{len(faults)} validation {noun} detected: {'; '.join(faults)}"


def compile_check(shape: Shape) -> Check:
    """Return the check of one shape and everything in it.

    The check raises `WrongTypeError` for a value of the wrong JSON type.
    """
    if isinstance(shape, StructureShape):
        return _structure(shape)
    if isinstance(shape, ListShape):
        return _list(shape)
    if isinstance(shape, MapShape):
        return _map(shape)
    if isinstance(shape, StringShape):
        return _string(shape)
    return _SCALARS.get(shape.type_name, _anything)(shape)


def _fault(value: object, path: str, constraint: str) -> str:
    # Long text and whole lists are not repeated: they drown the message and may hold a secret.
    if value is None:
        shown = "Value null"
    elif isinstance(value, list | dict) or len(str(value)) > LONGEST_SHOWN:
        shown = "Value"
    else:
        shown = f"Value '{value}'"
    return f"{shown} at '{path}' failed to satisfy constraint: {constraint}"


def _bounds(shape: Shape, measured: str) -> list[Bound]:
    """Return the shape's minimum and maximum as tests of what is measured, with their wording."""
    bounds: list[Bound] = []
    if (low := shape.metadata.get("min")) is not None:
        text = f"Member must have {measured} greater than or equal to {low}"
        bounds.append((lambda size: size >= low, text))
    if (high := shape.metadata.get("max")) is not None:
        text = f"Member must have {measured} less than or equal to {high}"
        bounds.append((lambda size: size <= high, text))
    return bounds


def _structure(shape: StructureShape) -> Check:
    checks = {name: compile_check(member) for name, member in shape.members.items()}
    required = tuple(shape.required_members)
    union = shape.is_tagged_union

    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            raise WrongTypeError(path, "structure")
        prefix = f"{path}." if path else ""
        missing = [name for name in required if value.get(name) is None]
        faults.extend(_fault(None, prefix + name, "Member must not be null") for name in missing)
        given = [name for name in value if name in checks and value[name] is not None]
        for name in given:
            checks[name](value[name], prefix + name, faults)
        if union and len(given) > 1:
            # Inferred: the model says that this is a union, no AWS text shows the answer.
            constraint = f"Member must have at most one of: [{', '.join(sorted(given))}]"
            faults.append(_fault(value, path, constraint))

    return check


def _list(shape: ListShape) -> Check:
    item = compile_check(shape.member)
    bounds = _bounds(shape, "length")

    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, list):
            raise WrongTypeError(path, "list")
        for holds, constraint in bounds:
            if not holds(len(value)):
                faults.append(_fault(value, path, constraint))
        for number, entry in enumerate(value, start=1):
            where = f"{path}.{number}.member"
            if entry is None:
                faults.append(_fault(None, where, "Member must not be null"))
            else:
                item(entry, where, faults)

    return check


def _map(shape: MapShape) -> Check:
    key_check, value_check = compile_check(shape.key), compile_check(shape.value)
    bounds = _bounds(shape, "length")

    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            raise WrongTypeError(path, "map")
        for holds, constraint in bounds:
            if not holds(len(value)):
                faults.append(_fault(value, path, constraint))
        for key, entry in value.items():
            key_check(key, f"{path}.key", faults)
            value_check(entry, f"{path}.{key}.member", faults)

    return check


def _string(shape: StringShape) -> Check:
    bounds = _bounds(shape, "length")
    allowed = frozenset(shape.enum)
    pattern = shape.metadata.get("pattern")
    # Of the whole text, as services hold it: some models leave the anchors out (the names of VPC
    # Lattice). `$` of Python also accepts a newline at the end, the one of AWS does not.
    matcher = re.compile(_python(pattern), re.DOTALL) if pattern else None

    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, str):
            raise WrongTypeError(path, "string")
        for holds, constraint in bounds:
            if not holds(len(value)):
                faults.append(_fault(value, path, constraint))
        if allowed and value not in allowed:
            options = ", ".join(shape.enum)
            faults.append(_fault(value, path, f"Member must satisfy enum value set: [{options}]"))
        if matcher and not matcher.fullmatch(value):
            text = f"Member must satisfy regular expression pattern: {pattern}"
            faults.append(_fault(value, path, text))

    return check


def _python(pattern: str) -> str:
    """Return a pattern of a model as Python writes it."""
    for theirs, ours in UNICODE_CLASSES.items():
        pattern = pattern.replace(theirs, ours)
    return re.sub(r"\$$", r"\\Z", pattern)


def _integer(shape: Shape) -> Check:
    bounds = _bounds(shape, "value")

    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongTypeError(path, shape.type_name)
        for holds, constraint in bounds:
            if not holds(value):
                faults.append(_fault(value, path, constraint))

    return check


def _boolean(_: Shape) -> Check:
    def check(value: Any, path: str, _: list[str]) -> None:
        if not isinstance(value, bool):
            raise WrongTypeError(path, "boolean")

    return check


def _anything(_: Shape) -> Check:
    def check(value: Any, path: str, faults: list[str]) -> None:
        """Timestamps and blobs: no request of the services here carries one."""

    return check


_SCALARS: dict[str, Callable[[Shape], Check]] = {
    "integer": _integer,
    "long": _integer,
    "boolean": _boolean,
}
