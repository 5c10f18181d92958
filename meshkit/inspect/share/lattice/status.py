"""Who is let into a service network, who joined what to it, and what is left or missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.inspect.share.admission import admitted
from meshkit.inspect.share.lattice.absent import Seen, absent
from meshkit.inspect.share.lattice.joined import (
    SERVICE,
    VPC,
    everything_joined,
    find_network,
    known_vpc,
)
from meshkit.inspect.share.lattice.services import shared_services, visible_to
from meshkit.inspect.share.model import ShareStatus, Standing
from meshkit.inspect.share.principals import shares_of
from meshkit.inspect.share.quotas import uses
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.slices.selection import slice_name

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.inspect.share.built import Admitted, Built
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import ResolvedMesh


def lattice_status(mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> ShareStatus:
    """Asks AWS, as the mesh owner and where that tells more as the others.

    Raises ``CantTellError`` where the owner's account can't be asked, ``MeshkitError`` where there
    is no such network.
    """
    lattice, owner = compile_lattice(mesh), accounts.of(mesh.owner)
    network = find_network(owner, lattice)
    if network is None:
        first = slice_name(mesh.owner.key, "foundation")
        msg = f"{mesh.owner.key} has no service network {lattice.network}; deploy {first} first"
        raise MeshkitError(msg)
    shares = shares_of(mesh, network, accounts)
    visible = visible_to(owner)
    built = tuple(everything_joined(owner, lattice, network, texts))
    seen = Seen(shares, visible, shared_services(owner, lattice, visible), built)
    missing, untold = absent(lattice, seen, accounts, texts)
    return ShareStatus(
        mesh,
        shares,
        _standings(lattice, seen, accounts, texts),
        uses(built, shares, mesh.config),
        seen.services,
        missing,
        untold,
    )


def _standings(
    lattice: LatticeMesh, seen: Seen, accounts: Accounts, texts: Texts
) -> tuple[Standing, ...]:
    wanted = {(SERVICE, key) for key in lattice.services}
    wanted |= {(VPC, key) for key in lattice.associations}
    vpcs = lattice.associations.values()
    untold = {(VPC, each.owner.id) for each in vpcs if known_vpc(each, texts) is None}
    let_in = {
        account: admitted(account, seen.shares, lattice.mesh, accounts)
        for account in dict.fromkeys(each.resource_owner for each in seen.built)
    }
    return tuple(
        Standing(
            each,
            (each.kind, each.name) in wanted or (each.kind, each.resource_owner) in untold,
            _way(each, let_in[each.resource_owner], lattice, seen),
        )
        for each in seen.built
    )


def _way(built: Built, let_in: Admitted, lattice: LatticeMesh, seen: Seen) -> Admitted:
    """Whether an association has a share behind it: of the network, or of its service."""
    if built.kind != SERVICE:
        return let_in
    service = lattice.services.get(built.name)
    name = service.name if service else built.name
    return "yes" if (built.resource_owner, name) in seen.visible else let_in
