"""A provider for each account that something is made in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.inputs import to_input
from meshkit.topology.arn import iam_arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.accounts import AssumeRole
    from meshkit.topology.model import Owner, ResolvedCluster, ResolvedMesh

Providers = dict[str, aws.Provider]
"""By the key of the account in the file."""


def check_providers(mesh: ResolvedMesh, handed_in: Mapping[str, aws.Provider]) -> None:
    """Stops when a provider fits no account, or an account has none.

    Raises ``MeshkitError``.
    """
    known = {**mesh.config.accounts, **mesh.owners}
    for key in handed_in:
        if key not in known:
            raise MeshkitError(f'providers: no account "{key}"{did_you_mean(key, known)}')
    for owner in owners_at_work(mesh).values():
        if owner.key in handed_in or owner.assume_role or owner.id == mesh.owner.id:
            continue
        raise MeshkitError(
            f'account "{owner.key}" ({owner.id}) has no way in: give it assume_role in the file, '
            f"or pass providers={{{owner.key!r}: aws.Provider(…)}}"
        )


def check_caller(
    mesh: ResolvedMesh, handed_in: Mapping[str, aws.Provider], opts: pulumi.ResourceOptions | None
) -> None:
    """Stops when the program's own credentials are of another account than the mesh owner's.

    Providers are not asked: theirs may be known only later.

    Raises ``MeshkitError``.
    """
    owner = mesh.owner
    if owner.assume_role or owner.key in handed_in:
        return
    if opts and (opts.provider or opts.providers or opts.parent):
        return
    account = aws.get_caller_identity().account_id
    if account and account != owner.id:
        raise MeshkitError(
            f'the program works in account {account}, but the mesh owner "{owner.key}" is '
            f"{owner.id}: take credentials of that account, or give it assume_role in the file"
        )


def owners_at_work(mesh: ResolvedMesh) -> dict[str, Owner]:
    """Every account in which something is registered, the mesh owner first."""
    owners = [mesh.owner]
    owners += [node.owner for node in mesh.nodes.values()]
    owners += [gateway.owner for gateway in mesh.gateways.values()]
    owners += [router.owner for router in mesh.routers.values()]
    owners += [service.owner for service in mesh.services.values()]
    owners += [role.owner for role in mesh.roles.values() if role.attach]
    owners += [cluster.owner for cluster in clusters_with_provider(mesh)]
    return {owner.key: owner for owner in owners}


def clusters_with_provider(mesh: ResolvedMesh) -> list[ResolvedCluster]:
    """The clusters for which an IAM OIDC provider is made."""
    return [
        cluster
        for cluster in mesh.clusters.values()
        if cluster.issuer is not None and not cluster.adopts_provider
    ]


def make_providers(
    name: str,
    mesh: ResolvedMesh,
    handed_in: Mapping[str, aws.Provider],
    parent: pulumi.Resource,
) -> Providers:
    """The providers handed in, and one for each other account that a role leads into.

    The mesh owner without either has none: there the caller's own provider works.
    """
    made = dict(handed_in)
    for owner in owners_at_work(mesh).values():
        if owner.key not in made and owner.assume_role is not None:
            made[owner.key] = aws.Provider(
                f"{name}-{owner.key}",
                region=mesh.region,
                allowed_account_ids=[owner.id],
                assume_roles=[_assumed(owner.assume_role, owner, mesh)],
                opts=pulumi.ResourceOptions(parent=parent),
            )
    return made


def _assumed(role: AssumeRole, owner: Owner, mesh: ResolvedMesh) -> aws.ProviderAssumeRoleArgs:
    if role.name is not None:
        path, _, name = role.name.rpartition("/")
        arn: pulumi.Input[str] = iam_arn(
            mesh.partition, owner.id, "role", f"/{path}/" if path else "/", name
        )
    else:
        arn = to_input(role.arn or "", owner.context)
    external_id = to_input(role.external_id, owner.context)
    return aws.ProviderAssumeRoleArgs(
        role_arn=arn,
        external_id=None if external_id is None else pulumi.Output.secret(external_id),
        session_name=role.session_name,
        duration=role.duration,
    )
