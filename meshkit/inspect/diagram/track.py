"""The cells of a layered drawing: the boxes, and the places that long edges take between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.layers import Layers, layers_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.diagram.picture import Edge, Picture
    from meshkit.inspect.diagram.shape import Shape

WAY: Final = 10.0
"""Height that a passing edge takes in a column."""
SWEEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a column: a box, or an edge that passes."""

    key: str
    rank: int
    lane: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Way:
    """An edge and the cells it runs through, from left to right."""

    edge: Edge
    cells: tuple[str, ...]
    turned: bool
    """Whether the edge itself runs from right to left."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """All cells by column, each column from top to bottom."""

    cells: dict[str, Cell]
    columns: list[list[str]]
    ways: tuple[Way, ...]


def tracks_of(picture: Picture, shapes: Mapping[str, Shape]) -> Tracks:
    """The cells in an order in which few edges cross; accounts keep their order."""
    lanes = {group.key: number for number, group in enumerate(picture.groups)}
    edges = [edge for edge in picture.edges if edge.source != edge.target]
    layers = layers_of(list(shapes), [(edge.source, edge.target) for edge in edges])
    if not edges:
        layers = _in_rows(list(shapes))
    cells = {
        box.key: Cell(
            box.key,
            layers.ranks[box.key],
            lanes.get(box.group, 0),
            shapes[box.key].width,
            shapes[box.key].height,
        )
        for box in picture.boxes
    }
    ways = tuple(_way(edge, cells, (edge.source, edge.target) in layers.turned) for edge in edges)
    columns: list[list[str]] = [[] for _ in range(max(layers.ranks.values(), default=-1) + 1)]
    for cell in cells.values():
        columns[cell.rank].append(cell.key)
    return Tracks(cells, _ordered(columns, cells, ways), ways)


def _in_rows(keys: list[str]) -> Layers:
    """Columns for boxes that nothing joins: about as many as each has boxes."""
    columns = math.ceil(math.sqrt(len(keys)))
    return Layers({key: place % columns for place, key in enumerate(keys)}, frozenset())


def _way(edge: Edge, cells: dict[str, Cell], turned: bool) -> Way:
    """The way of an edge; edges of one kind to one box share the places they pass."""
    left, right = (edge.target, edge.source) if turned else (edge.source, edge.target)
    passed = []
    for rank in range(cells[left].rank + 1, cells[right].rank):
        key = f"way {right} {edge.service} {edge.tls} {turned} {rank}"
        cells[key] = Cell(key, rank, cells[right].lane, 0.0, WAY)
        passed.append(key)
    return Way(edge, (left, *passed, right), turned)


def _ordered(
    columns: list[list[str]], cells: Mapping[str, Cell], ways: tuple[Way, ...]
) -> list[list[str]]:
    """Each column sorted by lane, then by the middle of what its cells are joined to."""
    before, after = neighbours(ways)
    columns = [sorted(column, key=lambda key: cells[key].lane) for column in columns]
    for sweep in range(SWEEPS):
        joined = before if sweep % 2 == 0 else after
        for number in range(len(columns)) if sweep % 2 == 0 else reversed(range(len(columns))):
            columns[number] = _sorted(columns, number, joined, cells)
    return columns


def _sorted(
    columns: list[list[str]],
    number: int,
    joined: Mapping[str, list[str]],
    cells: Mapping[str, Cell],
) -> list[str]:
    side = {key: place for column in columns for place, key in enumerate(column)}

    def middle(key: str) -> tuple[int, float]:
        places = [side[other] for other in joined.get(key, ())]
        own = side[key]
        return cells[key].lane, sum(places) / len(places) if places else own

    return sorted(columns[number], key=middle)


def neighbours(ways: tuple[Way, ...]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For each cell those joined to it on the left, and those on the right."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for way in ways:
        for left, right in zip(way.cells, way.cells[1:], strict=False):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    return before, after
