"""Reads a YAML or JSON file into plain data with positions.

Goes by parser events rather than by ``yaml.load``: several times faster on large files, and safe
against deep nesting, which ends the process inside the C composer.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from meshkit.config import json_events, rules
from meshkit.config.builder import Document, build, unreadable
from meshkit.config.finding import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 32 * 1024 * 1024
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_PROBLEMS: Final = {
    "mapping values are not allowed in this context": (
        'a second colon on the line, or wrong indentation; put text that holds ": " in quotes'
    ),
    "found character that cannot start any token": (
        "this character can't begin a value; indent by spaces, and put text that begins "
        "with @, ` or % in quotes"
    ),
    "found a tab character where an indentation space is expected": "indent by spaces, not tabs",
    "did not find expected key": "a key is wanted here; check the indentation and the quotes",
    "did not find expected '-' indicator": "a list item (- ) is wanted here; check the indentation",
    "did not find expected ',' or '}'": "a comma or } is wanted here",
    "did not find expected ',' or ']'": "a comma or ] is wanted here",
    "did not find expected node content": "a value is wanted here",
    "could not find expected ':'": "a colon is wanted after the key",
    "found unexpected end of stream": "the quotes are not closed",
    "found undefined tag handle": "the tag means nothing here; write the value without it",
}
"""What libyaml says, for people who write YAML but not parsers."""


def read_file(path: str | Path) -> Document:
    """The data of a file; JSON if its name ends in ``.json``, else YAML.

    Raises:
        UnreadableError: no such file, not UTF-8, not YAML or JSON, larger than 32 MiB, more than
            one document, or too deep. One line, with the place.
    """
    file = str(path)
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unreadable(rules.FILE, file, f"can't be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise unreadable(
            rules.FILE, file, "is larger than 32 MiB; split it with include, or give another file"
        )
    return read_text(_decode(data, file), file, json=file.lower().endswith(".json"))


def read_text(text: str, file: str, *, json: bool = False) -> Document:
    """The data of a text, as `read_file`; ``file`` is the name that findings show."""
    text = text.removeprefix("\ufeff")
    control = _CONTROL.search(text)
    if control:
        where = _location(file, text[: control.start()])
        message = f"the character U+{ord(control[0]):04X} is not text; remove it"
        raise unreadable(rules.ENCODING, where, message)
    return _read_json(text, file) if json else _read_yaml(text, file)


def _read_yaml(text: str, file: str) -> Document:
    try:
        return build(_events(text), file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Location(file, mark.line + 1, mark.column + 1) if mark else file
        message = _PROBLEMS.get(error.problem or "", error.problem or "not YAML")
        start = error.context_mark
        if start and mark and start.line < mark.line:
            message += f" ({error.context} that begins on line {start.line + 1})"
        raise unreadable(rules.SYNTAX, where, message) from None
    except yaml.YAMLError as error:
        message = " ".join(str(error).split())
        raise unreadable(rules.SYNTAX, file, message) from None


def _events(text: str) -> Iterator[Any]:
    # yaml.parse asks twice for each event.
    parser = _LOADER(text)
    try:
        yield from iter(parser.get_event, None)
    finally:
        parser.dispose()


def _read_json(text: str, file: str) -> Document:
    try:
        return build(json_events.events(text), file)
    except json_events.JsonError as error:
        where = Location(file, error.mark.line + 1, error.mark.column + 1)
        raise unreadable(rules.SYNTAX, where, str(error)) from None


def _decode(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise unreadable(rules.ENCODING, _location(file, before), message) from None


def _location(file: str, before: str) -> Location:
    """The place after a text."""
    return Location(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
