"""Mesh files on VPC Lattice, beside what a program makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from meshkit.policy.lattice import LatticeArns, unknown_arns
from meshkit.topology.lattice.compile import compile_lattice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from meshkit.inspect.access import Guarded
    from meshkit.policy.document import Text
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import Owner, ResolvedMesh


@dataclass(frozen=True, eq=False)
class DeclaredLattice:
    """A mesh file, and which of its network and services the program makes."""

    mesh: ResolvedMesh
    """As it was read."""
    lattice: LatticeMesh
    network: Guarded | None
    services: Mapping[str, Guarded]
    """By the name of the virtual service."""

    @cached_property
    def arns(self) -> LatticeArns:
        """The ARNs of its parts; holes for those that the program does not make."""
        holes = unknown_arns(self.lattice)
        services: dict[str, Text] = {
            key: self.services[key].arn if key in self.services else hole
            for key, hole in holes.services.items()
        }
        return LatticeArns(self.network.arn if self.network else holes.network, services)

    @cached_property
    def owners(self) -> Mapping[str, Owner]:
        """The accounts of the file by id."""
        return {owner.id: owner for owner in self.lattice.mesh.owners.values()}

    @property
    def organization(self) -> str | None:
        """The id of the organization."""
        found = self.lattice.mesh.config.organization
        return found.id if found is not None else None

    def is_made(self) -> bool:
        """Whether the program makes any of it."""
        return self.network is not None or bool(self.services)


def declared_lattices(
    meshes: Iterable[ResolvedMesh], guarded: Sequence[Guarded]
) -> tuple[DeclaredLattice, ...]:
    """The meshes on VPC Lattice, compiled."""
    by_name = {(each.kind, each.account, each.region, each.name): each for each in guarded}
    found = []
    for mesh in meshes:
        if mesh.config.data_plane != "vpc-lattice":
            continue
        lattice = compile_lattice(mesh)
        made = {
            key: by_name.get(("service", service.owner.id, mesh.region, service.name))
            for key, service in lattice.services.items()
        }
        network = by_name.get(("network", mesh.owner.id, mesh.region, lattice.network))
        services = {key: each for key, each in made.items() if each is not None}
        found.append(DeclaredLattice(mesh, lattice, network, services))
    return tuple(found)
