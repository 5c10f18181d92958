"""What a plain scalar means by the core schema of YAML 1.2."""

from __future__ import annotations

import re
import string
from typing import Final

Scalar = str | int | float | bool | None

_CONSTANTS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{
        f"{sign}{name}": float(f"{sign}inf")
        for sign in ("", "-", "+")
        for name in (".inf", ".Inf", ".INF")
    },
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,63})")
_BASED: Final = re.compile(r"0o[0-7]{1,64}|0x[0-9a-fA-F]{1,64}")
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"
)
LETTERS: Final = frozenset(string.ascii_letters) - frozenset("fFnNtT")
"""A plain scalar that begins with one of these is always text."""
_NUMBER_STARTS: Final = frozenset("-+.0123456789")


def plain(text: str) -> Scalar:
    """The value of an unquoted scalar.

    One difference from the core schema: whole numbers with leading zeros (``012345670123``) and
    those of more than 64 digits stay text. The first are account ids, whose zeros a number loses.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return int(text, 0) if _BASED.fullmatch(text) else text


def shown(value: Scalar) -> str:
    """A value as YAML writes it within a text."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
