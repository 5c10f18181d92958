"""How much room a text takes, and how it is made fit and safe."""

from __future__ import annotations

import re
import unicodedata
from html import escape as _escape
from typing import Final

ADVANCE: Final = 0.61
"""Width of a character over the size of the font: the widest of the common monospaced fonts."""
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """``text`` for XML and HTML, in elements and in quoted attributes.

    Characters that XML 1.0 does not allow become the replacement character.
    """
    return _escape(_NOT_XML.sub("\ufffd", text))


def cells(text: str) -> int:
    """The width of a text in characters of a monospaced font; wide ones count twice."""
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )


def width(text: str, size: float) -> float:
    """The width of a text in a font of this size."""
    return cells(text) * size * ADVANCE


def clip(text: str, most: int) -> str:
    """``text`` on one line in so many cells at most; names differ at their ends, so those stay."""
    text = " ".join(text.split())
    if cells(text) <= most:
        return text
    head, tail = (most - 1) - (most - 1) // 3, (most - 1) // 3
    return f"{_fitting(text, head)}…{_fitting(text[::-1], tail)[::-1]}"


def _fitting(text: str, most: int) -> str:
    taken = ""
    for each in text:
        if cells(taken + each) > most:
            break
        taken += each
    return taken
