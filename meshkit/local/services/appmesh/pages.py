"""Pages of App Mesh lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from meshkit.local.services import paging
from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError

T = TypeVar("T")


def page(
    call: Call, items: Iterable[T], key: Callable[[T], str], most: int
) -> tuple[list[T], str | None]:
    """Return one page by the call's `limit` (default `most`) and `nextToken`, and the next token.

    Raises `BadRequestException` (the code is inferred) for a token that is not one.
    """
    limit = call.params.get("limit", most)
    try:
        return paging.page(items, key, limit, call.params.get("nextToken"))
    except paging.BadTokenError:
        raise ApiError("BadRequestException", "The nextToken is not valid") from None
