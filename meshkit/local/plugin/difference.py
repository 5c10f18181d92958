"""What changed between two sets of inputs, and whether AWS can change it in place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from meshkit.graph import Unknown, reveal
from meshkit.local.resources.model import at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.local.resources.model import ResourceType

TAGS = ("tags", "tagsAll")


@dataclass(frozen=True)
class Difference:
    """The inputs that changed, by name, with the paths inside them, and those that replace."""

    changed: tuple[str, ...] = ()
    replacing: tuple[str, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)
    delete_first: bool = False


def difference(type_: ResourceType, old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """Compare old inputs with new ones, both checked and in clear.

    An input that no update takes replaces the resource. The old one goes first when the new one
    has the same name, which AWS would refuse beside it.
    """
    names = sorted(old.keys() | new.keys())
    left_to_aws = {name for name in type_.life.computed if new.get(name) is None}
    plain_old, plain_new = (_explicit(type_, each) for each in (old, new))
    changed = tuple(
        name
        for name in names
        if name not in left_to_aws
        and not same(plain_old.get(name), plain_new.get(name))
        and not (name in type_.life.identifiers and same_name(old.get(name), new.get(name)))
    )
    moved = {
        path.partition(".")[0]
        for path in type_.life.fixed
        if not same(at(plain_old, path), at(plain_new, path))
    }
    replacing = tuple(name for name in changed if name in moved or not type_.life.updatable(name))
    name = type_.autoname
    return Difference(
        changed,
        replacing,
        {path: kind for key in changed for path, kind in _paths(key, old.get(key), new.get(key))},
        delete_first=bool(replacing and name and same(old.get(name), new.get(name))),
    )


def _explicit(type_: ResourceType, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs without what their blocks would imply anyway; a tag implies nothing."""
    return {
        name: value if name in TAGS else without(value, type_.life.implied)
        for name, value in inputs.items()
    }


def without(value: Any, implied: Mapping[str, Any]) -> Any:
    """Return a value without its parts, inside of blocks, that say what is implied."""
    if not implied:
        return value
    if isinstance(value, list):
        return [without(item, implied) for item in value]
    if not isinstance(value, dict):
        return value
    rest = {key: without(item, implied) for key, item in value.items()}
    return {key: item for key, item in rest.items() if item != {} and implied.get(key, ...) != item}


def same_name(one: Any, other: Any) -> bool:
    """Tell whether two texts, ids or ARNs that end with one, name the same resource."""
    texts = [each for each in (one, other) if isinstance(each, str)]
    return len(texts) == 2 and texts[0].rpartition("/")[2] == texts[1].rpartition("/")[2]


def same(old: Any, new: Any) -> bool:
    """Tell whether AWS would see no difference.

    JSON texts count by what they say, and an empty block or list counts as none.
    """
    old, new = _meaning(reveal(old)), _meaning(reveal(new))
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        return all(same(old.get(key), new.get(key)) for key in keys)
    if isinstance(old, list) and isinstance(new, list):
        pairs = zip(old, new, strict=False)
        return len(old) == len(new) and all(same(one, other) for one, other in pairs)
    return not isinstance(new, Unknown) and bool(old == new)


def _meaning(value: Any) -> Any:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return None if value in ({}, []) else value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _paths(path: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Yield the innermost paths that differ, each with `add`, `delete` or `update`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _inner(
                f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]',
                old.get(key),
                new.get(key),
            )
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            one, other = (items[index] if index < len(items) else None for items in (old, new))
            yield from _inner(f"{path}[{index}]", one, other)
    else:
        yield path, "add" if old is None else "delete" if new is None else "update"


def _inner(path: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if not same(old, new):
        yield from _paths(path, old, new)
