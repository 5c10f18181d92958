"""Between the engine's wire values and plain Python ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime import rpc

from meshkit.graph import UNKNOWN, Secret, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE = rpc._special_sig_key  # noqa: SLF001 - part of the wire format
SECRET = rpc._special_secret_sig  # noqa: SLF001 - part of the wire format


def decode(struct: Struct) -> dict[str, Any]:
    """Return a wire object as a dict in the order of its keys; whole numbers become `int`."""
    return {key: _decode(struct.fields[key]) for key in sorted(struct.fields)}


def _decode(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value == rpc.UNKNOWN else value.string_value
    if kind == "struct_value":
        return _decode_object(value.struct_value)
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return value.bool_value if kind == "bool_value" else None


def _decode_object(struct: Struct) -> Any:
    if SIGNATURE in struct.fields and struct.fields[SIGNATURE].string_value == SECRET:
        return Secret(_decode(struct.fields["value"]))
    return decode(struct)


def encode(values: Mapping[str, Any]) -> Struct:
    """Return a dict as a wire object."""
    struct = Struct()
    for key, value in values.items():
        _encode(struct.fields[key], value)
    return struct


def _encode(target: Value, value: Any) -> None:
    if isinstance(value, Secret):
        _encode(target, {SIGNATURE: SECRET, "value": value.value})
    elif isinstance(value, dict):
        target.struct_value.SetInParent()
        for key, item in value.items():
            _encode(target.struct_value.fields[key], item)
    elif isinstance(value, (list, tuple)):
        target.list_value.SetInParent()
        for item in value:
            _encode(target.list_value.values.add(), item)
    else:
        _encode_scalar(target, value)


def _encode_scalar(target: Value, value: Any) -> None:
    if isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif value is None:
        target.null_value = 0
    else:
        target.string_value = rpc.UNKNOWN if isinstance(value, Unknown) else str(value)
