"""What routes lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshkit.topology.model import ResolvedGatewayRoute, ResolvedRoute


def route_targets(route: ResolvedRoute) -> tuple[str, ...]:
    """The nodes that a route leads to, each once."""
    spec = route.spec.http or route.spec.http2 or route.spec.grpc or route.spec.tcp
    return tuple(dict.fromkeys(target.node for target in spec.targets)) if spec else ()


def gateway_route_services(route: ResolvedGatewayRoute) -> tuple[str, ...]:
    """The service that a gateway's route leads to."""
    spec = route.spec.http or route.spec.http2 or route.spec.grpc
    return (spec.service.name,) if spec else ()
