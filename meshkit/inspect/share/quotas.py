"""How much of each quota a mesh uses. Quotas count what all accounts made in the mesh together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.inspect.share.row import failed, passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.config.file import DataPlane, MeshFile
    from meshkit.inspect.share.built import Built
    from meshkit.inspect.share.principals import Shares
    from meshkit.inspect.share.row import Row
    from meshkit.topology.model import ResolvedMesh


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


_OF_MESH: Final[dict[DataPlane, dict[str, str]]] = {
    "app-mesh": {
        "virtual node": "virtual_nodes_per_mesh",
        "virtual service": "virtual_services_per_mesh",
        "virtual router": "virtual_routers_per_mesh",
        "virtual gateway": "virtual_gateways_per_mesh",
    },
    "vpc-lattice": {
        "service association": "services_per_network",
        "VPC association": "vpcs_per_network",
    },
}
_WITHIN: Final = {
    "route": "routes_per_virtual_router",
    "gateway route": "gateway_routes_per_virtual_gateway",
}


def uses(built: Iterable[Built], shares: Shares, config: MeshFile) -> tuple[Use, ...]:
    """The use of each quota that can be counted.

    Of those within a router, a gateway or a share, the fullest alone.
    """
    return tuple(_uses(list(built), shares, config))


def quota_rows(built: Iterable[Built], shares: Shares, mesh: ResolvedMesh) -> Iterator[Row]:
    """Whether what stands in a mesh now, all accounts together, is within the file's figures."""
    for use in uses(built, shares, mesh.config):
        text = f"{use.key}{f' of {use.within}' if use.within else ''}: {use.used} of {use.limit}"
        if use.exceeded:
            mend = f"have AWS raise it for {mesh.owner.key}, and state quotas.{use.key}"
            yield failed("quota", text, mend)
        else:
            yield passed("quota", text)


def _uses(built: list[Built], shares: Shares, config: MeshFile) -> Iterator[Use]:
    quotas = config.quotas
    counts = Counter(each.kind for each in built)
    for kind, key in _OF_MESH[config.data_plane].items():
        yield Use(key, "", counts[kind], getattr(quotas, key))
    for kind, key in _WITHIN.items():
        parents = Counter(each.name.split("/")[0] for each in built if each.kind == kind)
        for parent, count in parents.most_common(1):
            yield Use(key, parent, count, getattr(quotas, key))
    share, most = shares.fullest
    yield Use("principals_per_share", share if len(shares.arns) > 1 else "", most,
              quotas.principals_per_share)  # fmt: skip
    yield Use("pending_invitations", "", shares.pending_invitations, quotas.pending_invitations)
