"""What the API has and pulumi-aws 7.51.1 can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.gateway_route import GatewayGrpcRoute, GatewayHttpRoute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.topology.rules.view import View

WHY = "The API has it, but the provider would drop it without a word."
CLOUD_MAP_IP = Rule(
    "MK910",
    "cloud_map has no ip_preference.",
    WHY,
    "Set mesh.ip_preference, or discover the node by dns, which has it.",
    "pulumi-aws 7.51.1: VirtualNodeSpecServiceDiscoveryAwsCloudMapArgs",
)
GATEWAY_GRPC = Rule(
    "MK911",
    "A grpc route of a gateway matches a service_name and port alone, and rewrites nothing.",
    WHY,
    "Remove hostname, metadata and rewrite; give service_name.",
    "pulumi-aws 7.51.1: GatewayRouteSpecGrpcRouteArgs",
)
GATEWAY_METHOD = Rule(
    "MK912",
    "A route of a gateway matches no method.",
    WHY,
    "Match the method in a route of the router behind it.",
    "pulumi-aws 7.51.1: GatewayRouteSpecHttpRouteMatchArgs",
)
BACKENDS = Rule(
    "MK913",
    "A node has at most 50 backends, whatever the quota.",
    "The provider refuses more, even where AWS has raised the quota.",
    "Split the node.",
    "pulumi-aws 7.51.1: VirtualNodeSpecArgs.backends",
)

RULES = (CLOUD_MAP_IP, GATEWAY_GRPC, GATEWAY_METHOD, BACKENDS)

MAX_BACKENDS = 50


def check_nodes(view: View) -> Iterator[Finding]:
    """Cloud Map discovery and the number of backends."""
    if not view.app_mesh:
        return
    raised = view.config.quotas.backends_per_virtual_node
    for name, node in view.config.nodes.items():
        cloud_map = node.service_discovery.cloud_map if node.service_discovery else None
        if cloud_map and cloud_map.ip_preference:
            message = (
                "pulumi-aws 7.51.1 can't say ip_preference of cloud_map; set mesh.ip_preference, "
                "or use dns"
            )
            path = ("nodes", name, "service_discovery", "cloud_map", "ip_preference")
            yield CLOUD_MAP_IP.at(path, message)
        if MAX_BACKENDS < len(node.backends) <= raised:
            message = (
                f"{len(node.backends)} backends, pulumi-aws 7.51.1 takes {MAX_BACKENDS}; "
                "split the node"
            )
            yield BACKENDS.at(("nodes", name, "backends"), message)


def check_gateway_routes(view: View) -> Iterator[Finding]:
    """Matches and rewrites of gateways."""
    if not view.app_mesh:
        return
    for route in view.gateway_routes:
        body = route.body
        if isinstance(body, GatewayHttpRoute):
            if body.match.method:
                message = (
                    f"pulumi-aws 7.51.1 can't match the method {body.match.method} in a gateway; "
                    "match it in the router's route"
                )
                yield GATEWAY_METHOD.at((*route.path, "match", "method"), message)
            continue
        yield from _grpc(route.path, body)


def _grpc(path: Path, body: GatewayGrpcRoute) -> Iterator[Finding]:
    for key, block in (("hostname", body.match), ("metadata", body.match), ("rewrite", body)):
        if getattr(block, key):
            at = (*path, key) if block is body else (*path, "match", key)
            message = (
                f"pulumi-aws 7.51.1 can't say {key} in a grpc gateway route; remove it, and match "
                "by service_name"
            )
            yield GATEWAY_GRPC.at(at, message)


CHECKS = (check_nodes, check_gateway_routes)
