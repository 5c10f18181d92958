"""Routes of a router. Source: API RouteSpec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh import matches
from meshkit.appmesh.listeners import timeout
from meshkit.appmesh.references import (
    MeshRef,
    checked_spec,
    in_place,
    name_of,
    physical_name,
    placement,
)
from meshkit.appmesh.translation import Leaves, duration, given
from meshkit.config.route import Route as RouteSpec
from meshkit.inputs import require_args

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Spec
    from meshkit.appmesh.virtual_router import VirtualRouter
    from meshkit.config.route import GrpcMatch, GrpcRoute, HttpMatch, HttpRoute, Retry, TcpRoute


def route_spec(route: RouteSpec) -> Spec:
    """The spec as pulumi_aws takes it."""
    return given(
        priority=route.priority,
        http_route=_http(route.http),
        http2_route=_http(route.http2),
        grpc_route=_grpc(route.grpc),
        tcp_route=_tcp(route.tcp),
    )


def _http(route: HttpRoute | None) -> Spec | None:
    return route and given(
        match=_http_match(route.match),
        action=_action(route),
        retry_policy=_retry(route.retry),
        timeout=timeout(route.timeout),
    )


def _grpc(route: GrpcRoute | None) -> Spec | None:
    if route is None:
        return None
    retry = _retry(route.retry)
    if retry and route.retry and route.retry.grpc_events:
        retry["grpc_retry_events"] = route.retry.grpc_events
    return given(
        match=_grpc_match(route.match),
        action=_action(route),
        retry_policy=retry,
        timeout=timeout(route.timeout),
    )


def _tcp(route: TcpRoute | None) -> Spec | None:
    return route and given(
        match=route.match and given(port=route.match.port),
        action=_action(route),
        timeout=timeout(route.timeout),
    )


def _http_match(match: HttpMatch) -> Spec:
    return given(
        prefix=match.prefix,
        path=matches.path(match.path),
        method=match.method,
        scheme=match.scheme,
        headers=matches.headers(match.headers),
        query_parameters=matches.queries(match.query_parameters),
        port=match.port,
    )


def _grpc_match(match: GrpcMatch) -> Spec:
    return given(
        service_name=match.service_name,
        method_name=match.method_name,
        metadatas=matches.headers(match.metadata),
        port=match.port,
    )


def _action(route: HttpRoute | GrpcRoute | TcpRoute) -> Spec:
    return {
        "weighted_targets": [
            given(virtual_node=target.node, weight=target.weight, port=target.port)
            for target in route.targets
        ]
    }


def _retry(retry: Retry | None) -> Spec | None:
    return retry and given(
        max_retries=retry.max_retries,
        per_retry_timeout=duration(retry.per_retry_timeout),
        http_retry_events=retry.http_events,
        tcp_retry_events=retry.tcp_events,
    )


@dataclass(frozen=True, kw_only=True)
class RouteArgs:
    """Arguments of ``Route``."""

    mesh: MeshRef
    """``Mesh``, ``SharedMeshRef``, or the name of an own mesh."""
    router: VirtualRouter | pulumi.Input[str]
    """The router, or its name."""
    spec: RouteSpec | Mapping[str, Any]
    """As in the mesh file; targets are names of nodes."""
    name: str | None = None
    """Physical name. Default: the component's."""
    nodes: Sequence[pulumi.Resource] = ()
    """The target nodes this program makes: App Mesh refuses a route to a node that isn't there."""


class Route(pulumi.ComponentResource):
    """A route of a router.

    Another name, router or mesh makes a new route before the old one goes.
    """

    arn: pulumi.Output[str]
    """ARN of the route."""
    name: pulumi.Output[str]
    """Its name."""

    def __init__(
        self, name: str, args: RouteArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, RouteArgs)
        physical = physical_name(name, args.name)
        route = checked_spec(name, RouteSpec, args.spec)
        tags = Leaves().tags(route.tags)
        super().__init__("meshkit:index:Route", name, None, opts)
        made = aws.appmesh.Route(
            name,
            name=physical,
            virtual_router_name=name_of(args.router),
            spec=route_spec(route),
            tags=tags,
            opts=in_place(self, list(args.nodes)),
            **placement(args.mesh),
        )
        self.arn, self.name = made.arn, made.name
        self.register_outputs({"arn": self.arn, "name": self.name})
