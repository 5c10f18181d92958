"""How commands print findings."""

from __future__ import annotations

import json
import math
import os
import re
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import typer

from meshkit.config.finding import dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.config.finding import Finding, Severity

GOOD: Final = 0
BAD: Final = 1
"""Findings or failures."""
UNUSABLE: Final = 2
"""Something can't be read or run."""
_CODE: Final = re.compile(r"\bMK\d{3}\b")
_COLOURS: Final = {"error": "red", "warning": "yellow"}


class Format(str, Enum):
    """How results are printed."""

    text = "text"
    json = "json"


def print_line(line: str) -> None:
    """One line on standard output, without colours unless that is a terminal."""
    typer.echo(line, color=False if os.environ.get("NO_COLOR") else None)


def print_json(data: object) -> None:
    """Data for other programs; the order of the keys stays.

    JSON has no infinity and no NaN: they become text.
    """
    typer.echo(json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False))


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return data if not isinstance(data, float) or math.isfinite(data) else str(data)


def coloured(line: str, severity: Severity = "error") -> str:
    """The line of a finding, or of why a file can't be read, for a terminal."""
    return _CODE.sub(lambda code: typer.style(code[0], fg=_COLOURS[severity], bold=True), line, 1)


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding for other programs."""
    location = finding.location
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": dotted(finding.path),
        "message": finding.message,
        "file": location.file if location else None,
        "line": location.line if location else None,
        "column": location.column if location else None,
    }


def counted(number: int, thing: str) -> str:
    """``1 error``, ``2 errors``, ``2 policies``."""
    if number == 1:
        return f"1 {thing}"
    many = f"{thing[:-1]}ies" if thing.endswith("policy") else f"{thing}s"
    return f"{number} {many}"


def summary(findings: Sequence[Finding], unreadable: int, files: int) -> str:
    """What was found, in one line."""
    errors = sum(finding.severity == "error" for finding in findings)
    counts = [
        counted(errors, "error") if errors else "",
        counted(len(findings) - errors, "warning") if len(findings) > errors else "",
        counted(unreadable, "unreadable file") if unreadable else "",
    ]
    found = ", ".join(count for count in counts if count) or "No findings"
    return f"{found} in {counted(files, 'file')}."
