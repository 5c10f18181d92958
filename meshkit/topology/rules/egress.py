"""What a node calls: the ports of its backends, and the mesh's egress filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology.rules.wording import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.config.node import Node
    from meshkit.topology.rules.view import View

PORT_PROTOCOL = Rule(
    "MK550",
    "A node's backends on one port speak one protocol.",
    "The node's proxy opens one listener a port for all of them.",
    "Move one of the services to another port.",
    "App Mesh roadmap, issue 175",
)
TCP_PORT = Rule(
    "MK551",
    "A node's tcp backends are on different ports.",
    "Within one port only the host names of requests tell services apart, and tcp has none.",
    "Move one of the services to another port.",
    "App Mesh roadmap, issue 195",
)
ALLOW_ALL = Rule(
    "MK552",
    "With egress_filter ALLOW_ALL no node lists backends, or all of its egress is listed.",
    "Once a node lists a backend, ALLOW_ALL stops working for it: what is not listed fails.",
    "List all that the node calls as backends, or set egress_filter: DROP_ALL.",
    "App Mesh user guide: service meshes",
    "warning",
)

RULES = (PORT_PROTOCOL, TCP_PORT, ALLOW_ALL)


def check_ports(view: View) -> Iterator[Finding]:
    """Backends of one node that get in each other's way."""
    for name, node in view.config.nodes.items():
        if view.app_mesh and len(node.backends) > 1:
            yield from _ports(view, name, node)


def _ports(view: View, name: str, node: Node) -> Iterator[Finding]:
    first: dict[int, tuple[str, str]] = {}
    for place, backend in enumerate(node.backends):
        provider = view.provider(backend.service)
        path = ("nodes", name, "backends", place)
        for listener in provider.listeners if provider else ():
            service, protocol = first.setdefault(
                listener.port, (backend.service, listener.protocol)
            )
            if service == backend.service:
                continue
            where = f'"{backend.service}" and "{service}" are both on port {listener.port}'
            if protocol != listener.protocol:
                message = f"{where} with {listener.protocol} and {protocol}; move one"
                yield PORT_PROTOCOL.at(path, message)
            elif protocol == "tcp":
                message = f"{where}, and tcp can't tell them apart; move one to another port"
                yield TCP_PORT.at(path, message)


def check_allow_all(view: View) -> Iterator[Finding]:
    """Once for the mesh, with how many nodes it concerns."""
    if view.config.mesh.egress_filter != "ALLOW_ALL" or not view.app_mesh:
        return
    listing = [name for name, node in view.config.nodes.items() if node.backends]
    if listing:
        message = (
            f"ALLOW_ALL has no effect on nodes that list backends ({both(listing)}); list all that "
            "they call, or use DROP_ALL"
        )
        yield ALLOW_ALL.at(("mesh", "egress_filter"), message)


CHECKS = (check_ports, check_allow_all)
