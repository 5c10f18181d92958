"""A finding: one fault or warning, with the rule it breaks and the place where it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
PathItem = str | int
Path = tuple[PathItem, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with a stable code; its page in the docs is made from these texts."""

    code: str
    """``MK`` and three digits; never used again for another rule."""
    title: str
    """What holds when the rule is kept, in one sentence."""
    why: str
    """Why AWS or meshkit asks for it."""
    mend: str
    """What to do about a finding."""
    source: str
    """The AWS document, API or decision the rule comes from."""
    severity: Severity = "error"

    def at(self, path: Path, message: str, location: Location | None = None) -> Finding:
        """A finding of this rule; whatever a message quotes, it stays on one line."""
        one_line = r"\n".join(message.splitlines())
        return Finding(self.code, path, one_line, self.severity, location)


class Location(NamedTuple):
    """A place in a file, counted from 1; without line and column, the whole of it."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or warning.

    ``path`` leads to the value in the file's own terms, ``("nodes", "a", "backends", 0)``.
    ``location`` is there when the value came from a file.
    """

    code: str
    path: Path
    message: str
    severity: Severity = "error"
    location: Location | None = None

    def __str__(self) -> str:
        return self._told("warning " if self.severity == "warning" else "")

    @property
    def unlabelled(self) -> str:
        """Its text without the word warning, for where that is said already."""
        return self._told("")

    def _told(self, label: str) -> str:
        where = f"{self.location}: " if self.location else ""
        at = f"{dotted(self.path)}: " if self.path else ""
        return f"{where}{at}{label}{self.code} {self.message}"


def dotted(path: Path) -> str:
    """``nodes.a.backends[0]``; a key that is not a plain word stands in brackets and quotes."""
    text = ""
    for item in path:
        if isinstance(item, int):
            text += f"[{item}]"
        elif item.replace("-", "").replace("_", "").isalnum():
            text += f".{item}" if text else item
        else:
            text += f"[{json.dumps(item, ensure_ascii=False)}]"
    return text
