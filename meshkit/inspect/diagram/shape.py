"""How large a box is, and where its texts stand in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.text import clip, width

if TYPE_CHECKING:
    from meshkit.inspect.diagram.picture import Box

SIZES: Final = {
    "title": 14.0,
    "subtitle": 12.0,
    "frame": 12.0,
    "name": 12.0,
    "small": 10.5,
    "service": 10.5,
    "label": 10.5,
}
"""Of the font, by what a text is."""
PAD: Final = 10.0
SERVICE_ROW: Final = 22.0
NAME_ROW: Final = 20.0
SMALL_ROW: Final = 15.0
LONGEST: Final = 28
"""Cells of a name that is not clipped."""
PORT: Final = 17.0
"""Distance between edges that leave a box with labels."""
COLUMN_GAP: Final = 14.0


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in a box; ``x`` and ``y`` are where its baseline begins."""

    text: str
    x: float
    y: float
    style: str
    """A key of ``SIZES``."""
    title: str = ""
    """All of it, and what else there is to say."""

    @property
    def size(self) -> float:
        """The size of its font."""
        return SIZES[self.style]

    @property
    def width(self) -> float:
        """The room it takes."""
        return width(self.text, self.size)


@dataclass(frozen=True, slots=True)
class Shape:
    """A box without its place."""

    width: float
    height: float
    texts: tuple[Text, ...]
    bars: tuple[float, ...] = ()
    """Where each service's bar begins, from the top; a bar is ``SERVICE_ROW`` high."""
    ports: dict[str, float] = field(default_factory=dict)
    """How far down edges arrive, by service; under the empty name those to the box itself."""


def shape_of(box: Box, labelled: int) -> Shape:
    """The shape of a box that so many labelled edges leave."""
    return _account(box) if box.members else _part(box, labelled)


def _part(box: Box, labelled: int) -> Shape:
    texts: list[Text] = []
    ports = {}
    top = 0.0
    for service in box.services:
        ports[service] = top + SERVICE_ROW / 2
        texts.append(line(service, PAD, top + 15, "service"))
        top += SERVICE_ROW
    ports[""] = top + 5 + NAME_ROW / 2
    texts.append(line(box.name, PAD, top + 19, "name"))
    below = top + 5 + NAME_ROW
    for number, detail in enumerate(box.details):
        texts.append(line(detail, PAD, below + 11 + number * SMALL_ROW, "small"))
    height = below + len(box.details) * SMALL_ROW + 7
    bars = tuple(number * SERVICE_ROW for number in range(len(box.services)))
    return Shape(_around(texts), max(height, (labelled + 1) * PORT), tuple(texts), bars, ports)


def _account(box: Box) -> Shape:
    """A whole account: its name, what it has, and its members in columns."""
    heads = [line(box.name, PAD, 20, "name")]
    below = 26.0
    for detail in box.details:
        heads.append(line(detail, PAD, below + 11, "small", most=2 * LONGEST))
        below += SMALL_ROW
    below += 6
    count = max(1, round(math.sqrt(len(box.members) / 8)))
    rows = math.ceil(len(box.members) / count)
    texts = []
    x = PAD
    for first in range(0, len(box.members), rows):
        column = [
            line(member.name, x, below + 11 + row * SMALL_ROW, "small", note=member.note)
            for row, member in enumerate(box.members[first : first + rows])
        ]
        texts += column
        x = max(text.x + text.width for text in column) + COLUMN_GAP
    height = below + rows * SMALL_ROW + 8
    return Shape(_around([*heads, *texts]), height, (*heads, *texts), ports={"": 26 / 2 + 3})


def line(text: str, x: float, y: float, style: str, *, note: str = "", most: int = LONGEST) -> Text:
    """A text clipped to so many cells; where it was clipped, its title is all of it."""
    shown = clip(text, most)
    title = ": ".join(part for part in (text, note) if part) if note or shown != text else ""
    return Text(shown, x, y, style, title)


def _around(texts: list[Text]) -> float:
    return max(text.x + text.width for text in texts) + PAD
