"""Names lead to something: services, nodes, routers, accounts, clusters, namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.workload import EksWorkload
from meshkit.topology.rules.wording import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.workload import Workload
    from meshkit.topology.rules.view import View

SERVICE = Rule(
    "MK201",
    "A backend or a gateway route names a virtual service of this mesh.",
    "App Mesh accepts a name that leads nowhere, and calls to it fail when they are made.",
    "Correct the name, or add the service under services.",
    "App Mesh API: VirtualServiceBackend, GatewayRouteTarget",
)
NODE = Rule(
    "MK202",
    "A route target or a service's provider names a node of this mesh.",
    "App Mesh refuses a route to a node that does not exist.",
    "Correct the name, or add the node under nodes.",
    "App Mesh API: WeightedTarget, VirtualNodeServiceProvider",
)
ROUTER = Rule(
    "MK203",
    "A service's provider names a router of this mesh.",
    "App Mesh refuses a service whose provider does not exist.",
    "Correct the name, or add the router under routers.",
    "App Mesh API: VirtualRouterServiceProvider",
)
ACCOUNT = Rule(
    "MK204",
    "An account is a key of accounts, or a 12-digit id.",
    "Every resource is made in one known account.",
    "Correct the name, or add the account under accounts.",
    "docs/guide: the mesh file",
)
CLUSTER = Rule(
    "MK205",
    "A workload's cluster is a key of clusters.",
    "The trust of a pod's role names the cluster's identity provider.",
    "Correct the name, or add the cluster under clusters.",
    "docs/guide: the mesh file",
)
NAMESPACE = Rule(
    "MK206",
    "In a file with namespaces, a Cloud Map namespace is one of its keys.",
    "Once namespaces are listed, a name that is not among them is most likely misspelt.",
    "Correct the name, or add the namespace under namespaces.",
    "docs/guide: the mesh file",
)
DUPLICATE_BACKEND = Rule(
    "MK207",
    "A node names each backend once.",
    "Of two entries for one service, only one client policy can hold.",
    "Remove one of the two.",
    "Admission rules of the App Mesh controller for Kubernetes",
)

RULES = (SERVICE, NODE, ROUTER, ACCOUNT, CLUSTER, NAMESPACE, DUPLICATE_BACKEND)


OWNED = ("clusters", "namespaces", "nodes", "routers", "services", "gateways", "operators")
"""The sections whose things are of an account."""


def check_services(view: View) -> Iterator[Finding]:
    """Backends and gateway routes."""
    for path, name in _service_references(view):
        if view.missing("services", name):
            yield SERVICE.at(path, unknown(view, "service", name, "services"))


def _service_references(view: View) -> Iterator[tuple[Path, str]]:
    for name, node in view.config.nodes.items():
        for place, backend in enumerate(node.backends):
            yield ("nodes", name, "backends", place), backend.service
    for route in view.gateway_routes:
        yield (*route.path, "service"), route.body.service.name


def check_nodes(view: View) -> Iterator[Finding]:
    """Route targets and providers."""
    for path, name in _node_references(view):
        if view.missing("nodes", name):
            yield NODE.at(path, unknown(view, "node", name, "nodes"))


def _node_references(view: View) -> Iterator[tuple[Path, str]]:
    for name, service in view.config.services.items():
        if service.node:
            yield ("services", name, "node"), service.node
    for route in view.routes:
        for place, target in enumerate(route.body.targets):
            yield (*route.path, "targets", place), target.node


def check_routers(view: View) -> Iterator[Finding]:
    """Providers."""
    for name, service in view.config.services.items():
        if service.router and view.missing("routers", service.router):
            message = unknown(view, "router", service.router, "routers")
            yield ROUTER.at(("services", name, "router"), message)


def check_accounts(view: View) -> Iterator[Finding]:
    """Owners of everything, and the ends of connections."""
    for path, key in _account_references(view):
        if view.index.account(key) is None and view.missing("accounts", key):
            yield ACCOUNT.at(path, unknown(view, "account", key, "accounts"))


def _account_references(view: View) -> Iterator[tuple[Path, str]]:
    config = view.config
    yield ("owner",), config.owner
    for section in OWNED:
        for name, owned in getattr(config, section).items():
            if owned.account is not None:
                yield (section, name, "account"), owned.account
    for name, operator in config.operators.items():
        given = operator.trust.permission_set
        if given and given.account is not None:
            yield ("operators", name, "trust", "permission_set", "account"), given.account
    for place, connection in enumerate(config.connectivity):
        for end, key in enumerate(connection.between):
            yield ("connectivity", place, "between", end), key


def check_clusters(view: View) -> Iterator[Finding]:
    """Clusters of workloads; a default's is reported once, where it stands."""
    for path, workload in _own_workloads(view):
        if not isinstance(workload, EksWorkload) or workload.cluster is None:
            continue
        if view.missing("clusters", workload.cluster):
            message = unknown(view, "cluster", workload.cluster, "clusters")
            yield CLUSTER.at((*path, "cluster"), message)


def _own_workloads(
    view: View,
) -> Iterator[tuple[Path, Workload | None]]:
    yield ("defaults", "workload"), view.config.defaults.workload
    for path, _name, proxy in view.index.proxies():
        yield (*path, "workload"), proxy.workload


def check_namespaces(view: View) -> Iterator[Finding]:
    """Cloud Map namespaces of nodes."""
    if not view.config.namespaces:
        return
    for name, node in view.config.nodes.items():
        discovery = node.service_discovery
        if discovery is None or discovery.cloud_map is None:
            continue
        namespace = view.text(discovery.cloud_map.namespace, node.account)
        if namespace and view.missing("namespaces", namespace):
            path = ("nodes", name, "service_discovery", "cloud_map", "namespace")
            yield NAMESPACE.at(path, unknown(view, "namespace", namespace, "namespaces"))


def check_duplicate_backends(view: View) -> Iterator[Finding]:
    """A service named twice by one node."""
    for name, node in view.config.nodes.items():
        seen: set[str] = set()
        for place, backend in enumerate(node.backends):
            if backend.service in seen:
                path = ("nodes", name, "backends", place)
                message = f'"{backend.service}" is a backend already; remove one of the two'
                yield DUPLICATE_BACKEND.at(path, message)
            seen.add(backend.service)


CHECKS = (
    check_services, check_nodes, check_routers, check_accounts, check_clusters, check_namespaces,
    check_duplicate_backends,
)  # fmt: skip
