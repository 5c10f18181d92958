"""Pages of VPC Lattice lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from meshkit.local.services import paging
from meshkit.local.services.dispatch import Call
from meshkit.local.services.vpclattice.refusals import invalid
from meshkit.local.services.vpclattice.resource import Resource

PAGE_SIZE = 100
"""The length of a page when `maxResults` is not given. Inferred: it is the most that may be."""


def page(
    call: Call, items: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], str]
) -> dict[str, Any]:
    """Return one page by the call's `maxResults` and `nextToken`."""
    limit = call.params.get("maxResults", PAGE_SIZE)
    try:
        shown, token = paging.page(items, key, limit, call.params.get("nextToken"))
    except paging.BadTokenError:
        raise invalid("The nextToken is not valid") from None
    return {"items": shown, "nextToken": token}


def listing(call: Call, resources: Iterable[Resource]) -> dict[str, Any]:
    """Return one page of resources, in the order of their ids."""
    shown = (each.shown(call.account) for each in resources)
    return page(call, shown, lambda each: str(each["id"]))
