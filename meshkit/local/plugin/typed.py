"""From an answer of AWS to Pulumi properties, by the types of the installed pulumi_aws."""

from __future__ import annotations

import importlib
import keyword
import threading
import typing
from typing import Any

from pulumi import _types

from meshkit.local.resources.shapes import member_name

_IMPORTING = threading.Lock()
"""The SDK loads its modules when asked, and shows them half loaded to a second thread."""


def property_type(token: str, name: str) -> Any:
    """Return the type of a property of the SDK's class for a resource type."""
    return _types.resource_types(_sdk_class(token))[name]


def input_names(token: str) -> set[str]:
    """Return the names of the inputs of a resource type."""
    # Where a block has the name of its resource, the inputs of the resource are called otherwise.
    args = _sdk_class(token, "InitArgs") or _sdk_class(token, "Args")
    return set(_types.input_type_py_to_pulumi_names(args).values())


def _sdk_class(token: str, suffix: str = "") -> Any:
    _, module, name = token.split(":")
    service = module.split("/")[0]
    with _IMPORTING:
        # The module of Lambda has an underscore behind its name.
        end = "_" if keyword.iskeyword(service) else ""
        package = importlib.import_module(f"pulumi_aws.{service}{end}")
        return getattr(package, name + suffix, None)


def from_api(shape: Any, value: Any, type_: Any) -> Any:
    """Return an AWS value of `shape` as the Pulumi property type has it.

    The types say what the shapes don't: plural names, blocks in a list of one, lists of entries
    that are maps.
    """
    type_ = _types.unwrap_type(type_)
    if typing.get_origin(type_) is dict or _origin(type_) == "Mapping":
        return _mapping(shape, value, typing.get_args(type_)[1])
    if _origin(type_) in ("Sequence", "list"):
        item = typing.get_args(type_)[0]
        if shape.type_name == "list":
            return [from_api(shape.member, entry, item) for entry in value]
        return [from_api(shape, value, item)]
    if _types.is_output_type(type_):
        if shape.type_name == "list":
            return from_api(shape.member, value[0], type_) if value else None
        return _block(shape, value, type_)
    return value


def _origin(type_: Any) -> str:
    return getattr(typing.get_origin(type_), "__name__", "")


def _mapping(shape: Any, value: Any, type_: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {key: from_api(shape.value, item, type_) for key, item in value.items()}
    pairs = [list(entry.values()) for entry in value]
    return dict(pairs)


def _block(shape: Any, value: Any, type_: Any) -> dict[str, Any]:
    found = {}
    for name, inner in _types.output_type_types(type_).items():
        member = member_name(shape, name)
        if member in value:
            found[name] = from_api(shape.members[member], value[member], inner)
    return found
