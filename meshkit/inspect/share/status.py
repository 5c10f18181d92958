"""Asks AWS who is let into a mesh, who built what, and what is orphaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.admission import admitted
from meshkit.inspect.share.built import everything_built
from meshkit.inspect.share.lattice.status import lattice_status
from meshkit.inspect.share.model import ShareStatus, Standing
from meshkit.inspect.share.principals import shares_of
from meshkit.inspect.share.quotas import uses
from meshkit.topology.slices import parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.config.file import DataPlane
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.topology.model import ResolvedMesh


def status(mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> ShareStatus:
    """Asks AWS, as the mesh owner and where that tells more as the consumers.

    Raises ``MeshkitError`` where the owner's account can't be asked, or there is no such mesh.
    """
    try:
        return _LOOKS[mesh.config.data_plane](mesh, accounts, texts)
    except CantTellError as error:
        raise MeshkitError(str(error)) from None


def _app_mesh_status(mesh: ResolvedMesh, accounts: Accounts, _texts: Texts) -> ShareStatus:
    built = everything_built(accounts.of(mesh.owner), mesh.name)
    shares = shares_of(mesh, mesh.arn, accounts)
    makers = dict.fromkeys(each.resource_owner for each in built)
    found = {account: admitted(account, shares, mesh, accounts) for account in makers}
    wanted = {part.ref for part in parts(mesh)}
    standings = tuple(
        Standing(each, (each.kind, each.name) in wanted, found[each.resource_owner])
        for each in built
    )
    return ShareStatus(mesh, shares, standings, uses(built, shares, mesh.config))


_LOOKS: Final[dict[DataPlane, Callable[[ResolvedMesh, Accounts, Texts], ShareStatus]]] = {
    "app-mesh": _app_mesh_status,
    "vpc-lattice": lattice_status,
}
