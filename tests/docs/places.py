"""Where the documentation is, and how its text is taken apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tools.doc_outputs import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES: Final = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/*/README.md"),
    ]
)
_BLOCK: Final = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """A block of code in a page."""

    language: str
    text: str


def read(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> Iterator[Block]:
    """The blocks of code of a page."""
    for match in _BLOCK.finditer(read(page)):
        yield Block(match["language"], match["text"])


def prose(page: str) -> str:
    """The text of a page without its blocks of code."""
    return _BLOCK.sub("", read(page))
