"""Pulumi components for AWS App Mesh, one resource each."""

from __future__ import annotations

from meshkit.appmesh.gateway_route import GatewayRoute, GatewayRouteArgs
from meshkit.appmesh.mesh import Mesh, MeshArgs
from meshkit.appmesh.references import MeshLike, SharedMeshRef
from meshkit.appmesh.route import Route, RouteArgs
from meshkit.appmesh.virtual_gateway import VirtualGateway, VirtualGatewayArgs
from meshkit.appmesh.virtual_node import VirtualNode, VirtualNodeArgs
from meshkit.appmesh.virtual_router import VirtualRouter, VirtualRouterArgs
from meshkit.appmesh.virtual_service import VirtualService, VirtualServiceArgs

__all__ = [
    "GatewayRoute",
    "GatewayRouteArgs",
    "Mesh",
    "MeshArgs",
    "MeshLike",
    "Route",
    "RouteArgs",
    "SharedMeshRef",
    "VirtualGateway",
    "VirtualGatewayArgs",
    "VirtualNode",
    "VirtualNodeArgs",
    "VirtualRouter",
    "VirtualRouterArgs",
    "VirtualService",
    "VirtualServiceArgs",
]
