"""Everything that is made for a mesh: by which account, in which phase, and after what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.topology.clusters import with_provider
from meshkit.topology.invitations import accepting_owners
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.slices.audit import audit_parts
from meshkit.topology.slices.lattice import lattice_parts
from meshkit.topology.slices.part import Part, Ref, share_parts, way_in
from meshkit.topology.targets import gateway_route_services, route_targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.topology.model import ResolvedMesh, ResolvedService


def parts(mesh: ResolvedMesh) -> Iterator[Part]:
    """Every part of a mesh that meshkit makes, in an order in which AWS takes them."""
    if mesh.config.data_plane == "vpc-lattice":
        yield from lattice_parts(compile_lattice(mesh))
        return
    yield from audit_parts(mesh)
    yield from _foundation(mesh)
    for key, operator in mesh.operators.items():
        yield Part("operator role", key, operator.owner)
    yield from _endpoints(mesh)
    yield from _routing(mesh)


def access(mesh: ResolvedMesh) -> dict[str, tuple[Ref, ...]]:
    """What an account needs before it can build in the mesh, by the owner's key."""
    accepting = accepting_owners(mesh)
    found: dict[str, tuple[Ref, ...]] = {}
    for key, owner in mesh.owners.items():
        needs = [way_in(mesh, owner, ("mesh", mesh.name), accepting)]
        if owner.account.service_linked_role:
            needs.append(("service-linked role", key))
        found[key] = tuple(needs)
    return found


def _foundation(mesh: ResolvedMesh) -> Iterator[Part]:
    this: Ref = ("mesh", mesh.name)
    for key, owner in mesh.owners.items():
        if owner.account.service_linked_role:
            yield Part("service-linked role", key, owner)
    if mesh.settings.arn is None:
        linked: list[Ref] = [("service-linked role", mesh.owner.key)]
        needs = tuple(linked) if mesh.owner.account.service_linked_role else ()
        yield Part(*this, mesh.owner, needs)
    yield from share_parts(mesh, this)


def _endpoints(mesh: ResolvedMesh) -> Iterator[Part]:
    needs = access(mesh)
    for cluster in with_provider(mesh):
        yield Part("OIDC provider", cluster.key, cluster.owner)
    for key, role in mesh.roles.items():
        if role.attach:
            yield Part("role", key, role.owner)
    for name, node in mesh.nodes.items():
        yield Part("virtual node", name, node.owner, needs[node.owner.key])
    for name, gateway in mesh.gateways.items():
        yield Part("virtual gateway", name, gateway.owner, needs[gateway.owner.key])
    for name, router in mesh.routers.items():
        yield Part("virtual router", name, router.owner, needs[router.owner.key])


def _routing(mesh: ResolvedMesh) -> Iterator[Part]:
    needs = access(mesh)
    for route in mesh.routes:
        name = f"{route.router}/{route.name}"
        targets: list[Ref] = [("virtual node", each) for each in route_targets(route)]
        router: Ref = ("virtual router", route.router)
        yield Part("route", name, route.owner, (router, *targets, *needs[route.owner.key]))
    for service in mesh.services.values():
        others = (*_providers(service), *needs[service.owner.key])
        yield Part("virtual service", service.name, service.owner, others)
    for each in mesh.gateway_routes:
        name = f"{each.gateway}/{each.name}"
        services: list[Ref] = [("virtual service", found) for found in gateway_route_services(each)]
        gateway: Ref = ("virtual gateway", each.gateway)
        yield Part("gateway route", name, each.owner, (gateway, *services, *needs[each.owner.key]))


def _providers(service: ResolvedService) -> tuple[Ref, ...]:
    spec = service.spec
    found: list[Ref] = []
    if spec.node is not None:
        found.append(("virtual node", spec.node))
    if spec.router is not None:
        found.append(("virtual router", spec.router))
    return tuple(found)
