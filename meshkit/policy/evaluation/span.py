"""Truth about many resources at once, as far as it is known."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """The resources of which something is surely true, and those of which it may be true.

    Both are bits; the second has all bits of the first.
    """

    sure: int
    maybe: int

    def __and__(self, other: Span) -> Span:
        return Span(self.sure & other.sure, self.maybe & other.maybe)

    def __or__(self, other: Span) -> Span:
        return Span(self.sure | other.sure, self.maybe | other.maybe)

    def without(self, other: Span) -> Span:
        """Where this is true and the other is not."""
        return Span(self.sure & ~other.maybe, self.maybe & ~other.sure)

    @property
    def open(self) -> int:
        """Where it is not known."""
        return self.sure ^ self.maybe


NOWHERE = Span(0, 0)
