"""Where everything in a picture stands, in units of the picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.levels import FOOT, HEAD, levels_of
from meshkit.inspect.diagram.shape import PORT, SERVICE_ROW, SIZES, Shape, Text, line, shape_of
from meshkit.inspect.diagram.text import ADVANCE, clip, width
from meshkit.inspect.diagram.track import tracks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.diagram.levels import Levels
    from meshkit.inspect.diagram.picture import Box, Edge, Picture
    from meshkit.inspect.diagram.track import Tracks

MARGIN: Final = 14.0
TITLE: Final = 52.0
"""Height of the title and the line below it."""
BEND: Final = 64.0
"""Width in which an edge goes from one level to another."""
LABEL_GAP: Final = 6.0
LONGEST_LABEL: Final = 24
INSET: Final = 12.0
"""Of the name of an account in its frame."""
LEAST_WIDTH: Final = 420.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of an account."""

    label: Text
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A box in its place."""

    box: Box
    shape: Shape
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """An edge: level from ``start`` on, bending between the levels it runs at."""

    edge: Edge
    points: tuple[tuple[float, float, float], ...]
    """Each level stretch from left to right: where it begins and ends, and its height."""
    turned: bool
    """Whether it points to the left."""
    label: Text | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture."""

    picture: Picture
    width: float
    height: float
    heading: tuple[Text, ...]
    frames: tuple[Frame, ...]
    boxes: tuple[Placed, ...]
    lines: tuple[Line, ...]


def layout_of(picture: Picture) -> Layout:
    """The layout of a picture; no text in it covers another."""
    labelled = Counter(edge.source for edge in picture.edges if edge.label)
    shapes = {box.key: shape_of(box, labelled[box.key]) for box in picture.boxes}
    tracks = tracks_of(picture, shapes)
    levels = levels_of(tracks, len(picture.groups), MARGIN + TITLE)
    lefts = _lefts(tracks)
    boxes = tuple(_placed(box, shapes[box.key], tracks, levels, lefts) for box in picture.boxes)
    right = lefts[-1][0] if lefts else 0.0
    whole = max(right + MARGIN, LEAST_WIDTH)
    return Layout(
        picture,
        whole,
        levels.lanes[-1].bottom + FOOT + MARGIN,
        _heading(picture, whole),
        _frames(picture, levels, whole),
        boxes,
        _Lines(tracks, levels, lefts, {each.box.key: each for each in boxes}).all(),
    )


def _placed(
    box: Box,
    shape: Shape,
    tracks: Tracks,
    levels: Levels,
    lefts: list[tuple[float, float, float]],
) -> Placed:
    """A box, as wide as its column."""
    left, right, _ = lefts[tracks.cells[box.key].rank]
    return Placed(box, replace(shape, width=right - left), left, levels.tops[box.key])


def _heading(picture: Picture, whole: float) -> tuple[Text, ...]:
    room = whole - 2 * MARGIN
    secure = any(edge.tls for edge in picture.edges)
    subtitle = f"{picture.subtitle}; thick lines are TLS" if secure else picture.subtitle
    return (
        line(picture.title, MARGIN, 27, "title", most=_fitting(room, "title")),
        line(subtitle, MARGIN, 48, "subtitle", most=_fitting(room, "subtitle")),
    )


def _fitting(room: float, style: str) -> int:
    """How many cells of text there is room for."""
    return int(room / (SIZES[style] * ADVANCE))


def _lefts(tracks: Tracks) -> list[tuple[float, float, float]]:
    """For each column its left and right edge, and where bends may begin; then the end of all."""
    labels = _label_widths(tracks)
    found = []
    x = 2 * MARGIN
    for rank, column in enumerate(tracks.columns):
        right = x + max(tracks.cells[key].width for key in column)
        last = rank == len(tracks.columns) - 1
        free = right + labels.get(rank, 0.0)
        found.append((x, right, free))
        x = right + MARGIN if last else free + BEND
    found.append((x, x, x))
    return found


def _label_widths(tracks: Tracks) -> dict[int, float]:
    """The room for labels right of each column."""
    found: dict[int, float] = {}
    for way in tracks.ways:
        if way.edge.label:
            rank = tracks.cells[way.cells[0]].rank
            room = width(clip(way.edge.label, LONGEST_LABEL), SIZES["label"]) + 2 * LABEL_GAP
            found[rank] = max(found.get(rank, 0.0), room)
    return found


def _frames(picture: Picture, levels: Levels, whole: float) -> tuple[Frame, ...]:
    room = whole - 2 * MARGIN
    most = _fitting(room - 2 * INSET, "frame")
    return tuple(
        Frame(
            line(group.label, MARGIN + INSET, lane.top - HEAD + 20, "frame", most=most),
            MARGIN,
            lane.top - HEAD,
            room,
            lane.bottom - lane.top + HEAD + FOOT,
        )
        for group, lane in zip(picture.groups, levels.lanes, strict=False)
    )


class _Lines:
    """Draws the edges between boxes that stand."""

    def __init__(
        self,
        tracks: Tracks,
        levels: Levels,
        lefts: list[tuple[float, float, float]],
        boxes: Mapping[str, Placed],
    ) -> None:
        self._tracks, self._levels, self._lefts, self._boxes = tracks, levels, lefts, boxes
        self._exits = self._leaving()

    def all(self) -> tuple[Line, ...]:
        return tuple(self._line(number) for number in range(len(self._tracks.ways)))

    def _leaving(self) -> dict[int, float]:
        """The level at which each way leaves its left box."""
        by_box: dict[str, list[int]] = {}
        for number, way in enumerate(self._tracks.ways):
            by_box.setdefault(way.cells[0], []).append(number)
        found = {}
        for key, numbers in by_box.items():
            slots = self._slots(numbers)
            box = self._boxes[key]
            first = box.y + box.shape.height / 2 - (len(slots) - 1) / 2 * PORT
            for place, slot in enumerate(slots):
                found.update(dict.fromkeys(slot, first + place * PORT))
        return found

    def _slots(self, numbers: list[int]) -> list[list[int]]:
        """Ways that leave together: each with a label alone, those that arrive here, all others."""
        ways = self._tracks.ways
        labelled = [number for number in numbers if ways[number].edge.label]
        labelled.sort(key=lambda number: self._levels.tops[ways[number].cells[1]])
        plain = [number for number in numbers if not ways[number].edge.label]
        leaving = [number for number in plain if not ways[number].turned]
        arriving = [number for number in plain if ways[number].turned]
        return [*([number] for number in labelled), *(each for each in (leaving, arriving) if each)]

    def _line(self, number: int) -> Line:
        way = self._tracks.ways[number]
        cells = self._tracks.cells
        first, *passed, last = way.cells
        level = self._exits[number]
        box = self._boxes[first]
        free = self._lefts[cells[first].rank][2]
        points = [(box.x + box.shape.width, free, level)]
        for key in passed:
            left, _, right = self._lefts[cells[key].rank]
            points.append((left, right, self._levels.tops[key] + cells[key].height / 2))
        end = self._boxes[last]
        entry = end.y + end.shape.ports.get("" if way.turned else way.edge.service, SERVICE_ROW / 2)
        points.append((end.x, end.x, entry))
        return Line(way.edge, tuple(points), way.turned, self._label(way.edge, box, level))

    @staticmethod
    def _label(edge: Edge, box: Placed, level: float) -> Text | None:
        if not edge.label:
            return None
        x = box.x + box.shape.width + LABEL_GAP
        return line(edge.label, x, level - 3, "label", most=LONGEST_LABEL)
