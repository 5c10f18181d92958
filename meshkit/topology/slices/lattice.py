"""Everything that is made for a mesh on VPC Lattice: by which account, in which phase.

VPC Lattice makes up the ids of networks and services, so that rights and associations come after
both, in the ``routing`` phase; services refer to nothing of others and are all ``endpoints``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.workload import EcsWorkload
from meshkit.topology.clusters import with_provider
from meshkit.topology.gateway_api import controlled_by
from meshkit.topology.invitations import accepting_owners
from meshkit.topology.lattice.sharing import joined_by
from meshkit.topology.slices.audit import audit_parts
from meshkit.topology.slices.part import Part, share_parts, way_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.topology.lattice.model import LatticeMesh, LatticeService, TargetGroup
    from meshkit.topology.model import Owner, WorkloadRole
    from meshkit.topology.slices.part import Ref


def lattice_parts(lattice: LatticeMesh) -> Iterator[Part]:
    """Every part that meshkit makes, in an order in which AWS takes them."""
    yield from audit_parts(lattice.mesh)
    yield from _foundation(lattice)
    yield from _endpoints(lattice)
    yield from _routing(lattice)


def calls_something(lattice: LatticeMesh, role: WorkloadRole) -> bool:
    """Whether meshkit writes rights for a role."""
    if not role.attach:
        return False
    calls = lattice.calls_by(role.key)
    return bool(calls or role.options.statements) or controlled_by(role) is not None


def _foundation(lattice: LatticeMesh) -> Iterator[Part]:
    mesh = lattice.mesh
    network: Ref = ("service network", mesh.name)
    yield Part(*network, mesh.owner)
    yield from share_parts(mesh, network)


def _endpoints(lattice: LatticeMesh) -> Iterator[Part]:
    mesh = lattice.mesh
    for cluster in with_provider(mesh):
        yield Part("OIDC provider", cluster.key, cluster.owner)
    for key, role in mesh.roles.items():
        if role.attach:
            yield Part("role", key, role.owner)
    for name, service in lattice.services.items():
        yield Part("service", name, service.owner)
    for key, share in lattice.service_shares.items():
        shared: list[Ref] = [("service", name) for name in share.services]
        yield Part("service share", key, share.owner, tuple(shared))
    for key in task_groups(lattice):
        yield Part("task registration role", key, mesh.owners[key])
    for rule in lattice.group_rules:
        yield Part("security group rule", rule.key, rule.owner)
    for key, association in lattice.associations.items():
        yield Part("VPC association", key, association.owner, _access(lattice, association.owner))


def _routing(lattice: LatticeMesh) -> Iterator[Part]:
    mesh = lattice.mesh
    for key, share in lattice.service_shares.items():
        if share.accepted:
            yield Part("service acceptance", key, mesh.owner, (("service share", key),))
    for name, service in lattice.services.items():
        owner = joined_by(mesh, service)
        needs = (("service", name), *_shared_service(lattice, name), *_access(lattice, owner))
        yield Part("service association", name, owner, needs)
    for key, role in mesh.roles.items():
        if calls_something(lattice, role):
            called = (call.service for call in lattice.calls_by(key))
            led = lattice.controlled(controlled_by(role) or "")
            services: list[Ref] = [("service", name) for name in dict.fromkeys((*called, *led))]
            uses = services or controlled_by(role) is not None
            network = _access(lattice, role.owner) if uses else ()
            needs = (("role", key), *services, *network)
            yield Part("role policy", key, role.owner, needs)
    yield from _auth_policies(lattice)


def _auth_policies(lattice: LatticeMesh) -> Iterator[Part]:
    mesh = lattice.mesh
    called = dict.fromkeys(call.service for call in lattice.calls)
    if called:
        needs: list[Ref] = [("service network", mesh.name)]
        needs += [("service", name) for name in called if lattice.services[name].hands_tls_on]
        yield Part("network policy", mesh.name, mesh.owner, tuple(needs))
    for name in called:
        yield Part("auth policy", name, lattice.services[name].owner, (("service", name),))


def _access(lattice: LatticeMesh, owner: Owner) -> tuple[Ref, ...]:
    """What an account needs before it can use the network."""
    mesh = lattice.mesh
    return (way_in(mesh, owner, ("service network", mesh.name), accepting_owners(mesh)),)


def _shared_service(lattice: LatticeMesh, name: str) -> tuple[Ref, ...]:
    """What lets the mesh owner use a service of another account."""
    for key, share in lattice.service_shares.items():
        if name in share.services:
            return (("service acceptance" if share.accepted else "service share", key),)
    return ()


def _has_tasks(lattice: LatticeMesh, group: TargetGroup) -> bool:
    """Whether ECS registers tasks in a group; behind a load balancer it does so there."""
    return group.type == "IP" and isinstance(lattice.mesh.nodes[group.node].workload, EcsWorkload)


def task_groups(lattice: LatticeMesh) -> dict[str, list[tuple[LatticeService, TargetGroup]]]:
    """The groups in which ECS registers tasks, by the key of the account that owns them."""
    found: dict[str, list[tuple[LatticeService, TargetGroup]]] = {}
    for service in lattice.services.values():
        for group in service.groups.values():
            if _has_tasks(lattice, group):
                found.setdefault(service.owner.key, []).append((service, group))
    return found
