"""JSON as the same parser events as YAML, with the places that ``json`` does not tell.

YAML readers take most JSON, but not all: tabs before the first brace, pairs of surrogate escapes
and keys of more than 1,024 characters.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(
    r'(?P<mark>[{}\[\]:,])|(?P<text>"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")'
    r"|(?P<word>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.])"
    r"|(?:true|false|null)(?!\w))"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_STARTS: Final = {"{": yaml.MappingStartEvent, "[": yaml.SequenceStartEvent}
_ENDS: Final = {"}": yaml.MappingEndEvent, "]": yaml.SequenceEndEvent}
_CLOSERS: Final = {"{": "}", "[": "]"}


class JsonError(Exception):
    """Text that is not JSON."""

    def __init__(self, message: str, mark: yaml.Mark) -> None:
        super().__init__(message)
        self.mark = mark


class _Token(NamedTuple):
    kind: str
    """One of ``{}[]:,``, ``text``, ``word`` or ``end``."""
    written: str
    mark: yaml.Mark


def events(text: str) -> Iterator[Any]:
    """The parser events of a JSON text.

    Raises:
        JsonError: where the text breaks the grammar of RFC 8259.
    """
    closers: list[str] = []
    wanted = _VALUE
    for token in _tokens(text):
        if token.kind not in wanted:
            raise JsonError(_complaint(token, wanted), token.mark)
        yield from _event(token)
        if token.kind in _STARTS:
            closers.append(_CLOSERS[token.kind])
        elif token.kind in _ENDS:
            closers.pop()
        wanted = _after(token, closers, key=wanted in _KEYS)


_VALUE: Final = frozenset({"{", "[", "text", "word"})
_KEY: Final = frozenset({"text"})
_FIRST_KEY: Final = frozenset({"text", "}"})
_KEYS: Final = (_KEY, _FIRST_KEY)
_FIRST_ITEM: Final = _VALUE | {"]"}
_COLON: Final = frozenset({":"})
_END: Final = frozenset({"end"})


def _after(token: _Token, closers: list[str], *, key: bool) -> frozenset[str]:
    """The kinds of token that may come next."""
    if key and token.kind == "text":
        return _COLON
    if token.kind == "{":
        return _FIRST_KEY
    if token.kind == "[":
        return _FIRST_ITEM
    if token.kind == ",":
        return _KEY if closers[-1] == "}" else _VALUE
    if token.kind == ":":
        return _VALUE
    return frozenset({",", closers[-1]}) if closers else _END


def _tokens(text: str) -> Iterator[_Token]:
    offset, line, line_start = 0, 0, 0
    while True:
        blank = _BLANK.match(text, offset)
        end = blank.end() if blank else offset
        newlines = text.count("\n", offset, end)
        if newlines:
            line, line_start = line + newlines, text.rfind("\n", offset, end) + 1
        mark = _mark(line, end - line_start)
        if end == len(text):
            yield _Token("end", "", mark)
            return
        found = _TOKEN.match(text, end)
        if found is None:
            raise JsonError(_unknown(text[end]), mark)
        kind = found.lastgroup or ""
        yield _Token(found[0] if kind == "mark" else kind, found[0], mark)
        offset = found.end()


def _mark(line: int, column: int) -> yaml.Mark:
    return yaml.Mark("", 0, line, column, None, 0)


def _event(token: _Token) -> Iterator[Any]:
    mark = token.mark
    if token.kind in _STARTS:
        yield _STARTS[token.kind](None, None, True, mark, mark)
    elif token.kind in _ENDS:
        yield _ENDS[token.kind](mark, mark)
    elif token.kind == "text":
        try:
            value = json.loads(token.written)
        except json.JSONDecodeError as error:
            message = f"the text has a wrong escape: {error.msg}"
            raise JsonError(message, _mark(mark.line, mark.column + error.pos)) from None
        if _SURROGATE.search(value):
            raise JsonError("the text has half of a pair of surrogate escapes", mark)
        yield yaml.ScalarEvent(None, None, (False, True), value, mark, mark)
    elif token.kind == "word":
        yield yaml.ScalarEvent(None, None, (True, False), token.written, mark, mark)


def _complaint(token: _Token, wanted: frozenset[str]) -> str:
    found = f"{token.written[:20]!r}" if token.written else "the end of the file"
    return f"{_NAMES.get(wanted, 'a comma or a closing bracket')} is wanted here, not {found}"


_NAMES: Final = {
    _VALUE: "a value",
    _KEY: "a key in quotes",
    _FIRST_KEY: "a key in quotes or }",
    _FIRST_ITEM: "a value or ]",
    _COLON: "a colon",
    _END: "the end of the file",
}


def _unknown(character: str) -> str:
    if character == '"':
        return "the text does not end on its line, or holds a control character"
    if character in "/#":
        return "JSON has no comments; name the file .yaml to write some"
    return f"{character!r} begins neither a value nor a key"
