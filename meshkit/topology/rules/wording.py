"""How findings word what they have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshkit.topology.rules.view import Section, View


def unknown(view: View, kind: str, name: str, section: Section) -> str:
    """That a name leads nowhere, with the nearest right one or where to add it."""
    nearest = view.suggester(section).nearest(name)
    if nearest:
        return f'no {kind} "{name}" (did you mean "{nearest}"?)'
    return f'no {kind} "{name}"; add it under {section}, or correct the name'


def a(protocol: str) -> str:
    """``an http``, ``a grpc``."""
    return f"an {protocol}" if protocol.startswith("http") else f"a {protocol}"


def either(values: Iterable[object]) -> str:
    """``80``, ``80 or 81``, ``80, 81 or 82``."""
    return _joined([str(value) for value in values], "or")


def both(values: Iterable[object]) -> str:
    """``a``, ``a and b``, ``a, b and c``; beyond four, how many more."""
    texts = [str(value) for value in values]
    if len(texts) > 4:
        texts = [*texts[:3], f"{len(texts) - 3} more"]
    return _joined(texts, "and")


def _joined(texts: Sequence[str], word: str) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"
