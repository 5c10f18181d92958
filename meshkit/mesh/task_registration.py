"""The roles with which ECS registers tasks in target groups, one for each account with any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from meshkit.identity.registration import RoleSpec, make_policies, make_role, replacing
from meshkit.inputs import after
from meshkit.policy.lattice_targets import (
    group_arn,
    infrastructure_policies,
    infrastructure_trust,
)
from meshkit.topology.names import hashed_name
from meshkit.topology.slices.lattice import task_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshkit.config.deferred import Deferred
    from meshkit.lattice.registration import RegisteredService
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import Owner


def register_task_registration(
    prefix: str,
    lattice: LatticeMesh,
    services: Mapping[str, RegisteredService],
    options: Callable[[Owner], pulumi.ResourceOptions],
) -> dict[str, pulumi.Output[str]]:
    """Registers the roles as ``prefix-ecs-ACCOUNT``; their ARNs by the key of the account."""
    roles: dict[str, pulumi.Output[str]] = {}
    for account, groups in task_groups(lattice).items():
        arns = [
            group_arn(lattice.mesh, service.owner, group, made.groups[group.key].arn)
            for service, group in groups
            if (made := services.get(service.key))
        ]
        if arns:
            roles[account] = _register(prefix, lattice, account, arns, options)
    return roles


def _register(
    prefix: str,
    lattice: LatticeMesh,
    account: str,
    group_arns: list[Deferred],
    options: Callable[[Owner], pulumi.ResourceOptions],
) -> pulumi.Output[str]:
    mesh = lattice.mesh
    owner = mesh.owners[account]
    identity = (mesh.owner.id, mesh.region, mesh.name, "ecs-infrastructure", owner.id)
    physical = hashed_name(f"{mesh.name}-ecs-targets", *identity)
    spec = RoleSpec(
        name=physical,
        policy_name=physical,
        trust=infrastructure_trust(),
        policies=infrastructure_policies(group_arns),
        description="Registers tasks of ECS in target groups of VPC Lattice",
        tags=mesh.config.tags,
        context=owner.context,
    )
    name, opts = f"{prefix}-ecs-{account}", replacing(options(owner))
    role = make_role(name, spec, opts)
    return after(role.arn, make_policies(name, spec, role.name, opts))
