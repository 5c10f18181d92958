"""Which accounts' proxies call which: from the file alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from meshkit.topology.targets import gateway_route_services, route_targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.topology.model import Owner, ResolvedMesh, ResolvedNode


class Call(NamedTuple):
    """A proxy of one account that calls a node of another."""

    caller: Owner
    caller_name: str
    node: ResolvedNode


def calls_between_accounts(mesh: ResolvedMesh) -> tuple[Call, ...]:
    """Every call that crosses accounts, each once."""
    each_once = {(call.caller.key, call.caller_name, call.node.name): call for call in _calls(mesh)}
    return tuple(each_once.values())


def _calls(mesh: ResolvedMesh) -> Iterator[Call]:
    for owner, name, service in _callers(mesh):
        for node in _nodes_of(mesh, service):
            if node.owner.id != owner.id:
                yield Call(owner, name, node)


def _callers(mesh: ResolvedMesh) -> Iterator[tuple[Owner, str, str]]:
    for name, node in mesh.nodes.items():
        for backend in node.spec.backends:
            yield node.owner, name, backend.service
    for route in mesh.gateway_routes:
        for service in gateway_route_services(route):
            yield route.owner, route.gateway, service


def _nodes_of(mesh: ResolvedMesh, service: str) -> Iterator[ResolvedNode]:
    spec = mesh.services[service].spec
    if spec.node is not None:
        yield mesh.nodes[spec.node]
    for route in mesh.routes:
        if route.router == spec.router:
            yield from (mesh.nodes[name] for name in route_targets(route))
