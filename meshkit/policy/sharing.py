"""Policies of the people and pipelines that share a mesh, accept a share, or work in a shared mesh.

Source: App Mesh User Guide, working with shared meshes; Service Authorization Reference, App Mesh
and RAM; the actions of AWSRAMDefaultPermissionAppMesh.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Statement
from meshkit.policy.mesh_actions import SHARED_ACTIONS
from meshkit.topology.leaves import parse_arn

if TYPE_CHECKING:
    from meshkit.policy.document import Text

MESH_POLICY_ACTIONS: Final = (
    "appmesh:PutMeshPolicy",
    "appmesh:GetMeshPolicy",
    "appmesh:DeleteMeshPolicy",
)
"""Permissions without an operation of their own, which RAM asks for when a mesh is shared."""
SHARER_MANAGED: Final = ("AWSAppMeshFullAccess", "AWSResourceAccessManagerFullAccess")
"""What AWS recommends to who shares a mesh: far more than that."""
ACCEPTOR_MANAGED: Final = ("AWSResourceAccessManagerResourceShareParticipantAccess",)
_READING: Final = ("appmesh:Describe", "appmesh:List")
_OWN: Final = ("virtualNode/*", "virtualRouter/*", "virtualService/*")
"""Resources of the shared kinds; a route is below its router."""


@dataclass(frozen=True, slots=True)
class MeshPlace:
    """What the ARN of a mesh says."""

    partition: str
    region: str
    owner: str
    mesh: str

    @classmethod
    def of(cls, arn: str) -> MeshPlace:
        """Raises ``MeshkitError`` for what is no ARN of a mesh."""
        parts = parse_arn(arn)
        kind, _, name = parts.resource.partition("/") if parts else ("", "", "")
        if parts is None or parts.service != "appmesh" or kind != "mesh" or "/" in name or not name:
            raise MeshkitError(
                f'"{arn}" is no mesh: arn:PARTITION:appmesh:REGION:ACCOUNT:mesh/MESH, of its owner'
            )
        return cls(parts.partition, parts.region, parts.account, name)

    @property
    def arn(self) -> str:
        """Its ARN, in its owner's account."""
        return self._arn("appmesh", self.owner, f"mesh/{self.mesh}")

    def within(self, account: str, tail: str) -> str:
        """ARN of what an account makes in it."""
        mesh = self.mesh if account == self.owner else f"{self.mesh}@{self.owner}"
        return self._arn("appmesh", account, f"mesh/{mesh}/{tail}")

    def ram(self, resource: str) -> str:
        """ARN of a share of its owner, or of an invitation to one."""
        return self._arn("ram", self.owner, resource)

    def _arn(self, service: str, account: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{account}:{resource}"


def sharer_document(mesh_arn: str, share_name: str) -> Document:
    """Who makes, changes and ends the share of one mesh, by its name."""
    place = MeshPlace.of(mesh_arn)
    this_mesh = Condition("ArnEqualsIfExists", "ram:ResourceArn", (place.arn,))
    this_share = Condition("StringEquals", "ram:ResourceShareName", (share_name,))
    meshes = Condition("StringEqualsIfExists", "ram:RequestedResourceType", ("appmesh:Mesh",))
    shares = (place.ram("resource-share/*"),)
    return Document(
        (
            _allow("ShareThisMesh", MESH_POLICY_ACTIONS, (place.arn,)),
            _allow("MakeShares", ("ram:CreateResourceShare",), ("*",), this_mesh, meshes),
            _allow(
                "FillThisShare",
                ("ram:AssociateResourceShare", "ram:DisassociateResourceShare"),
                shares,
                this_share,
                this_mesh,
            ),
            _allow(
                "KeepThisShare",
                ("ram:UpdateResourceShare", "ram:DeleteResourceShare"),
                shares,
                this_share,
            ),
            _allow("TagShares", ("ram:TagResource", "ram:UntagResource"), shares),
            # All but the last take no resource; what somebody sees of shares is no secret here.
            _allow(
                "SeeShares",
                (
                    "ram:GetResourceShares",
                    "ram:GetResourceShareAssociations",
                    "ram:ListPrincipals",
                    "ram:ListResources",
                    "ram:ListResourceSharePermissions",
                ),
                ("*",),
            ),
        )
    )


def acceptor_document(mesh_arn: str) -> Document:
    """Who accepts or rejects invitations of the mesh's owner, and of nobody else."""
    place = MeshPlace.of(mesh_arn)
    of_owner = Condition("StringEquals", "ram:ShareOwnerAccountId", (place.owner,))
    answer = ("ram:AcceptResourceShareInvitation", "ram:RejectResourceShareInvitation")
    seen = ("ram:GetResourceShareInvitations", "ram:GetResourceShares", "ram:ListResources")
    return Document(
        (
            _allow("AnswerTheOwner", answer, (place.ram("resource-share-invitation/*"),), of_owner),
            _allow("SeeInvitations", seen, ("*",)),
        )
    )


def team_document(mesh_arn: str, account: str) -> Document:
    """Who works in a mesh for one account: on its own nodes, routers, routes and services.

    It can see everything in the mesh but gateways. The actions are those of the RAM permission, and
    listing the tags of what is the account's own.
    """
    place = MeshPlace.of(mesh_arn)
    reading = tuple(each for each in sorted(SHARED_ACTIONS) if each.startswith(_READING))
    changing = tuple(each for each in sorted(SHARED_ACTIONS) if not each.startswith(_READING))
    own = tuple(place.within(account, tail) for tail in _OWN)
    # What the owner makes, and what consumers make, whoever they are.
    seen = (place.arn, place.within(place.owner, "*"), place.within("*", "*"))
    return Document(
        (
            _allow("ChangeItsOwn", (*changing, "appmesh:ListTagsForResource"), own),
            _allow("SeeTheMesh", reading, seen),
        )
    )


def _allow(
    sid: str, actions: tuple[str, ...], resources: tuple[Text, ...], *conditions: Condition
) -> Statement:
    return Statement(sid=sid, actions=actions, resources=resources, conditions=conditions)
