"""Listeners: ports, health checks, pools, timeouts, outlier detection, and their discovery."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.workload import EcsWorkload
from meshkit.topology.rules.view import listeners_of
from meshkit.topology.rules.wording import a, both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.listener import ConnectionPool, GatewayListener, HealthCheck, Listener
    from meshkit.topology.rules.view import Proxied, View

DUPLICATE_PORT = Rule(
    "MK501",
    "Each listener of a node, router or gateway has its own port.",
    "A port speaks one protocol, and routes name listeners by their port.",
    "Change one of the ports, or remove one of the listeners.",
    "App Mesh API: PortMapping",
)
NO_DISCOVERY = Rule(
    "MK502",
    "On App Mesh, a node with listeners has service_discovery.",
    "The proxies of callers find the node through it, and App Mesh refuses a listener without it.",
    "Add service_discovery: {dns: HOST} or {cloud_map: {namespace, service}}; a pure client has "
    "no listeners.",
    "App Mesh user guide: virtual nodes",
)
HEALTH_PATH = Rule(
    "MK503",
    "Only an http or http2 health check has a path.",
    "App Mesh ignores the path for tcp and grpc.",
    "Remove the path, or set the health check's protocol to http or http2.",
    "App Mesh API: HealthCheckPolicy",
)
HEALTH_NO_PATH = Rule(
    "MK504",
    "An http or http2 health check has a path.",
    "Without a path the proxy does not know what to ask for.",
    "Add path, for example /healthz, or check by tcp.",
    "App Mesh user guide: virtual nodes, health check",
)
HEALTH_PORT = Rule(
    "MK505",
    "The port of a health check is that of its listener.",
    "App Mesh refuses another port.",
    "Remove the health check's port.",
    "App Mesh API: HealthCheckPolicy",
)
POOL = Rule(
    "MK506",
    "A connection pool has the keys of its listener's protocol.",
    "tcp takes max_connections; http takes max_connections and may take max_pending_requests; "
    "http2 and grpc take max_requests.",
    "Use the keys of the listener's protocol.",
    "App Mesh API: VirtualNodeConnectionPool, VirtualGatewayConnectionPool",
)
TCP_TIMEOUT = Rule(
    "MK507",
    "A tcp timeout has only idle.",
    "A tcp connection has no requests that could time out.",
    "Remove per_request.",
    "App Mesh API: TcpTimeout",
)
OUTLIERS = Rule(
    "MK508",
    "Outlier detection stands where discovery gives several endpoints.",
    "DNS with LOADBALANCER is one endpoint to the proxy, and ejecting it leaves none.",
    "Use service_discovery: {dns: {hostname: HOST, response_type: ENDPOINTS}} or cloud_map.",
    "App Mesh user guide: outlier detection",
    "warning",
)
PROXY_PORT = Rule(
    "MK509",
    "No listener uses a port of the proxy itself.",
    "Envoy listens on its admin port in the workload's network, next to a node on 15000 and 15001.",
    "Move the workload to another port; the admin port is proxy.admin_port.",
    "App Mesh user guide: Envoy proxy configuration",
)
LOW_PORT = Rule(
    "MK510",
    "A gateway on ECS listens on a port above 1024.",
    "The proxy runs as user 1337; lower ports need CAP_NET_BIND_SERVICE, which Fargate can't give.",
    "Use a port above 1024 and let the load balancer listen on the low one.",
    "App Mesh user guide: virtual gateways",
    "warning",
)

RULES = (
    DUPLICATE_PORT, NO_DISCOVERY, HEALTH_PATH, HEALTH_NO_PATH, HEALTH_PORT, POOL, TCP_TIMEOUT,
    OUTLIERS, PROXY_PORT, LOW_PORT,
)  # fmt: skip

POOL_KEYS = {
    "tcp": ("max_connections",),
    "http": ("max_connections", "max_pending_requests"),
    "http2": ("max_requests",),
    "grpc": ("max_requests",),
}
"""The first is required. Source: App Mesh API, VirtualNodeConnectionPool."""
REDIRECT_PORTS = (15000, 15001)
DEFAULT_ADMIN_PORT = 9901


def check_ports(view: View) -> Iterator[Finding]:
    """A port given twice."""
    for section in ("nodes", "routers", "gateways"):
        for name, thing in getattr(view.config, section).items():
            if len(thing.listeners) < 2:
                continue
            seen: set[int] = set()
            for place, listener in enumerate(thing.listeners):
                if listener.port in seen:
                    path = (section, name, "listeners", place, "port")
                    message = f"port {listener.port} has a listener already; change or remove one"
                    yield DUPLICATE_PORT.at(path, message)
                seen.add(listener.port)


def check_discovery(view: View) -> Iterator[Finding]:
    """Listeners that nobody can find; VPC Lattice has names and targets of its own."""
    for name, node in view.config.nodes.items() if view.app_mesh else ():
        if node.listeners and node.service_discovery is None:
            message = (
                "a node with listeners needs service_discovery; add "
                "service_discovery: {dns: HOST}, or remove the listeners of a pure client"
            )
            yield NO_DISCOVERY.at(("nodes", name), message)


def check_listeners(view: View) -> Iterator[Finding]:
    """Health check, pool and timeout of each listener of a node or gateway."""
    for path, _name, proxy in view.index.proxies():
        for place, listener in enumerate(listeners_of(proxy)):
            at = partial(_below, (*path, "listeners", place))
            if listener.health_check is not None:
                yield from _health(at("health_check"), listener, listener.health_check)
            if listener.connection_pool is not None:
                yield from _pool(at("connection_pool"), listener, listener.connection_pool)
            timeout = getattr(listener, "timeout", None)
            if listener.protocol == "tcp" and timeout and timeout.per_request:
                message = "a tcp listener has no requests; remove per_request, idle is allowed"
                yield TCP_TIMEOUT.at(at("timeout", "per_request"), message)


def _below(path: Path, *rest: str) -> Path:
    return (*path, *rest)


def _health(
    path: Path, listener: Listener | GatewayListener, health: HealthCheck
) -> Iterator[Finding]:
    protocol = health.protocol or listener.protocol
    by_http = protocol in ("http", "http2")
    if health.path is not None and not by_http:
        message = (
            f'{a(protocol)} health check has no path, "{health.path}" is given; remove it, '
            "or set the health check's protocol to http"
        )
        yield HEALTH_PATH.at((*path, "path"), message)
    if not health.path and by_http:
        message = f"{a(protocol)} health check needs a path; add path: /healthz, or check by tcp"
        yield HEALTH_NO_PATH.at(path, message)
    if health.port is not None and health.port != listener.port:
        message = f"port {health.port} is not the listener's {listener.port}; remove it"
        yield HEALTH_PORT.at((*path, "port"), message)


def _pool(
    path: Path, listener: Listener | GatewayListener, pool: ConnectionPool
) -> Iterator[Finding]:
    allowed = POOL_KEYS[listener.protocol]
    wrong = [key for key in pool.model_fields_set if key not in allowed]
    takes = f"a pool for {listener.protocol} takes {both(allowed)}"
    if wrong:
        message = f"{takes}, not {both(sorted(wrong))}; use what it takes"
        yield POOL.at((*path, min(wrong)), message)
    elif getattr(pool, allowed[0]) is None:
        yield POOL.at(path, f"{takes}, {allowed[0]} is missing; add it")


def check_outliers(view: View) -> Iterator[Finding]:
    """Outlier detection over a single endpoint."""
    for name, node in view.config.nodes.items():
        dns = node.service_discovery.dns if node.service_discovery else None
        known = view.whole("nodes", name, "service_discovery")
        if dns is None or dns.response_type == "ENDPOINTS" or not known:
            continue
        for place, listener in enumerate(node.listeners):
            if listener.outlier_detection is not None:
                message = (
                    "outlier detection does nothing for the one endpoint of DNS LOADBALANCER; "
                    "set service_discovery.dns.response_type: ENDPOINTS, or use cloud_map"
                )
                path = ("nodes", name, "listeners", place, "outlier_detection")
                yield OUTLIERS.at(path, message)


def check_proxy_ports(view: View) -> Iterator[Finding]:
    """Listeners where the proxy listens itself, and gateways on privileged ports."""
    for proxied in view.proxied:
        taken = _taken(view, proxied)
        for place, listener in enumerate(listeners_of(proxied.spec)):
            path = (*proxied.path, "listeners", place, "port")
            if listener.port in taken:
                message = f"port {listener.port} is the proxy's own; use another than {both(taken)}"
                yield PROXY_PORT.at(path, message)
            on_ecs = proxied.path[0] == "gateways" and isinstance(proxied.workload, EcsWorkload)
            if on_ecs and listener.port <= 1024:
                message = (
                    f"port {listener.port} needs CAP_NET_BIND_SERVICE, which Fargate can't give; "
                    f"use a port above 1024, such as {listener.port + 8000}"
                )
                yield LOW_PORT.at(path, message)


def _taken(view: View, proxied: Proxied) -> tuple[int, ...]:
    own = proxied.spec.proxy
    admin = (own.admin_port if own else None) or view.config.proxy.admin_port
    redirect = REDIRECT_PORTS if proxied.path[0] == "nodes" else ()
    return (admin or DEFAULT_ADMIN_PORT, *redirect)


CHECKS = (
    check_ports, check_discovery, check_listeners, check_outliers, check_proxy_ports,
)  # fmt: skip
