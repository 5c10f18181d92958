"""Routes of gateways: protocol, ports, matches and rewrites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.gateway_route import GatewayGrpcMatch, GatewayHttpRoute
from meshkit.topology.rules.ports import match_port, target_port
from meshkit.topology.rules.view import listener_on
from meshkit.topology.rules.wording import a

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.gateway_route import HttpRewrite
    from meshkit.topology.rules.view import View

PROTOCOL = Rule(
    "MK540",
    "A gateway route is of the protocol of its gateway's listener.",
    "The listener takes no requests of another protocol.",
    "Make the route of the listener's protocol, or change the listener.",
    "App Mesh user guide: gateway routes",
)
NO_MATCH = Rule(
    "MK541",
    "A gateway route matches something.",
    "App Mesh needs a prefix, a path or a hostname; for grpc a service_name or a hostname.",
    "Add one of them, for example prefix: /.",
    "App Mesh API: HttpGatewayRouteMatch, GrpcGatewayRouteMatch",
)
RESERVED = Rule(
    "MK542",
    "A gateway route does not match what App Mesh keeps for itself.",
    "Prefixes that begin with /aws-appmesh or /aws-app-mesh, and gRPC services that begin with "
    "aws.appmesh or /aws.app-mesh, are reserved.",
    "Choose another prefix or service name.",
    "App Mesh user guide: gateway routes",
)
REWRITE = Rule(
    "MK543",
    "A rewrite is of the kind of its match: prefix with prefix, path with path.",
    "What is rewritten is what was matched.",
    "Match by the same kind, or remove the rewrite.",
    "App Mesh user guide: gateway routes",
)
SLASHES = Rule(
    "MK544",
    "Where a prefix is rewritten to another, both end with a slash.",
    "What follows the matched prefix is put behind the new one, and would run into it.",
    "End both the matched prefix and its new value with /.",
    "Admission rules of the App Mesh controller for Kubernetes",
)

RULES = (PROTOCOL, NO_MATCH, RESERVED, REWRITE, SLASHES)

RESERVED_PREFIXES = ("/aws-appmesh", "/aws-app-mesh")
RESERVED_SERVICES = ("aws.appmesh", "/aws.app-mesh", "/aws.appmesh", "aws.app-mesh")


def check_listeners(view: View) -> Iterator[Finding]:
    """Each route against its gateway's listeners."""
    for route in view.gateway_routes:
        if not view.whole("gateways", route.gateway, "listeners"):
            continue
        listeners = view.config.gateways[route.gateway].listeners
        port = route.body.match.port
        yield from match_port(route.path, port, listeners, "gateway")
        listener = listener_on(listeners, port)
        if listener is not None and listener.protocol != route.kind:
            message = (
                f"{a(route.kind)} route on the gateway's {listener.protocol} listener "
                f"{listener.port}; make the route {listener.protocol}, or change the listener"
            )
            yield PROTOCOL.at(route.path, message)


def check_targets(view: View) -> Iterator[Finding]:
    """The port of the service a route leads to."""
    for route in view.gateway_routes:
        target = route.body.service
        provider = view.provider(target.name)
        if provider is not None:
            path = (*route.path, "service")
            yield from target_port(path, target.port, provider.listeners, target.name)


def check_matches(view: View) -> Iterator[Finding]:
    """Routes that match nothing, or what is reserved."""
    for route in view.gateway_routes:
        match = route.body.match
        path = (*route.path, "match")
        if isinstance(match, GatewayGrpcMatch):
            given = bool(match.service_name or match.hostname)
            wanted = "service_name or hostname"
            yield from _reserved(path, "service_name", match.service_name, RESERVED_SERVICES)
        else:
            given = bool(match.prefix or match.path or match.hostname)
            wanted = "prefix, path or hostname"
            exact = match.path.exact if match.path else None
            yield from _reserved(path, "prefix", match.prefix, RESERVED_PREFIXES)
            yield from _reserved((*path, "path"), "exact", exact, RESERVED_PREFIXES)
        if not given:
            yield NO_MATCH.at(path, f"{a(route.kind)} route of a gateway needs {wanted}; add one")


def _reserved(path: Path, key: str, value: str | None, taken: tuple[str, ...]) -> Iterator[Finding]:
    if value and value.startswith(taken):
        message = f'"{value}" is reserved by App Mesh; choose another than {taken[0]}…'
        yield RESERVED.at((*path, key), message)


def check_rewrites(view: View) -> Iterator[Finding]:
    """Rewrites of http and http2 routes."""
    for route in view.gateway_routes:
        body = route.body
        if not isinstance(body, GatewayHttpRoute) or body.rewrite is None:
            continue
        path = (*route.path, "rewrite")
        for key, kind in (("default_prefix", "prefix"), ("prefix", "prefix"), ("path", "path")):
            matched = getattr(body.match, kind) or not view.whole(*route.path, "match")
            if getattr(body.rewrite, key) and not matched:
                message = f"rewrite.{key} needs match.{kind}; add it, or remove the rewrite"
                yield REWRITE.at((*path, key), message)
        yield from _slashes(route.path, body.match.prefix, body.rewrite)


def _slashes(path: Path, matched: str | None, rewrite: HttpRewrite) -> Iterator[Finding]:
    if not rewrite.prefix or not matched:
        return
    for value, rest in ((matched, ("match", "prefix")), (rewrite.prefix, ("rewrite", "prefix"))):
        if not value.endswith("/"):
            message = f'"{value}" must end with a slash in a route that rewrites it: "{value}/"'
            yield SLASHES.at((*path, *rest), message)


CHECKS = (check_listeners, check_targets, check_matches, check_rewrites)
