"""The rules of workloads' security groups, as Pulumi resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.inputs import tags_input, to_input
from meshkit.topology.lattice.group_rules import prefix_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.mesh.accounts import Providers
    from meshkit.topology.lattice.model import Family, LatticeMesh
    from meshkit.topology.model import Owner
    from meshkit.topology.slices import MeshSlice


def register_group_rules(
    prefix: str,
    chosen: MeshSlice,
    lattice: LatticeMesh,
    providers: Providers,
    parent: pulumi.Resource,
    options: Callable[[Owner], pulumi.ResourceOptions],
) -> None:
    """Registers the rules as ``prefix-DIRECTION-GROUP.PORT.FAMILY``.

    The lists of prefixes are looked up, once for each account.
    """
    region, lists = lattice.mesh.region, dict[tuple[str, "Family"], pulumi.Output[str]]()
    for rule in lattice.group_rules:
        owner = rule.owner
        if not chosen.has(owner, "security group rule"):
            continue
        if (owner.key, rule.family) not in lists:
            asking = pulumi.InvokeOutputOptions(parent=parent, provider=providers.get(owner.key))
            found = aws.ec2.get_managed_prefix_list_output(
                name=prefix_list(region, rule.family), region=region, opts=asking
            )
            lists[owner.key, rule.family] = found.id
        inward = rule.direction == "ingress"
        make = aws.vpc.SecurityGroupIngressRule if inward else aws.vpc.SecurityGroupEgressRule
        make(
            f"{prefix}-{rule.key}",
            security_group_id=to_input(rule.group, owner.context),
            prefix_list_id=lists[owner.key, rule.family],
            ip_protocol="tcp",
            from_port=rule.port,
            to_port=rule.port,
            region=region,
            tags=tags_input(lattice.mesh.config.tags, owner.context),
            opts=options(owner),
        )
