"""The tags that a request gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

_MEMBERS: Final = ("tags", "Tags", "TagList", "tagList", "TagSpecifications")
_KEYS: Final = ("tagKeys", "TagKeys", "TagKeyList")


def given_tags(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags that a request gives, however its service writes them."""
    found: dict[str, str] = {}
    for member in _MEMBERS:
        found |= _tags(params.get(member))
    return found


def given_keys(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of tags that a request gives or takes away."""
    taken = (params.get(member) or () for member in _KEYS)
    return tuple(dict.fromkeys([*given_tags(params), *(key for keys in taken for key in keys)]))


def _tags(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items()}
    found: dict[str, str] = {}
    for each in value if isinstance(value, Iterable) and not isinstance(value, str) else ():
        if "Tags" in each:  # a specification for one type of resource
            found |= _tags(each["Tags"])
        key = next((each[name] for name in ("Key", "key", "TagKey") if name in each), None)
        if key is not None:
            values = (each[name] for name in ("Value", "value", "TagValue") if name in each)
            found[str(key)] = str(next(values, ""))
    return found
