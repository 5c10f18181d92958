"""Pulumi components for who works on a mesh, and for the accounts around it."""

from __future__ import annotations

from meshkit.landing_zone.audit_trail import (
    ExistingTrail,
    MeshAuditTrail,
    MeshAuditTrailArgs,
)
from meshkit.landing_zone.generations import Rotation
from meshkit.landing_zone.guardrails import Guardrails, GuardrailsArgs
from meshkit.landing_zone.landing_zone import LandingZone
from meshkit.landing_zone.member_access import MemberAccessRole, MemberAccessRoleArgs
from meshkit.landing_zone.meshstack_connector import MeshStackConnector, MeshStackConnectorArgs
from meshkit.landing_zone.operator_role import OperatorRole, OperatorRoleArgs
from meshkit.landing_zone.permissions_boundary import PermissionsBoundary, PermissionsBoundaryArgs
from meshkit.landing_zone.project_roles import ProjectRoles, ProjectRolesArgs

__all__ = [
    "ExistingTrail",
    "Guardrails",
    "GuardrailsArgs",
    "LandingZone",
    "MemberAccessRole",
    "MemberAccessRoleArgs",
    "MeshAuditTrail",
    "MeshAuditTrailArgs",
    "MeshStackConnector",
    "MeshStackConnectorArgs",
    "OperatorRole",
    "OperatorRoleArgs",
    "PermissionsBoundary",
    "PermissionsBoundaryArgs",
    "ProjectRoles",
    "ProjectRolesArgs",
    "Rotation",
]
