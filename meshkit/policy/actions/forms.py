"""Whether a resource of a policy can be of a resource type."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_WITH_SLASHES: Final = re.compile(r"\w*Path|OidcProviderName")
"""Placeholders of the reference that stand for more than one part between slashes."""
_PARTING: Final = ("/", ":")


class _Token(NamedTuple):
    """One character, or many, of some kind; without ``text``, any."""

    text: str = ""
    parting: bool = True
    """Whether it may be a ``/`` or ``:``."""
    many: bool = False
    """None, one or more of it."""

    def meets(self, other: _Token) -> bool:
        """Whether some character is of both kinds."""
        if self.text and other.text:
            return self.text == other.text
        parting = (self.text or other.text) in _PARTING
        return not parting or (self.parting and other.parting)


def can_be(resource: str, arn: str) -> bool:
    """Whether some ARN of this form is one that the resource of a policy covers.

    ``*``, ``?`` and policy variables in the resource stand for whatever fits; so do the
    placeholders of the form, within their part of the ARN.
    """
    return _overlap(_of_policy(resource), _of_reference(arn))


@lru_cache(maxsize=4096)
def _of_policy(resource: str) -> tuple[_Token, ...]:
    kinds = {"*": _Token(many=True), "?": _Token()}
    plain = _VARIABLE.sub("*", resource)
    return tuple(kinds.get(char) or _Token(char) for char in plain)


@lru_cache(maxsize=256)
def _of_reference(arn: str) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    for place, part in enumerate(_PLACEHOLDER.split(arn)):
        if place % 2 == 0:
            tokens += map(_Token, part)
        elif _WITH_SLASHES.fullmatch(part):
            tokens.append(_Token(many=True))
        else:
            one = _Token(parting=False)
            tokens += (one, one._replace(many=True))
    return tuple(tokens)


def _overlap(left: tuple[_Token, ...], right: tuple[_Token, ...]) -> bool:
    """Whether both can be the same text: a walk over every pair of places that is reached."""
    seen, open_ = set[tuple[int, int]](), [(0, 0)]
    while open_:
        place = open_.pop()
        if place == (len(left), len(right)):
            return True
        if place not in seen:
            seen.add(place)
            open_ += _next(left, right, *place)
    return False


def _next(
    left: tuple[_Token, ...], right: tuple[_Token, ...], i: int, j: int
) -> list[tuple[int, int]]:
    one = left[i] if i < len(left) else None
    two = right[j] if j < len(right) else None
    found = []
    if one and one.many:
        found.append((i + 1, j))
    if two and two.many:
        found.append((i, j + 1))
    if one and two and one.meets(two):
        found.append((i + (not one.many), j + (not two.many)))
    return found
