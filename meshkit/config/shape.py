"""Finds the model, and the place in the written data, that a path of pydantic leads to."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from meshkit.config.finding import Path
from meshkit.config.types import Model

Loc = tuple[str | int, ...]
"""A path as pydantic gives it: through short forms, union labels and tags."""


class Kept(list[Any]):
    """What is left of a list; ``numbers`` are the places of its items before."""

    __slots__ = ("numbers",)

    numbers: list[int]

    @classmethod
    def of(cls, items: Sequence[Any], numbers: list[int]) -> Kept:
        """The items with these numbers."""
        made = cls(items)
        made.numbers = numbers
        return made


def written(data: Any, loc: Loc) -> Path:
    """The path in the file's own terms.

    A short form has none of the keys that the models see in it, so the path ends at its value; the
    items of a list may be the entries of a mapping; labels of unions are no keys.
    """
    path: list[str | int] = []
    after_workload = False
    for item in loc:
        if isinstance(data, Mapping):
            if after_workload and item == data.get("type"):
                after_workload = False  # the tag of the union stands once before its keys
                continue
            if item not in data and _is_label(item):
                continue
            key = _entry(data, item)
            path.append(key)
            if key not in data:
                break
            data, after_workload = data[key], key == "workload"
        elif isinstance(data, list | tuple) and isinstance(item, int) and item < len(data):
            path.append(data.numbers[item] if isinstance(data, Kept) else item)
            data, after_workload = data[item], False
        elif not _is_label(item):
            break
    return tuple(path)


def _is_label(item: str | int) -> bool:
    return item == "[key]" or str(item).startswith("=")


def _entry(data: Mapping[Any, Any], item: str | int) -> str | int:
    """The key itself, or the key of the entry that a short form made an item of a list."""
    if isinstance(item, int) and item not in data and item < len(data):
        return str(list(data)[item])
    return item


def keys_at(root: type[Model], loc: Loc) -> list[str]:
    """The keys of the model at ``loc``; none where there is no model."""
    hint: Any = root
    for item in loc:
        hint = _step(_bare(hint), item)
    hint = _bare(hint)
    if not _is_model(hint):
        return []
    return [field.alias or name for name, field in hint.model_fields.items()]


def _step(hint: Any, item: str | int) -> Any:
    if _is_model(hint):
        for name, field in hint.model_fields.items():
            if item in (name, field.alias):
                return field.annotation
    args = get_args(hint)
    if get_origin(hint) is dict:
        return args[1]
    if get_origin(hint) is tuple:
        return args[0]
    for member in args:
        if _is_model(member) and item in get_args(member.model_fields["type"].annotation):
            return member
    return None


def _bare(hint: Any) -> Any:
    """A type without metadata and without None."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        members = [member for member in get_args(hint) if member is not type(None)]
        return _bare(members[0]) if len(members) == 1 else hint
    return hint


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Model)
