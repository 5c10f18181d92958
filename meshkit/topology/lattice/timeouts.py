"""The idle timeout of a service: VPC Lattice has one, App Mesh one for each route and listener."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.types import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.config.file import MeshFile
    from meshkit.config.finding import Path
    from meshkit.config.route import Route
    from meshkit.config.service import Service

SHORTEST, LONGEST = 60, 600
"""Seconds. Source: VPC Lattice API, idleTimeoutSeconds."""
ROUTE_KINDS = ("http", "http2", "grpc", "tcp")


def idle_timeout(texts: Iterable[str]) -> int | None:
    """The timeout that says the same as all of these; ``None`` where there is none."""
    found = {seconds(text) for text in texts}
    if len(found) != 1:
        return None
    (one,) = found
    return int(one) if one.is_integer() and SHORTEST <= one <= LONGEST else None


def idle_timeouts(config: MeshFile, service: Service) -> Iterator[tuple[Path, str]]:
    """The idle timeouts of all behind a service, with their places."""
    router = config.routers.get(service.router or "")
    for name, route in router.routes.items() if router else ():
        yield from _of_route(route, ("routers", service.router or "", "routes", name))
    for node in dict.fromkeys(nodes_behind(config, service)):
        yield from _of_node(config, node)


def nodes_behind(config: MeshFile, service: Service) -> Iterator[str]:
    """The nodes that a service leads to, as often as it does."""
    if service.node is not None:
        yield service.node
    router = config.routers.get(service.router or "")
    for route in router.routes.values() if router else ():
        for kind in ROUTE_KINDS:
            body = getattr(route, kind)
            yield from (target.node for target in body.targets) if body else ()


def _of_route(route: Route, path: Path) -> Iterator[tuple[Path, str]]:
    for kind in ROUTE_KINDS:
        body = getattr(route, kind)
        if body and body.timeout and body.timeout.idle:
            yield (*path, kind, "timeout", "idle"), body.timeout.idle


def _of_node(config: MeshFile, name: str) -> Iterator[tuple[Path, str]]:
    node = config.nodes.get(name)
    for place, listener in enumerate(node.listeners if node else ()):
        if listener.timeout and listener.timeout.idle:
            yield ("nodes", name, "listeners", place, "timeout", "idle"), listener.timeout.idle
