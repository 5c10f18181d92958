"""How high the cells of a layered drawing stand: lanes below each other, edges nearly level."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.track import neighbours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.inspect.diagram.track import Cell, Tracks

GAP: Final = 16.0
"""Between two cells of a column."""
HEAD: Final = 30.0
"""Above the cells of a lane, for its name."""
FOOT: Final = 14.0
BETWEEN: Final = 14.0
"""Between two lanes."""
SWEEPS: Final = 5


@dataclass(frozen=True, slots=True)
class Lane:
    """A band of the drawing; its cells stand between ``top`` and ``bottom``."""

    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Levels:
    """The lanes, and the upper edge of each cell."""

    lanes: tuple[Lane, ...]
    tops: dict[str, float]


def levels_of(tracks: Tracks, lanes: int, start: float) -> Levels:
    """The levels of a drawing of so many lanes that begins at ``start``; none is one of no name."""
    stacks = [_stack(tracks.cells, column) for column in tracks.columns]
    bands = _bands(stacks, max(lanes, 1), start if lanes else start - HEAD)
    tops: dict[str, float] = {}
    for stack in stacks:
        for lane, members in stack.items():
            _settle(members, bands[lane], {}, tops)
    before, after = neighbours(tracks.ways)
    for sweep in range(SWEEPS):
        joined = before if sweep % 2 == 0 else after
        for stack in stacks if sweep % 2 == 0 else reversed(stacks):
            for lane, members in stack.items():
                wanted = {cell.key: _wanted(cell, joined, tracks.cells, tops) for cell in members}
                _settle(members, bands[lane], wanted, tops)
    return Levels(tuple(bands), tops)


def _stack(cells: Mapping[str, Cell], column: Sequence[str]) -> dict[int, list[Cell]]:
    """The cells of a column by lane."""
    ordered = [cells[key] for key in column]
    return {lane: list(members) for lane, members in groupby(ordered, key=lambda cell: cell.lane)}


def _bands(stacks: Sequence[Mapping[int, list[Cell]]], lanes: int, start: float) -> list[Lane]:
    bands = []
    for lane in range(lanes):
        needed = max((_height(stack[lane]) for stack in stacks if lane in stack), default=0.0)
        top = start + HEAD
        bands.append(Lane(top, top + needed))
        start = top + needed + FOOT + BETWEEN
    return bands


def _height(cells: Sequence[Cell]) -> float:
    return sum(cell.height for cell in cells) + GAP * (len(cells) - 1)


def _wanted(
    cell: Cell,
    joined: Mapping[str, list[str]],
    cells: Mapping[str, Cell],
    tops: Mapping[str, float],
) -> float:
    """The level at which a cell stands beside the middle of what it is joined to."""
    others = joined.get(cell.key, ())
    if not others:
        return tops[cell.key]
    middles = [tops[other] + cells[other].height / 2 for other in others]
    return sum(middles) / len(middles) - cell.height / 2


def _settle(
    cells: Sequence[Cell], lane: Lane, wanted: Mapping[str, float], tops: dict[str, float]
) -> None:
    """Puts the cells of a column and lane as near to their levels as their order allows."""
    free = lane.top
    for cell in cells:
        tops[cell.key] = max(wanted.get(cell.key, free), free)
        free = tops[cell.key] + cell.height + GAP
    free = lane.bottom
    for cell in reversed(cells):
        tops[cell.key] = min(tops[cell.key], free - cell.height)
        free = tops[cell.key] - GAP
