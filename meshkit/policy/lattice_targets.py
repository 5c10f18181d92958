"""The role with which ECS registers tasks in target groups of VPC Lattice.

Source: ECS Developer Guide, infrastructure IAM role; AWS managed policy
AmazonECSInfrastructureRolePolicyForVpcLattice, whose rights on listeners and rules only blue/green
deployments need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.policy.document import Document, Principal, Statement
from meshkit.policy.size import fit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.policy.document import Text
    from meshkit.policy.size import PolicySet
    from meshkit.topology.lattice.model import TargetGroup
    from meshkit.topology.model import Owner, ResolvedMesh

GROUP_ID = "tg-0123456789abcdef0"
"""As long as every id of a target group. Source: VPC Lattice API, TargetGroupSummary, id."""


def infrastructure_trust() -> Document:
    """ECS itself. AWS documents no condition that ECS would meet, so that none is asked for."""
    principal = Principal("Service", "ecs.amazonaws.com")
    return Document((Statement(actions=("sts:AssumeRole",), principal=principal),))


def group_arn(
    mesh: ResolvedMesh, owner: Owner, group: TargetGroup, handle: object = None
) -> Deferred:
    """The ARN of a target group, whose id AWS makes up; ``handle`` is its Output, once made."""
    like = f"arn:{mesh.partition.name}:vpc-lattice:{mesh.region}:{owner.id}:targetgroup/{GROUP_ID}"
    return Deferred.of(handle, group.name, len(like))


def infrastructure_policies(group_arns: Iterable[Text]) -> PolicySet:
    """The policies of the role of an account, with each of its target groups by its ARN.

    Raises ``MeshkitError`` for more groups than the policies of one role can name.
    """
    return fit(
        infrastructure_statements(group_arns),
        mend="move services to other accounts, or put load balancers before tasks (lattice.alb)",
    )


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
