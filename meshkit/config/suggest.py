"""Finds the right name for a wrong one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FEW: Final = 40
"""Names that are compared letter by letter; of more names, those with the rarest letters shared."""


class Suggester:
    """Finds the nearest of many names; worth keeping for more than one question."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._by_gram: dict[str, list[int]] = {}

    def nearest(self, name: str) -> str | None:
        """The name that differs least from ``name``, or None if every one differs much.

        Much is more than a third of the letters, or more than three. Case, ``-`` and ``_`` do not
        count. Of equals, the first.
        """
        wanted = _folded(name)
        best, limit = None, min(3, (len(wanted) + 1) // 3)
        for candidate in self._candidates(wanted):
            away = _distance(wanted, _folded(candidate), limit)
            if away <= limit:
                best, limit = candidate, away - 1
        return best

    def _candidates(self, wanted: str) -> Iterable[str]:
        if len(self._names) <= _FEW:
            return self._names
        if not self._by_gram:
            for place, name in enumerate(self._names):
                for gram in _grams(_folded(name)):
                    self._by_gram.setdefault(gram, []).append(place)
        found = sorted((self._by_gram.get(gram, []) for gram in _grams(wanted)), key=len)
        shared: Counter[int] = Counter()
        for places in found:
            if places and len(shared) + len(places) > 50 * _FEW and shared:
                break
            shared.update(places[: 50 * _FEW])
        nearest = sorted(shared, key=lambda place: (-shared[place], place))[:_FEW]
        return [self._names[place] for place in nearest]


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name nearest to ``name``; see `Suggester.nearest`."""
    return Suggester(names).nearest(name)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`` (did you mean "…"?)``, or nothing where no name is near."""
    found = nearest(name, names)
    return f' (did you mean "{found}"?)' if found else ""


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


def _grams(name: str) -> Iterator[str]:
    """Pairs of letters, with the ends marked."""
    framed = f"^{name}$"
    return iter({framed[place : place + 3] for place in range(len(framed) - 2)})


def _distance(left: str, right: str, limit: int) -> int:
    """How many letters to add, drop, change or swap with the next; above ``limit``, any more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    above = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit + 1:
            return limit + 1
        before, above = above, row
    return above[-1]
