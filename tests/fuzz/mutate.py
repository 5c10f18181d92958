"""Mutated mesh files: what people and machines get wrong, at random but repeatable."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from random import Random

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**70, 0.5, float("nan"), float("inf"), "", " ", "*", "?", "${",
    "${var.X}", "${env.SECRET}", "${account}", "$${aws:username}", "a" * 300, "é", "\u2028", "\x7f",
    "http", "grpc", "8080", "1ms", "2s", "-3s", [], {}, [[]], [None], {"": None}, {"*": {}},
    "arn:aws:iam::111111111111:role/x", "arn:aws:acm:eu-west-1:222222222222:certificate/x",
    "111111111111", "012345670123", "network", "storefront", "catalog.shop.local", {"type": "eks"},
)  # fmt: skip
NOISE = "{}[]:,-&*!|>'\"%@`#\t\n \x00\ud7ff0aé$"


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of every value below ``data``."""
    items: Any = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    found = []
    for key, value in items:
        found.append((*path, key))
        found += places(value, (*path, key))
    return found


def parent(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        data = data[key]
    return data


def mutated_data(random: Random, original: dict[str, Any]) -> str:
    """A file whose structure was changed in one to four places, as YAML or JSON text."""
    data = copy.deepcopy(original)
    for _ in range(random.randint(1, 4)):
        where = places(data)
        if not where:
            break
        _mutate(random, data, random.choice(where), where)
    if random.random() < 0.1:
        return json.dumps(data)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def _mutate(
    random: Random, data: dict[str, Any], path: tuple[Any, ...], where: list[tuple[Any, ...]]
) -> None:
    holder, key = parent(data, path), path[-1]
    other = random.choice(where)
    elsewhere = copy.deepcopy(parent(data, other)[other[-1]])
    change = random.choice(("odd", "odd", "remove", "swap", "rename", "repeat", "number"))
    if change == "remove":
        del holder[key]
    elif change == "swap":
        holder[key] = elsewhere
    elif change == "rename" and isinstance(holder, dict):
        holder[str(random.choice((f"{key}x", str(key)[:-1], other[-1])))] = holder.pop(key)
    elif change == "repeat" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif change == "number" and isinstance(holder[key], int):
        holder[key] = random.choice((holder[key] + 1, -holder[key], holder[key] * 1000))
    else:
        holder[key] = copy.deepcopy(random.choice(ODD))


def mutated_text(random: Random, text: str) -> str:
    """A file whose text was changed in one to eight places."""
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(text) + 1)
        length = random.choice((0, 0, 1, 1, 5, 40))
        noise = "".join(random.choice(NOISE) for _ in range(random.choice((0, 1, 1, 3))))
        text = text[:at] + noise + text[at + length :]
    return text
