"""Nobody loses the way into a mesh while something of theirs is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.proof import codes
from meshkit.inspect.share.removal import removal
from meshkit.inspect.violation import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Graph
    from meshkit.inspect.share.removal import LostWay
    from meshkit.inspect.violation import Violation

SHOWN = 5


def removals(before: Graph, after: Graph) -> Iterator[Violation | Unknown]:
    """What an update orphans that takes a principal, or the mesh, out of a share.

    Where nothing of this program is orphaned, that stays open: other stacks are not looked at.
    """
    found = removal(before, after)
    for removed in found.lost:
        urn = removed.association.urn
        names = [
            f"{each.resource.name} of {each.account}"
            for each in found.orphans
            if each.removed == removed
        ]
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            message = f"{_told(removed)}; orphaned: {', '.join(names[:SHOWN])}{more}"
            yield codes.ORPHANED.found(message, resource=urn)
        else:
            what = "what that orphans in other stacks: ask AWS with meshkit share status --leaving"
            yield Unknown(_told(removed), what, urn)


def _told(removed: LostWay) -> str:
    if removed.principal is None:
        return f"{removed.association.name} goes"
    return f"principal {removed.principal} goes"
