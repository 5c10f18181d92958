"""Pulumi components for who works on a mesh, and for the accounts around it."""

from __future__ import annotations

from meshkit.landing_zone.generations import Rotation
from meshkit.landing_zone.member_access import MemberAccessRole, MemberAccessRoleArgs
from meshkit.landing_zone.meshstack_connector import MeshStackConnector, MeshStackConnectorArgs
from meshkit.landing_zone.operator_role import OperatorRole, OperatorRoleArgs

__all__ = [
    "MemberAccessRole",
    "MemberAccessRoleArgs",
    "MeshStackConnector",
    "MeshStackConnectorArgs",
    "OperatorRole",
    "OperatorRoleArgs",
    "Rotation",
]
