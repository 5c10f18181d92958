"""Texts with wildcards, and how they match: ``*`` any characters, ``?`` one.

A pattern matches in one pass over a text, whatever its number of wildcards: all places of the
pattern that may be reached are the bits of one number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

_WILDCARD = re.compile(r"([*?])")
_FIELDS = 5
"""Colons before the last part of an ARN, which may have more of them."""


class Wild(Enum):
    """A part of a pattern that stands for others."""

    MANY = "*"
    ONE = "?"


Token = str | Wild


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal texts and wildcards in turn."""

    tokens: tuple[Token, ...]
    exact: str | None = field(init=False, compare=False)
    """The one text it matches, where it has no wildcard."""
    prefix: str | None = field(init=False, compare=False)
    """What every text begins with that it matches, where it has no wildcard but a ``*`` at its end.

    Every text that begins so matches.
    """

    def __post_init__(self) -> None:
        texts = [token for token in self.tokens if isinstance(token, str)]
        exact = "".join(texts) if len(texts) == len(self.tokens) else None
        ends = len(texts) == len(self.tokens) - 1 and self.tokens[-1] is Wild.MANY
        object.__setattr__(self, "exact", exact)
        object.__setattr__(self, "prefix", "".join(texts) if ends else None)

    @property
    def plain(self) -> str:
        """Its text, where wildcards have no meaning."""
        return "".join(each if isinstance(each, str) else each.value for each in self.tokens)

    def matches(self, text: str) -> bool:
        """Whether the text matches, where ``*`` and ``?`` stand for any characters."""
        if self.exact is not None:
            return text == self.exact
        if self.prefix is not None:
            return text.startswith(self.prefix)
        return automaton(self, arn=False).accepts(text)


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text whose ``*`` and ``?`` are wildcards."""
    return tuple(
        Wild(part) if part in ("*", "?") else part for part in _WILDCARD.split(text) if part
    )


@lru_cache(maxsize=16384)
def pattern_of(text: str) -> Pattern:
    """The pattern of a text whose ``*`` and ``?`` are wildcards."""
    return Pattern(tokens_of(text))


class Automaton:
    """A pattern as a number of places; a state is the set of places reached, as bits.

    With ``arn``, wildcards in the first five parts of an ARN stay within their part, but for a
    ``*`` that ends its part: that one may go on beyond the colon.
    Source: IAM User Guide, JSON policy elements: Resource, wildcards in resource ARNs.
    """

    def __init__(self, tokens: tuple[Token, ...], *, arn: bool) -> None:
        self._taken: dict[str, int] = {}
        self._one = self._one_colon = 0
        self._stay = self._stay_colon = 0
        colons = place = 0
        for number, token in enumerate(tokens):
            if isinstance(token, str):
                for char in token:
                    self._taken[char] = self._taken.get(char, 0) | 1 << place
                    place += 1
                colons += token.count(":")
                continue
            following = tokens[number + 1] if number + 1 < len(tokens) else ":"
            crossing = not arn or colons >= _FIELDS
            if token is Wild.ONE:
                self._one |= 1 << place
                self._one_colon |= crossing << place
                place += 1
            else:
                ends = isinstance(following, str) and following.startswith(":")
                self._stay |= 1 << place
                self._stay_colon |= (crossing or ends) << place
        self._end = 1 << place

    def step(self, state: int, char: str) -> int:
        """The places reached after one more character; none of them means that nothing matches."""
        taken = self._taken.get(char, 0)
        if char == ":":
            return (state & (taken | self._one_colon)) << 1 | state & self._stay_colon
        return (state & (taken | self._one)) << 1 | state & self._stay

    def ends(self, state: int) -> bool:
        """Whether the text so far matches."""
        return bool(state & self._end)

    def accepts(self, text: str) -> bool:
        """Whether the whole text matches."""
        state = 1
        for char in text:
            state = self.step(state, char)
            if not state:
                return False
        return self.ends(state)


@lru_cache(maxsize=4096)
def automaton(pattern: Pattern, *, arn: bool) -> Automaton:
    """The automaton of a pattern."""
    return Automaton(pattern.tokens, arn=arn)
