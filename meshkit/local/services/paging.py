"""Pages of a list, with tokens that stay good while entries come and go."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


class BadTokenError(Exception):
    """A `nextToken` that no earlier page gave out."""


def page(
    items: Iterable[T], key: Callable[[T], str], limit: int, token: str | None
) -> tuple[list[T], str | None]:
    """Return the next `limit` items in the order of `key`, and the token of the page after.

    The token names the last key of the page, so entries deleted or added between two pages
    neither repeat nor hide others. Keys must be unique. Raises `BadTokenError`.
    """
    after = _decode(token) if token else None
    ordered = sorted(items, key=key)
    rest = [item for item in ordered if after is None or key(item) > after]
    shown = rest[:limit]
    more = len(rest) > limit
    return shown, _encode(key(shown[-1])) if more else None


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadTokenError from error
