"""Pages of RAM lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from meshkit.local.services import paging
from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError

PAGE_SIZE = 500
"""The length of a page when `maxResults` is not given; AWS leaves it open, this is its most."""


def page(
    call: Call, member: str, items: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], str]
) -> dict[str, Any]:
    """Return the answer of a list operation. Raises `InvalidNextTokenException`."""
    limit = call.params.get("maxResults", PAGE_SIZE)
    try:
        shown, token = paging.page(items, key, limit, call.params.get("nextToken"))
    except paging.BadTokenError:
        message = "The specified value for NextToken is not valid."
        raise ApiError("InvalidNextTokenException", message) from None
    return {member: shown, "nextToken": token}
