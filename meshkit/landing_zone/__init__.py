"""Pulumi components for who works on a mesh, and for the accounts around it."""

from __future__ import annotations

from meshkit.landing_zone.operator_role import OperatorRole, OperatorRoleArgs

__all__ = ["OperatorRole", "OperatorRoleArgs"]
