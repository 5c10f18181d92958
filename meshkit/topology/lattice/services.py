"""Services: a virtual service with the listeners, routes and nodes behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshkit.topology.gateway_api import home_of
from meshkit.topology.lattice.finders import has_tls, service_listeners
from meshkit.topology.lattice.groups import group_key, group_type, target_group
from meshkit.topology.lattice.matches import rule_match
from meshkit.topology.lattice.model import (
    LatticeListener,
    LatticeRule,
    LatticeService,
    Weighted,
)
from meshkit.topology.lattice.names import lattice_name, listener_name
from meshkit.topology.lattice.precedence import in_precedence
from meshkit.topology.lattice.timeouts import (
    ROUTE_KINDS,
    idle_timeout,
    idle_timeouts,
    nodes_behind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshkit.config.listener import Listener, PortMapping
    from meshkit.config.route import GrpcRoute, HttpRoute, Target, TcpRoute
    from meshkit.topology.lattice.model import ListenerProtocol, TargetGroup
    from meshkit.topology.lattice.precedence import Matched
    from meshkit.topology.model import ResolvedMesh, ResolvedRoute, ResolvedService


def lattice_service(
    mesh: ResolvedMesh, service: ResolvedService, routes: Sequence[ResolvedRoute]
) -> LatticeService:
    """The service of Lattice for a virtual service; ``routes`` are those of its router."""
    return _Builder(mesh, service, tuple(routes)).build()


@dataclass
class _Builder:
    """One service in the making; each target group is made when a listener first needs it."""

    mesh: ResolvedMesh
    service: ResolvedService
    routes: tuple[ResolvedRoute, ...]
    groups: dict[str, TargetGroup] = field(default_factory=dict)

    def build(self) -> LatticeService:
        mesh, service, spec = self.mesh, self.service, self.service.spec
        listeners = tuple(self._listeners())
        # What can't be changed in place is in the name, so that the new one never meets the old.
        domain = (spec.lattice.domain,) if spec.lattice and spec.lattice.domain else ()
        idle = idle_timeout(text for _path, text in idle_timeouts(mesh.config, spec))
        return LatticeService(
            key=service.name,
            name=lattice_name("service", f"{mesh.name}-{service.name}", *self._identity(*domain)),
            owner=service.owner,
            listeners=listeners,
            groups=self.groups,
            idle_timeout=idle,
            domain=spec.lattice.domain if spec.lattice else None,
            certificate=spec.lattice.certificate if spec.lattice else None,
            tags=service.tags,
            path=service.path,
            controller=self._controller(),
            hosted_zone=spec.lattice.hosted_zone if spec.lattice else None,
        )

    def _controller(self) -> str | None:
        mesh = self.mesh
        behind = dict.fromkeys(nodes_behind(mesh.config, self.service.spec))
        nodes = [mesh.nodes[name] for name in behind]
        pods = (node.workload for node in nodes if group_type(node) != "ALB")
        return home_of(pods, mesh.config.clusters)

    def _identity(self, *more: str) -> tuple[str, ...]:
        mesh = self.mesh
        return (mesh.owner.id, mesh.region, mesh.name, self.service.name, *more)

    def _listeners(self) -> Iterable[LatticeListener]:
        for listener in service_listeners(self.mesh.config, self.service.spec):
            protocol = self._protocol(listener)
            if protocol is None:
                continue
            if self.service.spec.node is not None:
                rules: list[LatticeRule] = []
                default: tuple[Weighted, ...] = (
                    self._weighted(self.service.spec.node, listener.port, 1),
                )
            else:
                rules, default = self._rules(listener)
            if protocol == "TLS_PASSTHROUGH" and not default:
                continue  # Nothing but targets can be led to there.
            name = listener_name(protocol, listener.port)
            yield LatticeListener(name, listener.port, protocol, tuple(rules), default)

    def _protocol(self, listener: Listener | PortMapping) -> ListenerProtocol | None:
        """``None`` for tcp that can't be told to carry TLS."""
        spec = self.service.spec
        if listener.protocol == "tcp":
            return "TLS_PASSTHROUGH" if spec.lattice and spec.lattice.passthrough else None
        if listener.protocol == "grpc" or has_tls(self.mesh.config, spec, listener):
            return "HTTPS"
        return "HTTP"

    def _rules(
        self, listener: Listener | PortMapping
    ) -> tuple[list[LatticeRule], tuple[Weighted, ...]]:
        """The rules of a listener, and what the first route that takes everything makes of it.

        Nothing comes after such a route, so it needs no rule of its own.
        """
        rules: list[LatticeRule] = []
        for route, match in in_precedence(self._matched(listener)):
            targets = self._targets(route)
            if match.everything:
                return rules, targets
            priority = len(rules) + 1
            rules.append(
                LatticeRule(
                    route.name,
                    f"priority-{priority}",
                    priority,
                    match,
                    targets,
                    route.tags,
                    route.path,
                )
            )
        return rules, ()

    def _matched(self, listener: Listener | PortMapping) -> Iterable[Matched]:
        for route in self.routes:
            body = body_of(route)
            port = body.match.port if body.match else None
            match = rule_match(body.match)
            if match is not None and port in (None, listener.port):
                yield route, match

    def _targets(self, route: ResolvedRoute) -> tuple[Weighted, ...]:
        return tuple(
            self._weighted(target.node, self._port(target), target.weight)
            for target in body_of(route).targets
        )

    def _port(self, target: Target) -> int:
        """The port of a target; one that says none has a single listener."""
        return target.port or self.mesh.nodes[target.node].spec.listeners[0].port

    def _weighted(self, node_name: str, port: int, weight: int) -> Weighted:
        key = group_key(node_name, port)
        if key not in self.groups:
            node = self.mesh.nodes[node_name]
            listener = next(each for each in node.spec.listeners if each.port == port)
            self.groups[key] = target_group(self.mesh, self.service.name, node, listener)
        return Weighted(key, weight)


def body_of(route: ResolvedRoute) -> HttpRoute | GrpcRoute | TcpRoute:
    """The one protocol's block of a route."""
    bodies = (getattr(route.spec, kind) for kind in ROUTE_KINDS)
    found: HttpRoute | GrpcRoute | TcpRoute = next(filter(None, bodies))
    return found
