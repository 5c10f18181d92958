"""How the traffic of a router is divided, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def weight_labels(routes: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, str]:
    """The label of the edge to each node: its share of each route that leads to it.

    ``routes`` are the (node, weight) pairs of each route. Weights are relative to their sum.
    """
    labels: dict[str, list[str]] = {}
    for route, targets in routes.items():
        whole = sum(weight for _, weight in targets)
        by_node: dict[str, int] = {}
        for node, weight in targets:
            by_node[node] = by_node.get(node, 0) + weight
        for node, weight in by_node.items():
            share = f"{round(100 * weight / whole) if whole else 0}%"
            labels.setdefault(node, []).append(share if len(routes) == 1 else f"{route} {share}")
    return {node: ", ".join(shares) for node, shares in labels.items()}
