"""Where a mesh file says what VPC Lattice can't do; one function for each feature.

Each gives the places, with what is written there. They work on any file, also one with faults.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from meshkit.config.listener import Listener
from meshkit.topology.lattice.matches import inexact
from meshkit.topology.lattice.timeouts import (
    ROUTE_KINDS,
    idle_timeout,
    idle_timeouts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.config.file import MeshFile
    from meshkit.config.finding import Path
    from meshkit.config.listener import PortMapping
    from meshkit.config.route import GrpcRoute, HttpRoute, TcpRoute
    from meshkit.config.service import Service
    from meshkit.config.tls import ClientTls

    RouteBody = HttpRoute | GrpcRoute | TcpRoute


class Found(NamedTuple):
    """A place in the file."""

    path: Path
    shown: str
    """What is written there, as a finding names it."""


def egress_filter(config: MeshFile) -> Iterator[Found]:
    """Only where it is written: most files don't know that App Mesh takes it by itself."""
    if config.mesh.egress_filter == "DROP_ALL":
        yield Found(("mesh", "egress_filter"), "DROP_ALL")


def adopted_mesh(config: MeshFile) -> Iterator[Found]:
    """A mesh that exists is one of App Mesh."""
    if config.mesh.arn is not None:
        yield Found(("mesh", "arn"), "an existing mesh")


def operators(config: MeshFile) -> Iterator[Found]:
    """Each operator."""
    yield from (Found(("operators", name), name) for name in config.operators)


def ip_preference(config: MeshFile) -> Iterator[Found]:
    """A target group has one kind of address; it can't prefer one."""
    places: list[tuple[Path, str | None]] = [(("mesh", "ip_preference"), config.mesh.ip_preference)]
    for name, node in config.nodes.items():
        dns = node.service_discovery.dns if node.service_discovery else None
        if dns:
            path = ("nodes", name, "service_discovery", "dns", "ip_preference")
            places.append((path, dns.ip_preference))
    yield from (Found(path, text) for path, text in places if text and text.endswith("PREFERRED"))


def retry(config: MeshFile) -> Iterator[Found]:
    """Retry policies of routes."""
    for path, body in _routes(config):
        if getattr(body, "retry", None) is not None:
            yield Found((*path, "retry"), "retry")


def request_timeout(config: MeshFile) -> Iterator[Found]:
    """How long a request may take, of routes and listeners."""
    timeouts = chain(
        ((path, body.timeout) for path, body in _routes(config)),
        ((path, listener.timeout) for path, listener in _listeners(config)),
    )
    for path, timeout in timeouts:
        if timeout and timeout.per_request:
            yield Found((*path, "timeout", "per_request"), timeout.per_request)


def idle(config: MeshFile) -> Iterator[Found]:
    """Idle timeouts that are not one and the same for all of a service."""
    for service in config.services.values():
        places = list(idle_timeouts(config, service))
        if idle_timeout(text for _path, text in places) is None:
            yield from (Found(path, text) for path, text in places)


def outlier_detection(config: MeshFile) -> Iterator[Found]:
    """Of listeners."""
    return _listener_parts(config, "outlier_detection")


def connection_pool(config: MeshFile) -> Iterator[Found]:
    """Of listeners."""
    return _listener_parts(config, "connection_pool")


def unmatched(feature: str) -> Callable[[MeshFile], Iterator[Found]]:
    """What routes match by one feature that VPC Lattice can't say."""

    def find(config: MeshFile) -> Iterator[Found]:
        for path, body in _routes(config):
            for each in inexact(body.match):
                if each.feature == feature:
                    yield Found((*path, "match", *each.path), each.shown)

    return find


def tcp(config: MeshFile) -> Iterator[Found]:
    """Services with a tcp listener, unless that is said to carry TLS."""
    for name, service in config.services.items():
        if service.lattice and service.lattice.passthrough:
            continue
        if any(each.protocol == "tcp" for each in service_listeners(config, service)):
            yield Found(("services", name), "tcp")


def grpc(config: MeshFile) -> Iterator[Found]:
    """Services with a grpc listener and no other reason to speak TLS."""
    for name, service in config.services.items():
        listeners = service_listeners(config, service)
        if any(
            each.protocol == "grpc" and not has_tls(config, service, each) for each in listeners
        ):
            yield Found(("services", name), "grpc")


def listener_tls(config: MeshFile) -> Iterator[Found]:
    """Certificates that proxies show to callers."""
    for path, listener in _listeners(config):
        if listener.tls and listener.tls.mode != "DISABLED":
            yield Found((*path, "tls"), listener.tls.mode)


def client_tls(config: MeshFile) -> Iterator[Found]:
    """What proxies ask of the certificates of their backends."""
    yield from (Found(path, "tls") for path, _tls in _client_tls(config))


def mutual_tls(config: MeshFile) -> Iterator[Found]:
    """Certificates of callers, on either side."""
    for path, listener in _listeners(config):
        if listener.tls and listener.tls.validation:
            yield Found((*path, "tls", "validation"), "validation")
    for path, tls in _client_tls(config):
        if tls.certificate:
            yield Found((*path, "certificate"), "certificate")


def gateways(config: MeshFile) -> Iterator[Found]:
    """Virtual gateways, whatever is in them."""
    yield from (Found(("gateways", name), f'gateway "{name}"') for name in config.gateways)


def access_log(config: MeshFile) -> Iterator[Found]:
    """Logs of proxies, where the file does not say what logs the network instead."""
    if not config.lattice.access_logs:
        yield from _proxy_parts(config, "access_log", "access_log")


def tracing(config: MeshFile) -> Iterator[Found]:
    """Traces that proxies send."""
    for found in _proxy_parts(config, "tracing", ""):
        if found.shown != "none":
            yield found


def proxy(config: MeshFile) -> Iterator[Found]:
    """Settings of proxies."""
    if config.proxy.model_fields_set:
        yield Found(("proxy",), "proxy")
    for name, node in config.nodes.items():
        if node.proxy:
            yield Found(("nodes", name, "proxy"), "proxy")


def mesh_wide(config: MeshFile) -> Iterator[Found]:
    """AWS's managed policy in place of exact rights."""
    for found in _proxy_parts(config, "access", ""):
        if found.shown == "mesh-wide":
            yield found


def service_linked_role(config: MeshFile) -> Iterator[Found]:
    """The role of App Mesh itself."""
    for name, account in config.accounts.items():
        if account.service_linked_role:
            yield Found(("accounts", name, "service_linked_role"), "service_linked_role")


def health_check(config: MeshFile) -> Iterator[Found]:
    """Checks that speak grpc or tcp."""
    for path, listener in _listeners(config):
        check = listener.health_check
        if check and (check.protocol or listener.protocol) in ("grpc", "tcp"):
            yield Found((*path, "health_check"), check.protocol or listener.protocol)


def health_check_seconds(config: MeshFile) -> Iterator[Found]:
    """Times of checks that are no whole seconds."""
    for path, listener in _listeners(config):
        check = listener.health_check
        for key in ("interval_millis", "timeout_millis") if check else ():
            millis: int = getattr(check, key)
            if millis % 1000:
                yield Found((*path, "health_check", key), f"{millis} ms")


def service_listeners(config: MeshFile, service: Service) -> tuple[Listener | PortMapping, ...]:
    """The listeners of what provides a service."""
    node = config.nodes.get(service.node or "")
    router = config.routers.get(service.router or "")
    return (*(node.listeners if node else ()), *(router.listeners if router else ()))


def has_tls(config: MeshFile, service: Service, listener: Listener | PortMapping) -> bool:
    """Whether a listener of a service speaks HTTPS for its certificate or that of a node."""
    if service.lattice and service.lattice.certificate:
        return True
    behind = _listeners_behind(config, service, listener)
    return any(each.tls and each.tls.mode != "DISABLED" for each in behind)


def _listeners_behind(
    config: MeshFile, service: Service, listener: Listener | PortMapping
) -> Iterator[Listener]:
    """The listeners of nodes to which one of a service leads."""
    if service.node is not None and isinstance(listener, Listener):
        yield listener
    router = config.routers.get(service.router or "")
    for route in router.routes.values() if router else ():
        for body in filter(None, (getattr(route, kind) for kind in ROUTE_KINDS)):
            if body.match and body.match.port not in (None, listener.port):
                continue
            for target in body.targets:
                node = config.nodes.get(target.node)
                for each in node.listeners if node else ():
                    if target.port in (None, each.port):
                        yield each


def _routes(config: MeshFile) -> Iterator[tuple[Path, RouteBody]]:
    for router_name, router in config.routers.items():
        for name, route in router.routes.items():
            for kind in ROUTE_KINDS:
                body = getattr(route, kind)
                if body is not None:
                    yield ("routers", router_name, "routes", name, kind), body


def _listeners(config: MeshFile) -> Iterator[tuple[Path, Listener]]:
    for name, node in config.nodes.items():
        for place, listener in enumerate(node.listeners):
            yield ("nodes", name, "listeners", place), listener


def _listener_parts(config: MeshFile, key: str) -> Iterator[Found]:
    for path, listener in _listeners(config):
        if getattr(listener, key) is not None:
            yield Found((*path, key), key)


def _proxy_parts(config: MeshFile, key: str, shown: str) -> Iterator[Found]:
    """What the defaults and the nodes say of their proxies; ``shown`` or the value itself."""
    holders: list[tuple[Path, Any]] = [(("defaults",), config.defaults)]
    holders += [(("nodes", name), node) for name, node in config.nodes.items()]
    for path, holder in holders:
        value = getattr(holder, key)
        if value is not None:
            yield Found((*path, key), shown or value)


def _client_tls(config: MeshFile) -> Iterator[tuple[Path, ClientTls]]:
    holders: list[tuple[Path, Any]] = [(("defaults",), config.defaults)]
    holders += [(("nodes", name), node) for name, node in config.nodes.items()]
    for path, holder in holders:
        defaults = holder.backend_defaults
        if defaults and defaults.client_policy.tls:
            yield (*path, "backend_defaults", "client_policy", "tls"), defaults.client_policy.tls
        for place, backend in enumerate(getattr(holder, "backends", ())):
            if backend.client_policy and backend.client_policy.tls:
                tls = backend.client_policy.tls
                yield (*path, "backends", place, "client_policy", "tls"), tls
