"""Where the statements of a policy document stand in its text."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

_BLANK = re.compile(r"[\s,:]*")
_DECODER = json.JSONDecoder()


class Span(NamedTuple):
    """The first and the last character of a part of a text, from 0."""

    start: int
    end: int


def statement_spans(text: str) -> list[Span]:
    """Return where each statement of a policy document stands, in their order."""
    for key, span in _members(text):
        if key == "Statement":
            return _items(text, span) if text[span.start] == "[" else [span]
    return []


def line_and_column(text: str, offset: int) -> dict[str, int]:
    """Return a place as a simulation shows it, from line 1 and column 1."""
    before = text[:offset]
    return {"Line": before.count("\n") + 1, "Column": offset - before.rfind("\n")}


def _members(text: str) -> list[tuple[str, Span]]:
    """Return the keys of the object that a text is, and where their values stand."""
    found: list[tuple[str, Span]] = []
    offset = _skip(text, _skip(text, 0) + 1)
    while text[offset] != "}":
        key, after = _DECODER.raw_decode(text, offset)
        span = _value(text, _skip(text, after))
        found.append((key, span))
        offset = _skip(text, span.end + 1)
    return found


def _items(text: str, array: Span) -> list[Span]:
    found: list[Span] = []
    offset = _skip(text, array.start + 1)
    while text[offset] != "]":
        found.append(_value(text, offset))
        offset = _skip(text, found[-1].end + 1)
    return found


def _value(text: str, start: int) -> Span:
    _: Any
    _, end = _DECODER.raw_decode(text, start)
    return Span(start, end - 1)


def _skip(text: str, offset: int) -> int:
    match = _BLANK.match(text, offset)
    return match.end() if match else offset
