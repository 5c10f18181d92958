"""Which accounts get an invitation to the share of a mesh. Source: RAM User Guide, sharing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.topology import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.config.accounts import Account
    from meshkit.config.deferred import Deferred
    from meshkit.config.file import MeshFile
    from meshkit.topology.model import Owner, ResolvedMesh


def is_outside(account: Account, config: MeshFile) -> bool:
    """Whether RAM invites an account that it is to share with.

    It does so outside the organization. Without an organization, or with its sharing disabled,
    every account is outside.
    """
    organization = config.organization
    return account.external or organization is None or not organization.sharing_enabled


def accepting_owners(mesh: ResolvedMesh) -> dict[str, Owner]:
    """The owners, by key, that accept an invitation before they build in the mesh."""
    share = mesh.share
    if share is None or not share.spec.accept or not mesh.partition.mesh_sharing:
        return {}
    named = accounts_named(share.principals)
    return {
        key: owner
        for key, owner in mesh.owners.items()
        if owner.id in named
        and owner.id != mesh.owner.id
        and is_outside(owner.account, mesh.config)
    }


def accounts_named(principals: Iterable[str | Deferred]) -> set[str]:
    """The ids of the accounts that principals are, or are of; an organization names none."""
    known = [each for each in principals if isinstance(each, str)]
    arns = [leaves.parse_arn(each) for each in known]
    of_iam = {arn.account for arn in arns if arn is not None and arn.service == "iam"}
    return of_iam | {each for each, arn in zip(known, arns, strict=True) if arn is None}
