"""From a resolved mesh to VPC Lattice.

The mesh becomes a service network, each virtual service a service, each node behind one a target
group of it, and what a workload calls a right of its role.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meshkit.topology.lattice.group_rules import group_rules
from meshkit.topology.lattice.model import Call, LatticeMesh, VpcAssociation
from meshkit.topology.lattice.names import lattice_name
from meshkit.topology.lattice.services import lattice_service
from meshkit.topology.lattice.sharing import service_shares
from meshkit.topology.targets import gateway_route_services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Path
    from meshkit.topology.model import Owner, ResolvedMesh, ResolvedRoute


def compile_lattice(mesh: ResolvedMesh) -> LatticeMesh:
    """The mesh on VPC Lattice. What ``losses`` tells of is left out.

    So is a service without a listener, whose provider is nobody yet or speaks tcp, and what
    calls it.
    """
    routes: dict[str, list[ResolvedRoute]] = {}
    for route in mesh.routes:
        routes.setdefault(route.router, []).append(route)
    identity = (mesh.owner.id, mesh.region, mesh.name)
    made = (
        lattice_service(mesh, service, routes.get(service.spec.router or "", ()))
        for service in mesh.services.values()
    )
    services = {service.key: service for service in made if service.listeners}
    return LatticeMesh(
        # No role of Lattice is about a mesh, so none can be about all of it.
        mesh=replace(
            mesh, roles={key: replace(role, access="exact") for key, role in mesh.roles.items()}
        ),
        network=lattice_name("service network", mesh.name, *identity),
        services=services,
        calls=tuple(call for call in _calls(mesh) if call.service in services),
        associations={each.owner.key: each for each in _associations(mesh)},
        service_shares=service_shares(mesh, services),
        access_logs=mesh.config.lattice.access_logs,
        group_rules=group_rules(mesh, services),
    )


Limits = tuple[tuple[str, ...], tuple[str, ...]]
"""Methods and paths."""


def _calls(mesh: ResolvedMesh) -> Iterator[Call]:
    """One for each role, service and what the file limits the calls to."""
    found: dict[tuple[str, str, Limits], list[Path]] = {}
    for role, service, limits, path in _edges(mesh):
        found.setdefault((role, service, limits), []).append(path)
    for (role, service, (methods, paths)), origin in found.items():
        yield Call(role, service, methods, paths, tuple(origin))


def _edges(mesh: ResolvedMesh) -> Iterator[tuple[str, str, Limits, Path]]:
    for node in mesh.nodes.values():
        for place, backend in enumerate(node.spec.backends):
            limits = (tuple(sorted(set(backend.methods))), tuple(sorted(set(backend.paths))))
            yield node.role, backend.service, limits, (*node.path, "backends", place)
    for route in mesh.gateway_routes:
        for service in gateway_route_services(route):
            yield mesh.gateways[route.gateway].role, service, ((), ()), route.path


def _associations(mesh: ResolvedMesh) -> Iterator[VpcAssociation]:
    """The VPC of each account whose workloads call a service, once.

    A VPC whose subnets several accounts share is the mesh owner's where that names it too, else
    the first's.
    """
    groups = mesh.config.lattice.security_groups
    callers = {node.owner.key for node in mesh.nodes.values() if node.spec.backends}
    callers |= {gateway.owner.key for gateway in mesh.gateways.values()}
    found: dict[str, Owner] = {}
    for key, owner in mesh.owners.items():
        vpc = owner.account.vpc_id
        if key in callers and vpc is not None:
            theirs = vpc == mesh.owner.account.vpc_id and isinstance(vpc, str)
            found.setdefault(vpc if isinstance(vpc, str) else key, mesh.owner if theirs else owner)
    for owner in found.values():
        if owner.account.vpc_id is not None:
            yield VpcAssociation(owner, owner.account.vpc_id, groups.get(owner.key, ()))
