"""The resources that are asked about, as bits of a number, and which of them a pattern matches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from meshkit.policy.pattern import Automaton, automaton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.policy.pattern import Pattern


class Resources:
    """Resources in the order of their names; the first is the lowest bit."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        self.all = (1 << len(self.names)) - 1
        self._bits = {name: 1 << number for number, name in enumerate(self.names)}
        self._masks: dict[Pattern, int] = {}
        self._sets: dict[int, frozenset[str]] = {}
        self._shared: list[int] | None = None

    def matching(self, pattern: Pattern) -> int:
        """The resources that an element ``Resource`` with this pattern covers."""
        if pattern.exact is not None:
            return self._bits.get(pattern.exact, 0)
        mask = self._masks.get(pattern)
        if mask is None:
            mask = self._masks[pattern] = self._matching(pattern)
        return mask

    def named(self, mask: int) -> frozenset[str]:
        """The names behind the bits."""
        names = self._sets.get(mask)
        if names is None:
            chosen = (
                name
                for name, bit in zip(self.names, reversed(f"{mask:b}"), strict=False)
                if bit == "1"
            )
            names = self._sets[mask] = frozenset(chosen)
        return names

    def _matching(self, pattern: Pattern) -> int:
        prefix = pattern.prefix
        if prefix is None:
            return self._walked(automaton(pattern, arn=True))
        low = bisect_left(self.names, prefix)
        high = bisect_right(self.names, prefix, lo=low, key=lambda name: name[: len(prefix)])
        return (1 << high) - (1 << low)

    def _walked(self, machine: Automaton) -> int:
        """Runs over all names, reading the beginnings that neighbours share only once."""
        if self._shared is None:
            pairs = zip(["", *self.names], self.names, strict=False)
            self._shared = [_common(before, name) for before, name in pairs]
        mask = 0
        states = [1]  # after each character of the name before, up to where nothing matched
        for number, name in enumerate(self.names):
            shared = self._shared[number]
            if shared >= len(states):
                continue
            del states[shared + 1 :]
            for char in name[shared:]:
                state = machine.step(states[-1], char)
                if not state:
                    break
                states.append(state)
            else:
                if machine.ends(states[-1]):
                    mask |= 1 << number
        return mask


def _common(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    shorter = min(len(one), len(other))
    return next((n for n in range(shorter) if one[n] != other[n]), shorter)
