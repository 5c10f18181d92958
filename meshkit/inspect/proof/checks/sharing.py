"""Whether a mesh is shared with those whom its file names, and as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.access.parts import mesh_of
from meshkit.inspect.access.references import References, physical_name
from meshkit.inspect.proof.checks.needs import regex
from meshkit.inspect.proof.codes import (
    EXTERNAL,
    EXTRA_PRINCIPAL,
    MISSING_PRINCIPAL,
    NOT_SHARED,
    OTHER_PERMISSION,
)
from meshkit.inspect.violation import Unknown
from meshkit.policy.mesh_actions import SHARE_PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Location
    from meshkit.inspect.access import Share
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.violation import Violation
    from meshkit.policy.document import Text
    from meshkit.topology.model import ResolvedMesh

CONSUMERS_TYPES = {
    "aws:appmesh/virtualNode:VirtualNode": "virtual node",
    "aws:appmesh/virtualService:VirtualService": "virtual service",
    "aws:appmesh/virtualRouter:VirtualRouter": "virtual router",
    "aws:appmesh/route:Route": "route",
}
MESH = "aws:appmesh/mesh:Mesh"


def shares(case: Case) -> Iterator[Violation | Unknown]:
    """Each share of a mesh that has a file."""
    for mesh in case.meshes:
        whole, parts = _arns(case, mesh)
        found = [each for each in case.access.shares if whole & set(each.meshes)]
        for share in found:
            yield from _settings(case, mesh, share, _permissions(mesh))
            yield from _extra(case, mesh, share, _wanted(mesh))
        for share in case.access.shares:
            if share not in found and parts & set(share.meshes):
                # A provider shares its services with who owns the network.
                permission = mesh.config.lattice.service_permission
                yield from _settings(case, mesh, share, (permission,) if permission else ())
                yield from _extra(case, mesh, share, (mesh.owner.id,))
        if found or _is_made(case, mesh):
            yield from _missing(case, mesh, found)
    for share in case.access.shares:
        if "" in share.meshes and case.meshes:
            urn = share.resource.urn if share.resource else None
            yield Unknown(share.name, "which mesh it shares", urn)


def _arns(case: Case, mesh: ResolvedMesh) -> tuple[set[str], set[str]]:
    """The ARN of a mesh or its service network, and those of its services, as far as made."""
    for file in case.calls.files:
        if file.mesh is mesh:
            network = {file.network.arn} if file.network else set()
            return network, {each.arn for each in file.services.values()}
    return {mesh.arn}, set()


def _is_made(case: Case, mesh: ResolvedMesh) -> bool:
    """Whether the program makes the mesh, and so its share."""
    for file in case.calls.files:
        if file.mesh is mesh:
            return file.network is not None
    return any(
        (physical_name(each), each.account) == (mesh.name, mesh.owner.id)
        for each in case.graph.of_type(MESH)
    )


def _place(case: Case, mesh: ResolvedMesh, share: Share) -> Location | None:
    return case.where.of_resource(share.resource) or case.where.locate(mesh, ("share",))


def _permissions(mesh: ResolvedMesh) -> tuple[Text, ...]:
    """The permissions that the file gives the share of its mesh."""
    return mesh.share.spec.permissions if mesh.share is not None else ()


def _settings(
    case: Case, mesh: ResolvedMesh, share: Share, permissions: tuple[Text, ...]
) -> Iterator[Violation]:
    spec = mesh.share.spec if mesh.share is not None else None
    urn = share.resource.urn if share.resource else None
    if share.allow_external and not (spec and spec.allow_external_principals):
        yield EXTERNAL.found(
            f"share {share.name} of mesh {mesh.name} takes principals outside of the organization",
            resource=urn,
            place=_place(case, mesh, share),
        )
    wanted = tuple(map(regex, permissions))
    for arn in share.permissions:
        is_default = arn.endswith(f"::aws:permission/{SHARE_PERMISSION}")
        if any(each.fullmatch(arn) for each in wanted) or (is_default and not wanted):
            continue
        yield OTHER_PERMISSION.found(
            f"share {share.name} of mesh {mesh.name} has the permission {arn}",
            resource=urn,
            place=_place(case, mesh, share),
        )


def _extra(
    case: Case, mesh: ResolvedMesh, share: Share, wanted: tuple[Text, ...]
) -> Iterator[Violation | Unknown]:
    for principal in share.principals:
        place = case.where.of_resource(principal.resource)
        if principal.id is None:
            message = f"with whom {principal.resource.name} shares mesh {mesh.name}"
            yield Unknown(share.name, message, principal.resource.urn, place)
        elif not any(regex(each).fullmatch(principal.id) for each in wanted):
            yield EXTRA_PRINCIPAL.found(
                f"mesh {mesh.name} is shared with {principal.id}",
                resource=principal.resource.urn,
                place=place,
            )


def _missing(case: Case, mesh: ResolvedMesh, found: list[Share]) -> Iterator[Violation]:
    principals = [each for share in found for each in share.principals]
    if any(share.resource is None for share in found):
        return  # what an adopted share has besides, the program does not tell
    if any(each.id is None for each in principals):
        return
    for number, wanted in enumerate(_wanted(mesh)):
        if not any(regex(wanted).fullmatch(str(each.id)) for each in principals):
            yield MISSING_PRINCIPAL.found(
                f"mesh {mesh.name} is not shared with {wanted}",
                place=case.where.locate(mesh, ("share", "principals", number)),
            )


def _wanted(mesh: ResolvedMesh) -> tuple[Text, ...]:
    return mesh.share.principals if mesh.share is not None else ()


def guests(case: Case) -> Iterator[Violation | Unknown]:
    """What accounts make in meshes that are not shared with them."""
    references = References(case.graph)
    by_mesh = {(mesh.name, mesh.owner.id): mesh for mesh in case.meshes}
    for type_, kind in CONSUMERS_TYPES.items():
        for resource in case.graph.of_type(type_):
            at = mesh_of(resource, references)
            mesh = None if at is None else by_mesh.get(at)
            account = resource.account
            if mesh is None or account == mesh.owner.id:
                continue
            place = case.where.of_resource(resource)
            if account is None:
                yield Unknown(resource.name, "which account makes it", resource.urn, place)
                continue
            if any(_includes(each, account) for each in _wanted(mesh)):
                continue
            yield NOT_SHARED.found(
                f"account {account} makes the {kind} {physical_name(resource)} in mesh {mesh.name}",
                resource=resource.urn,
                place=place,
                mend=f"Add {account} to share.principals in the mesh file.",
            )


def _includes(principal: Text, account: str) -> bool:
    """Whether a principal is an account, or may be what the account is a part of."""
    if not isinstance(principal, str):
        return True
    return principal == account or ":organizations:" in principal or f"::{account}:" in principal
