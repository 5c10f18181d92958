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
    from meshkit.topology.model import Owner, ResolvedMesh
    from meshkit.topology.slices import MeshSlice

Providers = dict[str, aws.Provider]
"""By the key of the account in the file."""


def check_providers(chosen: MeshSlice, handed_in: Mapping[str, aws.Provider]) -> None:
    """Stops when a provider fits no account, or an account has none.

    Raises ``MeshkitError``.
    """
    mesh = chosen.mesh
    known = {**mesh.config.accounts, **mesh.owners}
    for key in handed_in:
        if key not in known:
            raise MeshkitError(f'providers: no account "{key}"{did_you_mean(key, known)}')
    if chosen.account is not None:
        return  # the caller's own account
    for owner in chosen.owners.values():
        if owner.key in handed_in or owner.assume_role or owner.id == mesh.owner.id:
            continue
        raise MeshkitError(
            f'account "{owner.key}" ({owner.id}) has no way in: give it assume_role in the file, '
            f"or pass providers={{{owner.key!r}: aws.Provider(…)}}"
        )


def check_caller(
    chosen: MeshSlice, handed_in: Mapping[str, aws.Provider], opts: pulumi.ResourceOptions | None
) -> None:
    """Stops when the program's own credentials are of another account than they must be.

    That is the account of a slice, else the mesh owner's. Providers are not asked: theirs may be
    known only later.

    Raises ``MeshkitError``.
    """
    owner = chosen.mesh.owner
    key, wanted = chosen.account or owner.key, chosen.account_id or owner.id
    if key in handed_in or (chosen.account is None and owner.assume_role):
        return
    if opts and (opts.provider or opts.providers or opts.parent):
        return
    account = aws.get_caller_identity().account_id
    if not account or account == wanted:
        return
    if chosen.account is None:
        raise MeshkitError(
            f'the program works in account {account}, but the mesh owner "{key}" is '
            f"{wanted}: take credentials of that account, or give it assume_role in the file"
        )
    raise MeshkitError(
        f'the program works in account {account}, but "{key}" is {wanted}: take credentials of '
        f"that account, or pass providers={{{key!r}: aws.Provider(…)}}"
    )


def make_providers(
    name: str,
    chosen: MeshSlice,
    handed_in: Mapping[str, aws.Provider],
    parent: pulumi.Resource,
) -> Providers:
    """The providers handed in, and one for each other account that a role leads into.

    The mesh owner without either has none: there the caller's own provider works, as it does in
    the slice of an account.
    """
    mesh, made = chosen.mesh, dict(handed_in)
    if chosen.account is not None:
        return made
    for owner in chosen.owners.values():
        if owner.key not in made and owner.assume_role is not None:
            made[owner.key] = aws.Provider(
                f"{name}-{owner.key}",
                region=mesh.region,
                allowed_account_ids=[owner.id],
                assume_roles=[_assumed(owner.assume_role, owner, mesh)],
                opts=pulumi.ResourceOptions(parent=parent),
            )
    return made


def in_account(
    owner: Owner, providers: Providers, parent: pulumi.Resource
) -> pulumi.ResourceOptions:
    """For what an account owns. What moves to another account is made anew there.

    The engine would change it in place with the credentials of the new account, where it is not.
    """
    return pulumi.ResourceOptions(
        parent=parent, provider=providers.get(owner.key), replacement_trigger=owner.id
    )


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
