"""What a walkthrough makes in App Mesh, in the API's own terms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, Shape, StructureShape

PARENTS = {"Route": "VirtualRouter", "GatewayRoute": "VirtualGateway"}

Name = tuple[str, ...]
"""The kind, its parent's name where it has one, and its own name."""


@dataclass(frozen=True)
class Made:
    """What there is under a name."""

    owner: str
    """The account that made it."""
    spec: dict[str, Any]


Original = dict[Name, Made]


def name_key(kind: str) -> str:
    """The API's key for the name of a kind: ``virtualNodeName``."""
    return kind[0].lower() + kind[1:] + "Name"


def name_of(kind: str, item: dict[str, Any]) -> Name:
    """The name of something that the API takes or gives."""
    parent = (item[name_key(PARENTS[kind])],) if kind in PARENTS else ()
    return (kind, *parent, item[name_key(kind)])


def as_input(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Properties as the input of the kind's create operation.

    Names are spelled and values typed as the API's shapes say; a key that has no place is an error.
    """
    shape = _operation(f"Create{kind}")
    value: dict[str, Any] = _shaped(shape, properties)
    return value


def as_spec(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    """As `as_input`, for the ``spec`` alone."""
    value: dict[str, Any] = _shaped(_operation(f"Create{kind}").members["spec"], spec)
    return value


@cache
def _operation(name: str) -> StructureShape:
    shape = botocore.session.get_session().get_service_model("appmesh").operation_model(name)
    assert isinstance(shape.input_shape, StructureShape)
    return shape.input_shape


def _shaped(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        members = {name.lower(): name for name in shape.members}
        spelled = {members[key.lower()]: each for key, each in value.items()}
        missing = set(shape.required_members) - spelled.keys()
        assert not missing, f"{shape.name} needs {missing}"
        return {key: _shaped(shape.members[key], each) for key, each in spelled.items()}
    if isinstance(shape, ListShape):
        return [_shaped(shape.member, each) for each in value]
    return _scalar(shape.type_name, value)


def _scalar(type_name: str, value: Any) -> Any:
    if type_name in {"integer", "long"}:
        return int(value)
    if type_name == "boolean":
        assert isinstance(value, bool)
        return value
    assert type_name == "string"
    return str(value)
