"""The whole mesh file as one component."""

from __future__ import annotations

from meshkit.mesh.endpoints import GatewayOutputs, Named, NodeOutputs
from meshkit.mesh.shared_mesh import SharedMesh

__all__ = ["GatewayOutputs", "Named", "NodeOutputs", "SharedMesh"]
