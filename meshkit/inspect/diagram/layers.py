"""The layers of a picture: what stands in which column, and the way of each edge through them.

A layered drawing after Sugiyama: cycles are broken by turning edges round, everything stands right
of all that leads to it, and an edge over several columns gets a place in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layers:
    """Columns from left to right."""

    ranks: dict[str, int]
    """The column of each key."""
    turned: frozenset[Pair]
    """Edges that run from right to left; they close a cycle."""


def layers_of(keys: Sequence[str], pairs: Sequence[Pair]) -> Layers:
    """The columns for ``keys`` in the order given; ``pairs`` lead from one key to another."""
    followers = _followers(keys, pairs)
    turned = _closing(keys, followers)
    forward = dict.fromkeys(
        (target, source) if (source, target) in turned else (source, target)
        for source, target in pairs
        if source != target
    )
    order = _topological(keys, list(forward))
    ranks = dict.fromkeys(keys, 0)
    after = _followers(keys, list(forward))
    for key in order:
        for follower in after[key]:
            ranks[follower] = max(ranks[follower], ranks[key] + 1)
    _pull_sources(ranks, after)
    return Layers(ranks, turned)


def _followers(keys: Sequence[str], pairs: Sequence[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {key: [] for key in keys}
    for source, target in pairs:
        if source != target:
            found[source].append(target)
    return found


def _closing(keys: Sequence[str], followers: dict[str, list[str]]) -> frozenset[Pair]:
    """The edges that close a cycle, by a search that begins where nothing leads to."""
    led_to = {target for targets in followers.values() for target in targets}
    starts = [*(key for key in keys if key not in led_to), *keys]
    closing: set[Pair] = set()
    done: set[str] = set()
    open_: dict[str, None] = {}
    for start in starts:
        if start in done:
            continue
        open_[start] = None
        waiting = [(start, iter(followers[start]))]
        while waiting:
            key, rest = waiting[-1]
            target = next(rest, None)
            if target is None:
                waiting.pop()
                open_.pop(key)
                done.add(key)
            elif target in open_:
                closing.add((key, target))
            elif target not in done:
                open_[target] = None
                waiting.append((target, iter(followers[target])))
    return frozenset(closing)


def _topological(keys: Sequence[str], pairs: Sequence[Pair]) -> list[str]:
    missing = dict.fromkeys(keys, 0)
    followers = _followers(keys, pairs)
    for _, target in pairs:
        missing[target] += 1
    order = [key for key in keys if missing[key] == 0]
    for key in order:
        for follower in followers[key]:
            missing[follower] -= 1
            if missing[follower] == 0:
                order.append(follower)
    return order


def _pull_sources(ranks: dict[str, int], followers: dict[str, list[str]]) -> None:
    """Moves what nothing leads to next to what it leads to first."""
    led_to = {target for targets in followers.values() for target in targets}
    for key, targets in followers.items():
        if targets and key not in led_to:
            ranks[key] = min(ranks[target] for target in targets) - 1
