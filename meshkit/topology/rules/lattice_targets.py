"""Functions and load balancers as targets of VPC Lattice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from meshkit.config.finding import Rule
from meshkit.config.workload import LambdaWorkload
from meshkit.topology import leaves
from meshkit.topology.functions import parse_function
from meshkit.topology.rules.roles import role_of
from meshkit.topology.rules.wording import either

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Finding, Path
    from meshkit.config.node import Node
    from meshkit.config.types import Protocol
    from meshkit.topology.rules.view import Proxied, View

Kind = Literal["function", "load balancer"]
LISTENER = Rule(
    "MK965",
    "A function is called by http; a load balancer by http, http2 or grpc. Nobody checks their "
    "health.",
    "VPC Lattice invokes a function with an event that tells of one request, and takes no health "
    "check of either: the load balancer checks its own targets. A function shows no certificate.",
    "Write protocol: http, and leave health_check and tls out; for HTTPS give the service "
    "lattice.domain and lattice.certificate.",
    "VPC Lattice user guide: Lambda functions as targets; Application Load Balancers as targets",
)
NO_PROXY = Rule(
    "MK966",
    "On App Mesh no workload is a Lambda function.",
    "A function runs no proxy, and App Mesh knows none but proxies.",
    "Set data_plane: vpc-lattice, or run the workload elsewhere.",
    "App Mesh user guide: Envoy",
)
HOME = Rule(
    "MK967",
    "The function or load balancer of a node is of the node's account and the file's region.",
    "VPC Lattice registers no other; and a load balancer must be an Application Load Balancer.",
    "Write the function's name or ARN, or the load balancer's ARN, as AWS shows it.",
    "VPC Lattice user guide: Lambda functions as targets; Application Load Balancers as targets",
)
ONE_ROLE = Rule(
    "MK969",
    "The nodes of one function share one role.",
    "A function has one execution role.",
    "Give each node a function, or all the same role: {name: …}.",
    "Lambda developer guide: execution role",
)

RULES = (LISTENER, NO_PROXY, HOME, ONE_ROLE)


PROTOCOLS: dict[Kind, tuple[Protocol, ...]] = {
    "function": ("http",),
    "load balancer": ("http", "http2", "grpc"),
}


def check_proxies(view: View) -> Iterator[Finding]:
    """Functions on App Mesh; that of the defaults is reported once, where it stands."""
    if not view.app_mesh:
        return
    for proxied in view.proxied:
        if isinstance(proxied.workload, LambdaWorkload):
            path = proxied.path if proxied.spec.workload else ("defaults",)
            message = (
                "a Lambda function runs no proxy of App Mesh; set data_plane: vpc-lattice, or run "
                "it elsewhere"
            )
            yield NO_PROXY.at((*path, "workload", "type"), message)


def check_listeners(view: View) -> Iterator[Finding]:
    """Listeners of what is no server of its own."""
    for path, node, kind in _standing(view) if view.lattice else ():
        for place, listener in enumerate(node.listeners):
            at = (*path, "listeners", place)
            if listener.protocol not in PROTOCOLS[kind]:
                wanted = either(PROTOCOLS[kind])
                message = f"a {kind} is not called by {listener.protocol}; use {wanted}"
                yield LISTENER.at((*at, "protocol"), message)
            if listener.health_check is not None:
                message = f"VPC Lattice checks the health of no {kind}; remove health_check"
                yield LISTENER.at((*at, "health_check"), message)
            if kind == "function" and listener.tls and listener.tls.mode != "DISABLED":
                message = "a function shows no certificate; give the service lattice.certificate"
                yield LISTENER.at((*at, "tls"), message)


def _standing(view: View) -> Iterator[tuple[Path, Node, Kind]]:
    """The nodes for which a load balancer or a function stands."""
    for proxied in view.proxied:
        node = _node(view, proxied)
        if node is None or not view.whole(*proxied.path, "lattice"):
            continue
        if node.load_balancer:
            yield proxied.path, node, "load balancer"
        elif isinstance(proxied.workload, LambdaWorkload):
            yield proxied.path, node, "function"


def check_homes(view: View) -> Iterator[Finding]:
    """Functions and load balancers of elsewhere."""
    region = view.config.region
    for proxied in view.proxied:
        node = _node(view, proxied)
        text = view.text(node.load_balancer if node else None, proxied.account)
        fault = text and leaves.load_balancer(text, proxied.account_id, region)
        if fault:
            yield HOME.at((*proxied.path, "lattice", "alb"), fault)
        name = view.text(_function(proxied), proxied.account)
        fault = name and leaves.function(name, proxied.account_id, region)
        if fault:
            yield HOME.at((*_workload_path(proxied), "function"), fault)


def check_one_role(view: View) -> Iterator[Finding]:
    """Functions that would run with two roles."""
    first: dict[tuple[str, str | None], tuple[object, str]] = {}
    for proxied in view.proxied:
        text = view.text(_function(proxied), proxied.account)
        parsed = parse_function(text) if text else None
        if parsed is None or not proxied.role_known:
            continue
        role = role_of(proxied)
        other, name = first.setdefault((parsed.name, proxied.account_id), (role, proxied.name))
        if other != role:
            message = (
                f'function {parsed.name} has the role of "{name}" already; give each a function, '
                "or both the same role: {name: …}"
            )
            yield ONE_ROLE.at(proxied.path, message)


def _node(view: View, proxied: Proxied) -> Node | None:
    """The node that it is; ``None`` for a gateway."""
    return view.config.nodes.get(proxied.name) if proxied.path[0] == "nodes" else None


def _function(proxied: Proxied) -> str | Deferred | None:
    workload = proxied.workload
    return workload.function if isinstance(workload, LambdaWorkload) else None


def _workload_path(proxied: Proxied) -> Path:
    """Where the workload's function is written."""
    own = proxied.spec.workload
    written = own is not None and "function" in own.model_fields_set
    return (*(proxied.path if written else ("defaults",)), "workload")


CHECKS = (check_proxies, check_listeners, check_homes, check_one_role)
