"""From a Pulumi spec to an AWS API request, read off botocore's own description of the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import Shape, StructureShape

SCALARS: Mapping[str, Callable[[Any], Any]] = {
    # The engine's numbers are doubles; botocore takes no float for an integer.
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "boolean": lambda value: value in (True, "true"),
    "blob": lambda value: value.encode() if isinstance(value, str) else value,
}


class UnknownInputError(Exception):
    """An input for which the AWS operation has no place."""


def to_api(shape: Shape, value: Any, renames: Mapping[str, str] | None = None) -> Any:
    """Return `value`, a Pulumi input, in the form that `shape` asks for.

    Member names agree but for case and for the plural of a list, whatever the casing of the API;
    `renames` (Pulumi name to API name) holds for the outermost structure only. A block that Pulumi
    flattened becomes a list again, a map becomes a list of its entries, and so on. Raises
    UnknownInputError.
    """
    if shape.type_name == "structure":
        return _structure(shape, value[0] if isinstance(value, list) else value, renames or {})
    if shape.type_name == "list":
        return _list(shape, value)
    if shape.type_name == "map":
        return {key: to_api(shape.value, item) for key, item in value.items()}  # type: ignore[attr-defined]
    if shape.type_name == "string":
        return _string(value)
    return SCALARS.get(shape.type_name, _same)(value)


def member_name(shape: StructureShape, name: str) -> str | None:
    """Return the member of `shape` that a Pulumi property name means, or None."""
    members = {member.lower(): member for member in shape.members}
    wanted = name.lower()
    for candidate in (wanted, wanted.removesuffix("s"), wanted + "s"):
        if candidate in members:
            return members[candidate]
    if name == "value" and len(members) == 1:  # how Terraform calls the only choice of a union
        return next(iter(shape.members))
    return None


def _structure(shape: Any, value: Any, renames: Mapping[str, str]) -> dict[str, Any]:
    request = {}
    for key, item in value.items():
        member = member_name(shape, renames.get(key, key))
        if member is None:
            msg = f"the local cloud has no place for the input {key!r} ({shape.name})"
            raise UnknownInputError(msg)
        if item is not None:
            request[member] = to_api(shape.members[member], item)
    return request


def _list(shape: Any, value: Any) -> list[Any]:
    if isinstance(value, list):
        return [to_api(shape.member, item) for item in value]
    pair = _pair(shape.member)
    if pair is None:
        return [to_api(shape.member, value)]
    key_name, value_name = pair
    return [{key_name: key, value_name: _string(item)} for key, item in value.items()]


def _pair(shape: Any) -> tuple[str, str] | None:
    """Return the two members of an entry such as `{Key, Value}`, None for another shape."""
    members = {
        member.lower().removeprefix("tag"): member for member in getattr(shape, "members", ())
    }
    if set(members) in ({"key", "value"}, {"name", "value"}):
        return members.get("key") or members["name"], members["value"]
    return None


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, separators=(",", ":"))


def _same(value: Any) -> Any:
    return value
