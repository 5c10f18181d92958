"""Nobody loses the way into a mesh while something of theirs is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.graph import reveal
from meshkit.inspect.proof import codes
from meshkit.inspect.share.removal import lost_ways, orphans_of_removal
from meshkit.inspect.violation import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Graph, Resource
    from meshkit.inspect.violation import Violation

SHOWN = 5


def removals(before: Graph, after: Graph) -> Iterator[Violation | Unknown]:
    """What an update orphans that takes a principal, or the mesh, out of a share.

    Where nothing of this program is orphaned, that stays open: other stacks are not looked at.
    """
    orphans = orphans_of_removal(before, after)
    for removed in lost_ways(before, after):
        names = [
            f"{each.resource.name} of {each.account}" for each in orphans if each.removed == removed
        ]
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            message = f"{_told(removed)}; orphaned: {', '.join(names[:SHOWN])}{more}"
            yield codes.ORPHANED.found(message, resource=removed.urn)
        else:
            what = "what that orphans in other stacks: ask AWS with meshkit share status --leaving"
            yield Unknown(_told(removed), what, removed.urn)


def _told(removed: Resource) -> str:
    principal = reveal(removed.inputs.get("principal"))
    return f"{removed.name} goes" if principal is None else f"principal {principal} goes"
