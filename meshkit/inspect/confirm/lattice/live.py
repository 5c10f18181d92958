"""The network and the services of a mesh on VPC Lattice, as AWS has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.remark import CantTellError
from meshkit.policy.lattice import LatticeArns, unknown_arns
from meshkit.topology.lattice.compile import compile_lattice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.policy.document import Text
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import Owner, ResolvedMesh

LATTICE = "vpc-lattice"
"""What boto3 calls the service."""


@dataclass(frozen=True)
class LiveLattice:
    """What a mesh has in AWS."""

    lattice: LatticeMesh
    network: str | None
    """ARN of its service network; ``None`` where there is none of its name."""
    services: Mapping[str, str]
    """ARNs by the names of the virtual services."""
    unread: Mapping[str, CantTellError] = field(default_factory=dict)
    """By the key of an account: why it could not be looked at."""

    @property
    def arns(self) -> LatticeArns:
        """The ARNs; holes for what is not there."""
        holes = unknown_arns(self.lattice)
        services: dict[str, Text] = {**holes.services, **self.services}
        return LatticeArns(self.network or holes.network, services)


def read_lattice(mesh: ResolvedMesh, accounts: Accounts) -> LiveLattice:
    """Find the network and the services by their names, each in the account of its owner."""
    lattice = compile_lattice(mesh)
    unread: dict[str, CantTellError] = {}

    def listed(owner: Owner, operation: str) -> dict[str, str]:
        try:
            found = accounts.of(owner).ask_all(LATTICE, operation, "items")
        except CantTellError as error:
            unread[owner.key] = error
            return {}
        return {each["name"]: each["arn"] for each in found}

    owners = {each.owner.key: each.owner for each in lattice.services.values()}
    found = {key: listed(owner, "list_services") for key, owner in owners.items()}
    network = listed(mesh.owner, "list_service_networks").get(lattice.network)
    services = {
        key: arn
        for key, service in lattice.services.items()
        if (arn := found[service.owner.key].get(service.name)) is not None
    }
    return LiveLattice(lattice, network, services, unread)
