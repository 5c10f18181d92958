"""Routes, listeners and targets meet on one port and speak one protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.types import seconds
from meshkit.topology.rules.view import listener_on
from meshkit.topology.rules.wording import a, either

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshkit.config.finding import Finding, Path
    from meshkit.config.listener import GatewayListener, Listener, PortMapping, Timeout
    from meshkit.config.route import Target
    from meshkit.topology.rules.view import RouteOf, View

    Listeners = Sequence[Listener] | Sequence[GatewayListener] | Sequence[PortMapping]

ROUTE_PROTOCOL = Rule(
    "MK520",
    "A route is of the protocol of its router's listener.",
    "App Mesh refuses a route of another protocol.",
    "Make the route of the listener's protocol, or change the listener.",
    "App Mesh user guide: routes",
)
TARGET_PROTOCOL = Rule(
    "MK521",
    "A route is of the protocol of its targets' listeners.",
    "The proxy would speak another protocol to the target than the target understands.",
    "Change the target's listener, or route to another node.",
    "App Mesh user guide: routes",
)
MATCH_PORT = Rule(
    "MK522",
    "A route names its listener where the router or gateway has several.",
    "App Mesh refuses a route when it can't tell which listener is meant.",
    "Add port to the match.",
    "App Mesh API: HttpRouteMatch.port, HttpGatewayRouteMatch.port",
)
NO_MATCH_PORT = Rule(
    "MK523",
    "The port of a match is one of the router's or gateway's listeners.",
    "Nothing arrives on a port without a listener.",
    "Correct the port, or add a listener.",
    "App Mesh API: HttpRouteMatch.port, HttpGatewayRouteMatch.port",
)
TARGET_PORT = Rule(
    "MK524",
    "A target has a port where its listeners are several.",
    "App Mesh refuses a target when it can't tell which listener is meant.",
    "Add port to the target.",
    "App Mesh API: WeightedTarget.port, GatewayRouteTarget.port",
)
NO_TARGET_PORT = Rule(
    "MK525",
    "The port of a target is one of its listeners.",
    "Nobody listens on another port.",
    "Correct the port, or add a listener.",
    "App Mesh API: WeightedTarget.port, GatewayRouteTarget.port",
)
NO_LISTENER = Rule(
    "MK526",
    "A node that gets traffic has a listener.",
    "A node without listeners only calls others.",
    "Add a listener to the node, or lead the traffic to another.",
    "App Mesh user guide: virtual nodes",
)
DUPLICATE_TARGET = Rule(
    "MK527",
    "Each node and port is a target of a route once.",
    "Two entries for one target say two weights.",
    "Make them one entry with the sum of the weights.",
    "meshkit: inferred, App Mesh documents no meaning for it",
)
LISTENER_TIMEOUT = Rule(
    "MK532",
    "A route that raises a timeout leads to listeners that raise it as well.",
    "The proxies of both sides keep time; the target's stops at its own 15 s a request or 300 s "
    "idle.",
    "Give the target's listener the same timeout.",
    "App Mesh user guide: timeouts",
    "warning",
)

RULES = (
    ROUTE_PROTOCOL, TARGET_PROTOCOL, MATCH_PORT, NO_MATCH_PORT, TARGET_PORT, NO_TARGET_PORT,
    NO_LISTENER, DUPLICATE_TARGET, LISTENER_TIMEOUT,
)  # fmt: skip

DEFAULTS = {"per_request": 15.0, "idle": 300.0}
"""Seconds. Source: App Mesh user guide, timeouts."""
TCP_REQUEST = ("tcp", "per_request")
"""A fault of its own."""


def check_routes(view: View) -> Iterator[Finding]:
    """Each route against its router's listeners."""
    for route in view.routes:
        router = view.router(route.router)
        if router is None:
            continue
        yield from match_port(route.path, route.port, router.listeners, "router")
        listener = listener_on(router.listeners, route.port)
        if listener is not None and listener.protocol != route.kind:
            message = (
                f"{a(route.kind)} route on the router's {listener.protocol} listener "
                f"{listener.port}; make the route {listener.protocol}, or change the listener"
            )
            yield ROUTE_PROTOCOL.at(route.path, message)


def match_port(path: Path, port: int | None, listeners: Listeners, kind: str) -> Iterator[Finding]:
    """The port of a match against the listeners of its router or gateway."""
    ports = either(listener.port for listener in listeners)
    if port is None and len(listeners) > 1:
        message = f"the {kind} has several listeners; add port: {ports} to the match"
        yield MATCH_PORT.at((*path, "match"), message)
    elif port is not None and all(listener.port != port for listener in listeners):
        message = f"the {kind} has no listener on port {port}; use {ports}"
        yield NO_MATCH_PORT.at((*path, "match", "port"), message)


def target_port(path: Path, port: int | None, listeners: Listeners, name: str) -> Iterator[Finding]:
    """The port of a target against the listeners it leads to."""
    ports = either(listener.port for listener in listeners)
    if port is None and len(listeners) > 1:
        yield TARGET_PORT.at(path, f'"{name}" has several listeners; add port: {ports}')
    elif port is not None and listeners and all(each.port != port for each in listeners):
        yield NO_TARGET_PORT.at(path, f'"{name}" has no listener on port {port}; use {ports}')


def check_targets(view: View) -> Iterator[Finding]:
    """Each target's listener against its route."""
    for route in view.routes:
        for place, target in enumerate(route.body.targets):
            yield from _target(view, route, place, target)


def _target(view: View, route: RouteOf, place: int, target: Target) -> Iterator[Finding]:
    path = (*route.path, "targets", place)
    node = view.node(target.node)
    if node is None:
        return
    if not node.listeners:
        yield NO_LISTENER.at(path, _no_listener(target.node))
        return
    yield from target_port(path, target.port, node.listeners, target.node)
    listener = listener_on(node.listeners, target.port)
    if listener is None:
        return
    if listener.protocol != route.kind:
        message = (
            f'"{target.node}" speaks {listener.protocol} on port {listener.port}, the route is '
            f"{route.kind}; change one of them"
        )
        yield TARGET_PROTOCOL.at(path, message)
    yield from _timeouts(route, target, getattr(listener, "timeout", None))


def _no_listener(name: str) -> str:
    return f'node "{name}" has no listener, so nothing can reach it; add one, or name another node'


def _timeouts(route: RouteOf, target: Target, listener: Timeout | None) -> Iterator[Finding]:
    if route.body.timeout is None:
        return
    for key, default in DEFAULTS.items():
        given: str | None = getattr(route.body.timeout, key)
        theirs: str | None = getattr(listener, key, None)
        if given is None or _length(given) <= default or (route.kind, key) == TCP_REQUEST:
            continue
        if _length(given) > (_length(theirs) if theirs else default):
            stops = theirs or f"{default:g}s"
            message = (
                f'the route allows {given}, the listener of "{target.node}" stops at {stops}; '
                f"give it timeout: {{{key}: {given}}} as well"
            )
            yield LISTENER_TIMEOUT.at((*route.path, "timeout", key), message)


def _length(duration: str) -> float:
    return seconds(duration) or float("inf")


def check_duplicate_targets(view: View) -> Iterator[Finding]:
    """A node and port given twice in one route."""
    for route in view.routes:
        if len(route.body.targets) < 2:
            continue
        seen: set[tuple[str, int | None]] = set()
        for place, target in enumerate(route.body.targets):
            node = view.node(target.node)
            listener = listener_on(node.listeners, target.port) if node else None
            key = (target.node, listener.port if listener else target.port)
            if key in seen:
                message = f'"{target.node}" is a target already; add the two weights up in one'
                yield DUPLICATE_TARGET.at((*route.path, "targets", place), message)
            seen.add(key)


def check_providers(view: View) -> Iterator[Finding]:
    """Nodes that provide a service without listening."""
    for name, service in view.config.services.items():
        node = view.node(service.node)
        if service.node and node is not None and not node.listeners:
            yield NO_LISTENER.at(("services", name, "node"), _no_listener(service.node))


CHECKS = (check_routes, check_targets, check_duplicate_targets, check_providers)
