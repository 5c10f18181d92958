"""Pulumi components for sharing a mesh through AWS RAM."""

from __future__ import annotations

from meshkit.sharing.mesh_share import MeshShare, MeshShareArgs

__all__ = ["MeshShare", "MeshShareArgs"]
