"""Registering a mesh of 400 nodes, and how many resources a plain node takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.row import Row, paired, process

if TYPE_CHECKING:
    from collections.abc import Iterator

NODES = 400
HABIT = 4
"""What people write by hand for a node: node, role, policy, attachment."""


def rows() -> Iterator[Row]:
    ours, by_hand = _count("meshkit", NODES), _count("by-hand", NODES)
    if ours != by_hand:
        raise SystemExit(f"the programs differ: {ours} resources by meshkit, {by_hand} by hand")
    yield paired(
        f"register a mesh of {NODES} nodes ({ours:.0f} resources)",
        "a hand-written program with the same resources",
        process("-m", "benchmarks.programs", "meshkit", str(NODES)),
        process("-m", "benchmarks.programs", "by-hand", str(NODES)),
        limit=1.10,
        rounds=11,
    )
    each = (ours - _count("meshkit", NODES // 2)) / (NODES // 2) - 1  # its service is not counted
    name, against = "resources for a plain node", "node, role, policy and attachment by hand"
    yield Row(name, against, each, HABIT, limit=0.75, unit="", ratio=each / HABIT)


def _count(way: str, nodes: int) -> float:
    return process("-m", "benchmarks.programs", way, str(nodes), "count")()
