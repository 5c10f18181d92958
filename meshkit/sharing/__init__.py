"""Pulumi components for sharing a mesh through AWS RAM."""

from __future__ import annotations

from meshkit.sharing.acceptance import ShareAcceptance, ShareAcceptanceArgs
from meshkit.sharing.mesh_share import MeshShare, MeshShareArgs
from meshkit.sharing.organization_sharing import OrganizationSharing, OrganizationSharingArgs
from meshkit.sharing.policies import (
    MeshSharerPolicy,
    MeshSharerPolicyArgs,
    MeshTeamPolicy,
    MeshTeamPolicyArgs,
    ShareAcceptorPolicy,
    ShareAcceptorPolicyArgs,
)
from meshkit.sharing.service_linked_role import MeshServiceRole, MeshServiceRoleArgs

__all__ = [
    "MeshServiceRole",
    "MeshServiceRoleArgs",
    "MeshShare",
    "MeshShareArgs",
    "MeshSharerPolicy",
    "MeshSharerPolicyArgs",
    "MeshTeamPolicy",
    "MeshTeamPolicyArgs",
    "OrganizationSharing",
    "OrganizationSharingArgs",
    "ShareAcceptance",
    "ShareAcceptanceArgs",
    "ShareAcceptorPolicy",
    "ShareAcceptorPolicyArgs",
]
