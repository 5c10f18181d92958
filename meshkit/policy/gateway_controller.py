"""What the AWS Gateway API Controller may do: lead services that meshkit made to pods.

Its own recommended policy allows ``vpc-lattice:*`` on everything. Here it may neither make nor
delete services, nor change who may call them, nor what is in a network: that is the program's.
Source: AWS Gateway API Controller, recommended-inline-policy.json and what its code calls; IAM
Service Authorization Reference, Amazon VPC Lattice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from meshkit.policy.document import Condition, Statement, concat
from meshkit.policy.trust import Place
from meshkit.topology.gateway_api import controlled_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.policy.document import Text
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import WorkloadRole

TAG: Final = "application-networking.k8s.aws/"
MANAGED_BY: Final = f"{TAG}ManagedBy"
"""The tag by which a controller knows what is its own."""
OWNER_TAGS: Final = (MANAGED_BY, f"{TAG}RouteName", f"{TAG}RouteNamespace", f"{TAG}RouteType")
"""What a controller writes on a service that it takes over."""

_LOOK: Final = (
    # None of these has a resource type that AWS documents.
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "tag:GetResources",
    # They do nothing without the right to tag the resource itself.
    "tag:TagResources",
    "tag:UntagResources",
    "vpc-lattice:ListListeners",
    "vpc-lattice:ListRules",
    "vpc-lattice:ListServiceNetworkServiceAssociations",
    "vpc-lattice:ListServiceNetworkVpcAssociations",
    "vpc-lattice:ListServiceNetworks",
    "vpc-lattice:ListServices",
    "vpc-lattice:ListTagsForResource",
    "vpc-lattice:ListTargetGroups",
)
_ROUTE: Final = (
    "vpc-lattice:CreateListener",
    "vpc-lattice:CreateRule",
    "vpc-lattice:DeleteListener",
    "vpc-lattice:DeleteRule",
    "vpc-lattice:GetListener",
    "vpc-lattice:GetRule",
    "vpc-lattice:GetService",
    "vpc-lattice:TagResource",
    "vpc-lattice:UntagResource",
    "vpc-lattice:UpdateListener",
    "vpc-lattice:UpdateRule",
)
_OWN: Final = (
    "vpc-lattice:DeleteTargetGroup",
    "vpc-lattice:TagResource",
    "vpc-lattice:UntagResource",
    "vpc-lattice:UpdateTargetGroup",
)
_REGISTER: Final = (
    "vpc-lattice:DeregisterTargets",
    "vpc-lattice:GetTargetGroup",
    "vpc-lattice:ListTargets",
    "vpc-lattice:RegisterTargets",
)


@dataclass(frozen=True, slots=True)
class ControllerScope:
    """What a controller is in charge of."""

    place: Place
    """Of its cluster."""
    cluster: Text
    """Name of the EKS cluster."""
    vpc: Text
    """Id of the VPC of the cluster."""
    network: Text
    """ARN of the service network."""
    services: tuple[Text, ...] = ()
    """ARNs of the services that it leads to pods."""


def managed_by(scope: ControllerScope) -> Text:
    """What the controller of a cluster writes on what is its own."""
    return concat(scope.place.account, "/", scope.cluster, "/", scope.vpc)


def controller_statements(scope: ControllerScope) -> Iterator[Statement]:
    """The statements of a controller's role.

    Target groups are known by no name beforehand: it makes those of its VPC that it marks as its
    own, and changes and deletes no others. AWS documents no condition for registering targets.
    """
    place = scope.place
    head = concat("arn:", place.partition, ":vpc-lattice:", place.region, ":", place.account, ":")
    groups = concat(head, "targetgroup/*")
    own = managed_by(scope)
    yield Statement(sid="Look", actions=_LOOK, resources=("*",))
    yield Statement(
        sid="FindNetwork", actions=("vpc-lattice:GetServiceNetwork",), resources=(scope.network,)
    )
    if scope.services:
        parts = tuple(text for arn in scope.services for text in (arn, concat(arn, "/listener/*")))
        yield Statement(sid="RouteServices", actions=_ROUTE, resources=parts)
    yield Statement(
        sid="MakeTargetGroups",
        actions=("vpc-lattice:CreateTargetGroup",),
        resources=(groups,),
        conditions=(
            Condition("StringEquals", "vpc-lattice:VpcId", (scope.vpc,)),
            Condition("StringEquals", f"aws:RequestTag/{MANAGED_BY}", (own,)),
        ),
    )
    yield Statement(
        sid="MarkTargetGroups",
        actions=("vpc-lattice:TagResource",),
        resources=(groups,),
        conditions=(Condition("StringEquals", f"aws:RequestTag/{MANAGED_BY}", (own,)),),
    )
    yield Statement(
        sid="ChangeTargetGroups",
        actions=_OWN,
        resources=(groups,),
        conditions=(Condition("StringEquals", f"aws:ResourceTag/{MANAGED_BY}", (own,)),),
    )
    yield Statement(sid="RegisterPods", actions=_REGISTER, resources=(groups,))


def controlling(
    lattice: LatticeMesh, role: WorkloadRole, network: Text, services: Mapping[str, Text]
) -> Iterator[Statement]:
    """What a controller of a mesh needs, given its role; nothing for the role of workloads.

    ``network`` and ``services``, by key, are ARNs.
    """
    cluster = controlled_by(role)
    if cluster is None:
        return
    mesh, owner = lattice.mesh, role.owner
    scope = ControllerScope(
        place=Place(mesh.partition.name, mesh.region, owner.id),
        cluster=mesh.clusters[cluster].name,
        vpc=owner.account.vpc_id or "",
        network=network,
        services=tuple(services[key] for key in lattice.controlled(cluster)),
    )
    for statement in controller_statements(scope):
        yield replace(statement, origin=(role.path,))
