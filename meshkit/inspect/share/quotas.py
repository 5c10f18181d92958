"""How much of each quota a mesh uses. Quotas count what all accounts made in the mesh together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.config.quotas import Quotas
    from meshkit.inspect.share.built import Built
    from meshkit.inspect.share.principals import Shares


@dataclass(frozen=True, slots=True)
class Use:
    """One quota."""

    key: str
    """In ``quotas`` of the file."""
    within: str
    """The router, gateway or share that it counts in; empty for the whole mesh."""
    used: int
    limit: int

    @property
    def exceeded(self) -> bool:
        """Whether there is more than the file's figure allows."""
        return self.used > self.limit


_OF_MESH: Final = {
    "virtual node": "virtual_nodes_per_mesh",
    "virtual service": "virtual_services_per_mesh",
    "virtual router": "virtual_routers_per_mesh",
    "virtual gateway": "virtual_gateways_per_mesh",
}
_WITHIN: Final = {
    "route": "routes_per_virtual_router",
    "gateway route": "gateway_routes_per_virtual_gateway",
}


def uses(built: Iterable[Built], shares: Shares, quotas: Quotas) -> tuple[Use, ...]:
    """The use of each quota that can be counted.

    Of those within a router, a gateway or a share, the fullest alone.
    """
    return tuple(_uses(list(built), shares, quotas))


def _uses(built: list[Built], shares: Shares, quotas: Quotas) -> Iterator[Use]:
    counts = Counter(each.kind for each in built)
    for kind, key in _OF_MESH.items():
        yield Use(key, "", counts[kind], getattr(quotas, key))
    for kind, key in _WITHIN.items():
        parents = Counter(each.name.split("/")[0] for each in built if each.kind == kind)
        for parent, count in parents.most_common(1):
            yield Use(key, parent, count, getattr(quotas, key))
    share, most = shares.fullest
    yield Use("principals_per_share", share if len(shares.arns) > 1 else "", most,
              quotas.principals_per_share)  # fmt: skip
    yield Use("pending_invitations", "", shares.pending_invitations, quotas.pending_invitations)
