"""What of a mesh on VPC Lattice crosses accounts through RAM.

A service joins a network by its owner, with whom the network is shared, or by the network's owner,
with whom the service is. Source: VPC Lattice user guide, share your entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.topology.invitations import is_outside
from meshkit.topology.lattice.model import ServiceShare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.file import MeshFile
    from meshkit.topology.lattice.model import LatticeService
    from meshkit.topology.model import Owner, ResolvedMesh


def network_shared(config: MeshFile) -> bool:
    """Whether the share of the file is one of the network."""
    return config.data_plane == "app-mesh" or config.lattice.sharing != "services"


def services_shared(config: MeshFile) -> bool:
    """Whether services are shared with the mesh owner."""
    return config.data_plane == "vpc-lattice" and config.lattice.sharing != "network"


def joined_by(mesh: ResolvedMesh, service: LatticeService) -> Owner:
    """The account that joins a service to the network."""
    return mesh.owner if services_shared(mesh.config) else service.owner


def service_shares(
    mesh: ResolvedMesh, services: Mapping[str, LatticeService]
) -> dict[str, ServiceShare]:
    """The share of each provider, by the key of its account."""
    if not services_shared(mesh.config):
        return {}
    by_provider: dict[str, list[LatticeService]] = {}
    for service in services.values():
        if service.owner.id != mesh.owner.id:
            by_provider.setdefault(service.owner.key, []).append(service)
    return {key: _share(mesh, found) for key, found in by_provider.items()}


def _share(mesh: ResolvedMesh, services: list[LatticeService]) -> ServiceShare:
    config, owner = mesh.config, services[0].owner
    spec = config.share
    invited = is_outside(owner.account, config)
    return ServiceShare(
        owner=owner,
        name=f"{mesh.name}-services",
        services=tuple(service.key for service in services),
        allow_external=bool(spec and spec.allow_external_principals),
        accepted=invited and (spec is None or spec.accept),
        protect=bool(spec and spec.protect),
        permission=config.lattice.service_permission,
        tags={**mesh.config.tags, **(spec.tags if spec else {})},
    )
