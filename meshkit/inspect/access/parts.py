"""What else a program says about access: endpoints, shares, keys, guardrails, bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from meshkit.graph import reveal
from meshkit.inspect.access.documents import inline
from meshkit.inspect.access.guarded import NETWORK, SERVICE, behind, guarded_arn
from meshkit.inspect.access.model import (
    AccessKey,
    Association,
    ControlPolicy,
    Endpoint,
    InstanceProfile,
    Principal,
    Share,
)
from meshkit.inspect.access.references import own_arn, physical_name, text
from meshkit.inspect.places import AWS_PROVIDER
from meshkit.inspect.violation import Unknown
from meshkit.topology.arn import MeshArns
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Resource
    from meshkit.inspect.access.references import References

MESH = "aws:appmesh/mesh:Mesh"
NODE = "aws:appmesh/virtualNode:VirtualNode"
GATEWAY = "aws:appmesh/virtualGateway:VirtualGateway"
SHARE = "aws:ram/resourceShare:ResourceShare"
SHARED = "aws:ram/resourceAssociation:ResourceAssociation"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"
LONG_LIVED = {
    "aws:iam/accessKey:AccessKey": ("user", "access key"),
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": ("userName", "credential"),
    "aws:iam/signingCertificate:SigningCertificate": ("userName", "certificate"),
    "aws:iam/sshKey:SshKey": ("username", "SSH key"),
    "aws:iam/userLoginProfile:UserLoginProfile": ("user", "password"),
}
"""By its type: the input that names the user of a credential, and what it is."""
CONTROL_POLICY = "aws:organizations/policy:Policy"
CONTROL_ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
ORGANIZATION_ACCOUNT = "aws:organizations/account:Account"
ORGANIZATIONAL_UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"
ORGANIZATION = "aws:organizations/organization:Organization"
_UNITS = (ORGANIZATION_ACCOUNT, ORGANIZATIONAL_UNIT)
_ROOT = "r-"
"""Stands for the root of an organization that AWS has not made yet."""
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
ROLE = "aws:iam/role:Role"


def endpoints(references: References, unknowns: list[Unknown]) -> Iterator[Endpoint]:
    """Every node and gateway; one whose ARN can't be told goes to ``unknowns``."""
    kinds: tuple[tuple[str, Literal["virtualNode", "virtualGateway"]], ...] = (
        (NODE, "virtualNode"),
        (GATEWAY, "virtualGateway"),
    )
    for type_, kind in kinds:
        for resource in references.graph.of_type(type_):
            mesh = mesh_of(resource, references)
            account = resource.account
            arn = own_arn(resource)
            if mesh is None or account is None or (arn is None and resource.region is None):
                message = "its ARN: its mesh, its account or its region is not known"
                unknowns.append(Unknown(resource.name, message, resource.urn))
                continue
            name = physical_name(resource)
            if arn is None:
                arn = _endpoint_arn(resource, kind, mesh, name)
            yield Endpoint(arn, kind, name, *mesh, account, resource)


def mesh_of(resource: Resource, references: References) -> tuple[str, str] | None:
    """Name and owner of the mesh that a resource of App Mesh is in, where both are known."""
    name = text(resource, "meshName")
    if name is None:
        mesh = references.dependency(resource, "meshName", MESH)
        name = physical_name(mesh) if mesh is not None else None
    owner = text(resource, "meshOwner")
    if owner is None:
        owner = resource.account if resource.inputs.get("meshOwner") is None else None
    return None if name is None or owner is None else (name, owner)


def _endpoint_arn(resource: Resource, kind: str, mesh: tuple[str, str], name: str) -> str:
    region, account = str(resource.region), str(resource.account)
    arns = MeshArns(partition_of(region), region, *mesh)
    make = arns.virtual_node if kind == "virtualNode" else arns.virtual_gateway
    return make(account, name)


def shares(references: References, unknowns: list[Unknown]) -> Iterator[Share]:
    """Every share that the program makes or adds to, with what is in it."""
    graph = references.graph
    for type_ in (SHARED, PRINCIPAL):
        for each in graph.of_type(type_):
            if text(each, "resourceShareArn") is None and _share_behind(references, each) is None:
                message = "which share it belongs to"
                unknowns.append(Unknown(each.name, message, each.urn))
    for resource in graph.of_type(SHARE):
        yield _share(references, own_arn(resource), resource)
    foreign: dict[str, Resource] = {}
    for type_ in (SHARED, PRINCIPAL):
        for each in graph.of_type(type_):
            arn = text(each, "resourceShareArn")
            if arn is not None and references.by_arn(arn) is None:
                foreign.setdefault(arn, each)
    for arn, first in foreign.items():
        yield _share(references, arn, None, first.account)


def _share(
    references: References, arn: str | None, resource: Resource | None, account: str | None = None
) -> Share:
    parts = [
        each
        for type_ in (SHARED, PRINCIPAL)
        for each in references.graph.of_type(type_)
        if _belongs(references, each, arn, resource)
    ]
    external: Any = resource and reveal(resource.inputs.get("allowExternalPrincipals", False))
    arns = resource and reveal(resource.inputs.get("permissionArns"))
    return Share(
        arn=arn,
        name=physical_name(resource) if resource else str(arn),
        account=resource.account if resource else account,
        allow_external=external if isinstance(external, bool) else None,
        permissions=tuple(map(str, arns)) if isinstance(arns, list) else (),
        meshes=tuple(
            arn for each in parts if each.type == SHARED for arn in _mesh_arns(references, each)
        ),
        principals=tuple(
            Principal(text(each, "principal"), each) for each in parts if each.type == PRINCIPAL
        ),
        resource=resource,
    )


def _belongs(
    references: References, part: Resource, arn: str | None, share: Resource | None
) -> bool:
    named = text(part, "resourceShareArn")
    if named is not None:
        return named == arn
    return share is not None and _share_behind(references, part) is share


def _share_behind(references: References, part: Resource) -> Resource | None:
    """The share that an association is made from, directly or by way of the mesh's association."""
    key = "resourceShareArn"
    found = references.dependency(part, key, SHARE)
    if found is not None:
        return found
    way = references.dependency(part, key, SHARED)
    return None if way is None else _share_behind(references, way)


def _mesh_arns(references: References, association: Resource) -> Iterator[str]:
    """ARN of what of a mesh is shared, if it is that; empty where that can't be told."""
    arn = text(association, "resourceArn")
    if arn is not None:
        if arn.split(":")[2:3] in (["appmesh"], ["vpc-lattice"]):
            yield arn
        return
    for type_ in (NETWORK, SERVICE):
        made = behind(references, association, "resourceArn", type_)
        known = None if made is None else guarded_arn(made)
        if known is not None:
            yield known
            return
    mesh = references.dependency(association, "resourceArn", MESH)
    if mesh is not None and mesh.account is not None and mesh.region is not None:
        name = physical_name(mesh)
        yield MeshArns(partition_of(mesh.region), mesh.region, name, mesh.account).mesh_arn()
    elif not references.is_made_of_others(association, "resourceArn", MESH):
        yield ""


def access_keys(references: References) -> Iterator[AccessKey]:
    """Keys and passwords of users, and static credentials of providers."""
    graph = references.graph
    for type_, (user, what) in LONG_LIVED.items():
        for resource in graph.of_type(type_):
            yield AccessKey(text(resource, user) or resource.name, resource.account, resource, what)
    for resource in graph.of_type(AWS_PROVIDER):
        # The engine's own default providers carry whatever the surroundings give them.
        if resource.inputs.get("secretKey") is not None:
            yield AccessKey(f"provider {resource.name}", resource.account, resource)


def control_policies(references: References, unknowns: list[Unknown]) -> Iterator[ControlPolicy]:
    """Every service control policy that is attached, once for each target."""
    graph = references.graph
    by_id = {str(reveal(each.outputs.get("id"))): each for each in graph.of_type(CONTROL_POLICY)}
    for attachment in graph.of_type(CONTROL_ATTACHMENT):
        policy = by_id.get(text(attachment, "policyId") or "") or references.dependency(
            attachment, "policyId", CONTROL_POLICY
        )
        target = _unit(references, attachment, "targetId")
        if policy is None or target is None:
            message = "which policy it attaches to what"
            unknowns.append(Unknown(attachment.name, message, attachment.urn))
        elif (text(policy, "type") or "SERVICE_CONTROL_POLICY") == "SERVICE_CONTROL_POLICY":
            yield ControlPolicy(inline(policy, "content"), target, attachment)


def organization(references: References) -> Iterator[tuple[str, str]]:
    """Each account and organizational unit with what it is in, by their ids."""
    for type_ in _UNITS:
        for resource in references.graph.of_type(type_):
            parent = _unit(references, resource, "parentId")
            if parent is not None:
                yield _id(resource), parent


def _unit(references: References, resource: Resource, key: str) -> str | None:
    """The root, unit or account that an input names; ``None`` where that can't be told."""
    known = text(resource, key)
    if known is not None:
        return known
    for type_ in _UNITS:
        made = references.dependency(resource, key, type_)
        if made is not None:
            return _id(made)
    return _ROOT if references.dependency(resource, key, ORGANIZATION) else None


def _id(resource: Resource) -> str:
    """The id of a unit or account; before AWS has made it, its URN."""
    return text(resource, "id") or resource.urn


def associations(references: References) -> Iterator[Association]:
    """Every Pod Identity association."""
    for resource in references.graph.of_type(ASSOCIATION):
        role = text(resource, "roleArn")
        if role is None:
            made = references.dependency(resource, "roleArn", ROLE)
            role = references.iam_arn(made, "role") if made is not None else None
        yield Association(
            text(resource, "clusterName"),
            text(resource, "namespace"),
            text(resource, "serviceAccount"),
            role,
            resource.account,
            resource,
        )


def instance_profiles(references: References) -> Iterator[InstanceProfile]:
    """Every instance profile."""
    for resource in references.graph.of_type(PROFILE):
        role = text(resource, "role")
        if role is None:
            made = references.dependency(resource, "role", ROLE)
            role = physical_name(made) if made is not None else None
        yield InstanceProfile(physical_name(resource), role, resource.account, resource)
