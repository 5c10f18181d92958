"""The role with which ECS registers tasks in target groups of VPC Lattice.

Source: ECS Developer Guide, infrastructure IAM role; AWS managed policy
AmazonECSInfrastructureRolePolicyForVpcLattice, whose rights on listeners and rules only blue/green
deployments need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.policy.document import Document, Principal, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.policy.document import Text


def infrastructure_trust() -> Document:
    """ECS itself. AWS documents no condition that ECS would meet, so that none is asked for."""
    principal = Principal("Service", "ecs.amazonaws.com")
    return Document((Statement(actions=("sts:AssumeRole",), principal=principal),))


def infrastructure_statements(group_arns: Iterable[Text]) -> tuple[Statement, ...]:
    """The right to register tasks in these groups and no others."""
    return (
        Statement(
            sid="RegisterTasks",
            actions=(
                "vpc-lattice:DeregisterTargets",
                "vpc-lattice:GetTargetGroup",
                "vpc-lattice:ListTargets",
                "vpc-lattice:RegisterTargets",
            ),
            resources=tuple(group_arns),
            literal=True,
        ),
        Statement(
            sid="FindPlaces",
            # None of these has a resource type.
            actions=("ec2:DescribeInstances", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
            resources=("*",),
        ),
    )
