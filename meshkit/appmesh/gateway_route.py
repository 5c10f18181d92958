"""Routes of a virtual gateway. Source: API GatewayRouteSpec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh import matches
from meshkit.appmesh.references import (
    MeshRef,
    checked_spec,
    in_place,
    name_of,
    physical_name,
    placement,
    require_own_mesh,
    translated,
)
from meshkit.appmesh.translation import Leaves, given, lacks
from meshkit.config.gateway_route import GatewayRoute as GatewayRouteSpec
from meshkit.inputs import require_args

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Spec
    from meshkit.appmesh.virtual_gateway import VirtualGateway
    from meshkit.config.gateway_route import (
        GatewayGrpcRoute,
        GatewayHttpMatch,
        GatewayHttpRoute,
        GatewayTarget,
        HttpRewrite,
    )


def gateway_route_spec(route: GatewayRouteSpec) -> Spec:
    """The spec as pulumi_aws takes it. Raises ``MeshkitError`` for what it can't say."""
    return given(
        priority=route.priority,
        http_route=_http(route.http),
        http2_route=_http(route.http2),
        grpc_route=_grpc(route.grpc),
    )


def _http(route: GatewayHttpRoute | None) -> Spec | None:
    if route is None:
        return None
    rewrite = _rewrite(route.rewrite)
    return {
        "match": _http_match(route.match),
        "action": given(target=_target(route.service), rewrite=rewrite),
    }


def _grpc(route: GatewayGrpcRoute | None) -> Spec | None:
    if route is None:
        return None
    match = route.match
    if match.hostname is not None or match.metadata or match.service_name is None:
        raise lacks("a grpc match by other than service_name and port")
    if route.rewrite is not None:
        raise lacks("a grpc rewrite")
    return {
        "match": given(service_name=match.service_name, port=match.port),
        "action": {"target": _target(route.service)},
    }


def _http_match(match: GatewayHttpMatch) -> Spec:
    if match.method is not None:
        raise lacks("match.method of a gateway's route")
    hostname = match.hostname
    return given(
        prefix=match.prefix,
        path=matches.path(match.path),
        hostname=hostname and given(exact=hostname.exact, suffix=hostname.suffix),
        headers=matches.headers(match.headers),
        query_parameters=matches.queries(match.query_parameters),
        port=match.port,
    )


def _target(target: GatewayTarget) -> Spec:
    return given(virtual_service={"virtual_service_name": target.name}, port=target.port)


def _rewrite(rewrite: HttpRewrite | None) -> Spec | None:
    if rewrite is None:
        return None
    hostname = rewrite.default_target_hostname
    return given(
        hostname=hostname and {"default_target_hostname": hostname},
        prefix=given(default_prefix=rewrite.default_prefix, value=rewrite.prefix) or None,
        path=rewrite.path and {"exact": rewrite.path},
    )


@dataclass(frozen=True, kw_only=True)
class GatewayRouteArgs:
    """Arguments of ``GatewayRoute``."""

    mesh: MeshRef
    """``Mesh``, or the name of an own mesh: only the mesh owner can have gateways."""
    gateway: VirtualGateway | pulumi.Input[str]
    """The gateway, or its name."""
    spec: GatewayRouteSpec | Mapping[str, Any]
    """As in the mesh file; the target is the name of a service."""
    name: str | None = None
    """Physical name. Default: the component's."""
    service: pulumi.Resource | None = None
    """The service, if this program makes it: App Mesh refuses a route to one that isn't there."""


class GatewayRoute(pulumi.ComponentResource):
    """A route of a virtual gateway.

    Another name, gateway or mesh makes a new route before the old one goes.
    """

    arn: pulumi.Output[str]
    """ARN of the route."""
    name: pulumi.Output[str]
    """Its name."""

    def __init__(
        self, name: str, args: GatewayRouteArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, GatewayRouteArgs)
        require_own_mesh(name, args.mesh)
        physical = physical_name(name, args.name)
        route = checked_spec(name, GatewayRouteSpec, args.spec)
        spec = translated(name, lambda: gateway_route_spec(route))
        tags = Leaves().tags(route.tags)
        super().__init__("meshkit:index:GatewayRoute", name, None, opts)
        made = aws.appmesh.GatewayRoute(
            name,
            name=physical,
            virtual_gateway_name=name_of(args.gateway),
            spec=spec,
            tags=tags,
            opts=in_place(self, [args.service] if args.service else None),
            **placement(args.mesh),
        )
        self.arn, self.name = made.arn, made.name
        self.register_outputs({"arn": self.arn, "name": self.name})
