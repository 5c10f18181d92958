"""Clusters whose AWS Gateway API Controller leads services of VPC Lattice to pods."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from meshkit.config.deferred import Deferred
from meshkit.config.finding import Rule
from meshkit.config.workload import EksWorkload
from meshkit.topology import leaves
from meshkit.topology.gateway_api import (
    NAMESPACE,
    SERVICE_ACCOUNT,
    controller_role_name,
    home_of,
    kubernetes_service,
)
from meshkit.topology.lattice.finders import service_listeners
from meshkit.topology.lattice.matches import rule_match
from meshkit.topology.lattice.timeouts import nodes_behind
from meshkit.topology.rules.identity import ISSUER, ONE_ROLE
from meshkit.topology.rules.lattice import VPC
from meshkit.topology.rules.operators import NAME, names_of_proxies
from meshkit.topology.rules.roles import POLICY_ARN
from meshkit.topology.rules.wording import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.topology.lattice.model import RuleMatch
    from meshkit.topology.rules.view import RouteOf, View

DATA_PLANE = Rule(
    "MK919",
    "clusters.NAME.gateway_api is for VPC Lattice.",
    "The AWS Gateway API Controller makes nothing on App Mesh, which has a controller of its own.",
    "Leave it out, or set data_plane: vpc-lattice.",
    "AWS Gateway API Controller: user guide",
)
PODS = Rule(
    "MK915",
    "All nodes behind a service of a Gateway API controller are pods of one namespace, in clusters "
    "that have it.",
    "The controller leads a service to Kubernetes services: those of its cluster, and those that "
    "the controllers of other clusters export. A route reaches those of its own namespace.",
    "Give each node a service of its own, or run all of them as such pods; or register pods "
    "without gateway_api.",
    "AWS Gateway API Controller: HTTPRoute, ServiceExport",
)
SAYABLE = Rule(
    "MK916",
    "A service of a Gateway API controller is one that its routes can say.",
    "A route has one listener and tells headers apart by whole values; a target group policy is of "
    "a whole Kubernetes service; tags are written as one text. The controller deletes what no "
    "route says.",
    "Change what the message names, or register pods without gateway_api.",
    "AWS Gateway API Controller: HTTPRoute, TargetGroupPolicy, additional tags, migration guide",
)
BLIND = Rule(
    "MK917",
    "A service of a Gateway API controller has no paths that only case tells apart from others.",
    "The controller matches paths blind to case, where App Mesh and meshkit do not: /Admin is "
    "/admin. Rights are not affected, they tell case apart.",
    "Write paths in small letters and have the workload refuse others; or register pods without "
    "gateway_api.",
    "AWS Gateway API Controller: HTTPRoute, limitations",
    "warning",
)
KUBERNETES = Rule(
    "MK918",
    "Each node behind a Gateway API controller has a Kubernetes service of its own.",
    "A route leads to Kubernetes services by their names, and so do exports. Two imports of one "
    "name would be one.",
    "Give workload.service, in small letters, digits and hyphens, beginning with a letter.",
    "Kubernetes: DNS label names; AWS Gateway API Controller: ServiceImport",
)

RULES = (DATA_PLANE, PODS, SAYABLE, BLIND, KUBERNETES)

_LABEL: Final = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class _Pods:
    """A node behind a service, where all of it is known."""

    def __init__(self, view: View, name: str) -> None:
        self.name = name
        node = view.node(name)
        workload = view.index.workload(node) if node else None
        self.listeners = node.listeners if node else ()
        # Pods behind a load balancer are registered there, by whoever made it.
        balanced = bool(node and node.load_balancer)
        self.workload = workload if isinstance(workload, EksWorkload) and not balanced else None


class _Led:
    """A service that a controller leads to pods."""

    def __init__(self, view: View, name: str) -> None:
        self.name = name
        self.spec = view.config.services[name]
        names = dict.fromkeys(nodes_behind(view.config, self.spec))
        self.pods = [_Pods(view, each) for each in names if view.node(each)]
        workloads = [each.workload for each in self.pods if each.workload is not None]
        self.home = home_of(workloads, view.config.clusters)

    @property
    def path(self) -> tuple[str, ...]:
        """Where it is in the file."""
        return ("services", self.name)


def _led(view: View) -> Iterator[_Led]:
    """The services of controllers, as far as they are known."""
    if not view.lattice or all(each.gateway_api is None for each in view.config.clusters.values()):
        return
    for name in view.config.services:
        found = _Led(view, name)
        if found.home is not None:
            yield found


def check_clusters(view: View) -> Iterator[Finding]:
    """What the controller and its role need."""
    for key, cluster in view.config.clusters.items():
        controller, path = cluster.gateway_api, ("clusters", key)
        if controller is None:
            continue
        if view.app_mesh:
            message = "the AWS Gateway API Controller is for VPC Lattice; leave gateway_api out"
            yield DATA_PLANE.at((*path, "gateway_api"), message)
            continue
        if controller.identity == "irsa" and not (cluster.oidc_issuer or cluster.oidc_provider):
            message = (
                "its Gateway API controller has identity irsa, so the cluster needs oidc_issuer; "
                "add it as EKS shows it, or use identity: pod-identity"
            )
            yield ISSUER.at(path, message)
        account_key = view.index.account_key(cluster.account)
        account = view.index.account(account_key)
        place = ("accounts", account_key)
        if account is not None and account.vpc_id is None and view.whole(*place, "vpc_id"):
            message = f'the controller of cluster "{key}" is in it: give vpc_id, the cluster\'s VPC'
            yield VPC.at(place if account_key in view.config.accounts else path, message)


def check_roles(view: View) -> Iterator[Finding]:
    """The names of controllers' roles, and their service account."""
    controlled = {key: each for key, each in view.config.clusters.items() if each.gateway_api}
    taken = dict(names_of_proxies(view)) if controlled else {}
    for key, cluster in controlled.items():
        account = view.account_id("clusters", key, cluster.account)
        if account is None or cluster.gateway_api is None:
            continue
        name, mine = controller_role_name(view.index, key, cluster.gateway_api), f'cluster "{key}"'
        other = taken.setdefault((account, name.lower()), mine)
        if other != mine:
            message = f'"{name}" is the role of {other} already; choose another name'
            yield NAME.at(("clusters", key, "gateway_api", "role", "name"), message)
        options = view.index.operator_role(cluster.gateway_api)
        boundary = view.text(options.permissions_boundary, cluster.account)
        fault = boundary and leaves.policy(boundary, account)
        if fault:
            own = cluster.gateway_api.role.permissions_boundary is not None
            block = ("clusters", key, "gateway_api") if own else ("defaults",)
            yield POLICY_ARN.at((*block, "role", "permissions_boundary"), fault)
    for proxied in view.proxied:
        pods = proxied.workload
        if not isinstance(pods, EksWorkload) or pods.cluster not in controlled:
            continue
        if (pods.namespace, pods.service_account) == (NAMESPACE, SERVICE_ACCOUNT):
            message = (
                f"service account {NAMESPACE}/{SERVICE_ACCOUNT} has the role of the cluster's "
                "Gateway API controller; give the workload another"
            )
            yield ONE_ROLE.at(proxied.path, message)


def check_pods(view: View) -> Iterator[Finding]:
    """Nodes that a controller can't reach."""
    for led in _led(view):
        namespaces = dict.fromkeys(
            each.workload.namespace for each in led.pods if each.workload is not None
        )
        if len(namespaces) > 1 and None not in namespaces:
            told = both([str(each) for each in namespaces])
            message = f"its pods are in the namespaces {told}; a route reaches one"
            yield PODS.at(led.path, message)
        for pods in led.pods:
            workload = pods.workload
            if home_of([workload] if workload else [], view.config.clusters) is None:
                message = (
                    f'the controller of cluster "{led.home}" has it, and can\'t reach node '
                    f'"{pods.name}", which is no pod of a cluster with gateway_api'
                )
                yield PODS.at(led.path, message)


def check_sayable(view: View) -> Iterator[Finding]:
    """What no route of a controller can say."""
    for led in _led(view):
        for message in _unsayable(view, led):
            yield SAYABLE.at(led.path, message)


def _unsayable(view: View, led: _Led) -> Iterator[str]:
    tail = f'; the controller of cluster "{led.home}" has it'
    if led.spec.lattice and led.spec.lattice.passthrough:
        yield f"TLS that is handed on needs a route that meshkit does not write{tail}"
    listeners = [*service_listeners(view.config, led.spec)]
    if len(listeners) > 1:
        yield f"it has {len(listeners)} listeners where a route has one{tail}"
    for pods in led.pods:
        if len(pods.listeners) > 1:
            yield (
                f'node "{pods.name}" has {len(pods.listeners)} listeners, and its Kubernetes '
                f"service one policy{tail}"
            )
    for route, match in _matches(view, led):
        for header in match.headers:
            if header.exact is None:
                yield f'route {route.path[3]} takes values of "{header.name}" by a prefix{tail}'
    for key, value in {**view.config.tags, **led.spec.tags}.items():
        text = value if isinstance(value, str) else "".join(_plain(value))
        if any(mark in f"{key}{text}" for mark in (",", "=")):
            yield f'the tag "{key}" has a comma or an equals sign{tail}'


def _matches(view: View, led: _Led) -> Iterator[tuple[RouteOf, RuleMatch]]:
    """The routes that lead to it, with what each asks for, where VPC Lattice can say it."""
    for route in view.routes:
        match = rule_match(route.body.match) if route.router == led.spec.router else None
        if match is not None:
            yield route, match


def _plain(value: Deferred) -> Iterator[str]:
    return (part for part in value.parts if isinstance(part, str))


def check_case(view: View) -> Iterator[Finding]:
    """Paths that the controller does not tell from others."""
    for led in _led(view):
        for route, match in _matches(view, led):
            path = match.path or match.prefix or "/"
            if path != "/" and route.kind != "grpc":
                message = (
                    f'the controller of cluster "{led.home}" takes {path} in capital and small '
                    "letters alike"
                )
                yield BLIND.at(route.path, message)


def check_kubernetes(view: View) -> Iterator[Finding]:
    """Names of Kubernetes services."""
    first: dict[tuple[str | None, str | None, str], str] = {}
    for led in _led(view):
        imported: dict[str, str] = {}
        for pods in led.pods:
            workload = pods.workload
            if workload is None:
                continue
            path, service = ("nodes", pods.name), kubernetes_service(workload, pods.name)
            if _LABEL.fullmatch(service) is None:
                message = f'"{service}" is no name of a Kubernetes service; give workload.service'
                yield KUBERNETES.at(path, message)
            key = (workload.cluster, workload.namespace, service)
            other = first.setdefault(key, pods.name)
            if other == pods.name and workload.cluster != led.home:
                other = imported.setdefault(service, pods.name)
            if other != pods.name:
                message = (
                    f'the Kubernetes service "{service}" is that of node "{other}" already; '
                    "give each its own by workload.service"
                )
                yield KUBERNETES.at(path, message)


CHECKS = (check_clusters, check_roles, check_pods, check_sayable, check_case, check_kubernetes)
