"""The prerequisites of sharing a mesh, one row each.

Source: App Mesh User Guide, prerequisites for sharing meshes; RAM User Guide, sharing with AWS
Organizations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.remark import CantTellError
from meshkit.inspect.share.built import everything_built
from meshkit.inspect.share.discovery import check_discovery
from meshkit.inspect.share.lattice.check import lattice_prerequisites
from meshkit.inspect.share.network import check_network
from meshkit.inspect.share.organization import check_organization
from meshkit.inspect.share.principals import Shares, shares_of
from meshkit.inspect.share.quotas import quota_rows
from meshkit.inspect.share.row import failed, passed, untold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.config.file import DataPlane
    from meshkit.inspect.confirm.aws import Accounts
    from meshkit.inspect.confirm.texts import Texts
    from meshkit.inspect.share.row import Row
    from meshkit.topology.model import Owner, ResolvedMesh

MESH_ROLE: Final = "AWSServiceRoleForAppMesh"
NOT_FOUND: Final = ("NotFoundException", "NoSuchEntity")


def prerequisites(mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> tuple[Row, ...]:
    """Every row, each once, from the mesh to the quotas."""
    return tuple(dict.fromkeys(_ROWS[mesh.config.data_plane](mesh, accounts, texts)))


def _app_mesh_prerequisites(mesh: ResolvedMesh, accounts: Accounts, texts: Texts) -> Iterator[Row]:
    yield from check_mesh(mesh, accounts)
    yield from check_organization(mesh, accounts)
    yield from check_network(mesh, accounts, texts)
    yield from check_discovery(mesh, accounts, texts)
    yield from check_service_roles(mesh, accounts)
    yield from check_quotas(mesh, accounts)


def check_mesh(mesh: ResolvedMesh, accounts: Accounts) -> Iterator[Row]:
    """Only its owner can share a mesh."""
    subject, named = "mesh", f"{mesh.name} of {mesh.owner.id}"
    try:
        answer = accounts.of(mesh.owner).ask("appmesh", "describe_mesh", meshName=mesh.name)
    except RefusedError as error:
        if error.code not in NOT_FOUND:
            yield untold(subject, str(error))
        elif mesh.settings.arn is None:
            yield passed(subject, f"there is no {named} yet; the deployment makes it")
        else:
            yield failed(
                subject,
                f"{mesh.owner.key} owns no mesh {mesh.name}; one that is shared with it can't be "
                "shared again",
                "correct mesh.arn, or remove it so that the mesh is made",
            )
        return
    except CantTellError as error:
        yield untold(subject, str(error))
        return
    owner = answer["mesh"]["metadata"]["meshOwner"]
    yield passed(subject, f"{mesh.name} is owned by {owner}")


def check_service_roles(mesh: ResolvedMesh, accounts: Accounts) -> Iterator[Row]:
    """Each account has the role that App Mesh works with, or gets it."""
    for key, owner in mesh.owners.items():
        yield _service_role(key, owner, mesh, accounts)


def _service_role(key: str, owner: Owner, mesh: ResolvedMesh, accounts: Accounts) -> Row:
    subject = "service-linked role"
    makes = owner.account.service_linked_role
    try:
        accounts.of(owner).ask("iam", "get_role", RoleName=MESH_ROLE)
    except RefusedError as error:
        if error.code not in NOT_FOUND:
            return untold(subject, str(error))
        if makes or owner.id == mesh.owner.id:
            return passed(subject, f"{key} has no {MESH_ROLE} yet; the deployment makes it")
        mend = f"set accounts.{key}.service_linked_role: true"
        return failed(subject, f"{key} has no {MESH_ROLE}", mend)
    except CantTellError as error:
        return untold(subject, str(error))
    beside = "; if another program made it, remove service_linked_role" if makes else ""
    return passed(subject, f"{key} has {MESH_ROLE}{beside}")


def check_quotas(mesh: ResolvedMesh, accounts: Accounts) -> Iterator[Row]:
    """What stands in the mesh now, all accounts together, is within the file's figures."""
    try:
        built = everything_built(accounts.of(mesh.owner), mesh.name)
        shares = shares_of(mesh, mesh.arn, accounts)
    except RefusedError as error:
        if error.code in NOT_FOUND:
            built, shares = [], Shares((), ())
        else:
            yield untold("quota", str(error))
            return
    except CantTellError as error:
        yield untold("quota", str(error))
        return
    yield from quota_rows(built, shares, mesh)


_ROWS: Final[dict[DataPlane, Callable[[ResolvedMesh, Accounts, Texts], Iterator[Row]]]] = {
    "app-mesh": _app_mesh_prerequisites,
    "vpc-lattice": lattice_prerequisites,
}
