"""One row of a check: what was looked at, how it is, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pass", "fail", "can't tell"]


@dataclass(frozen=True, slots=True)
class Row:
    """One prerequisite of sharing."""

    subject: str
    """What it is about: ``mesh``, ``organization``, ``network``, ``discovery``, …"""
    outcome: Outcome
    text: str
    mend: str = ""


def passed(subject: str, text: str) -> Row:
    """Something that is as it must be."""
    return Row(subject, "pass", text)


def failed(subject: str, text: str, mend: str) -> Row:
    """Something that stands in the way, and what removes it."""
    return Row(subject, "fail", text, mend)


def untold(subject: str, text: str, mend: str = "") -> Row:
    """Something that can't be told from here, and what would tell."""
    return Row(subject, "can't tell", text, mend)
