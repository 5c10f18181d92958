"""The AWS Gateway API Controller: its role, and which services it leads to pods.

A service is a controller's where pods of its cluster are behind it. meshkit makes the service
itself, with its name, domain, policy and place in the network; the controller takes it over by its
name and makes what leads to the pods. Source: AWS Gateway API Controller, user guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.config.role import Role
from meshkit.config.workload import EksWorkload
from meshkit.topology.arn import iam_arn
from meshkit.topology.model import Subject, WorkloadRole
from meshkit.topology.roles import made_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshkit.config.accounts import Cluster
    from meshkit.config.gateway_api import GatewayApi
    from meshkit.config.workload import Workload
    from meshkit.topology.index import Index
    from meshkit.topology.model import ResolvedCluster

NAMESPACE: Final = "aws-application-networking-system"
SERVICE_ACCOUNT: Final = "gateway-api-controller"
"""As whom the controller runs. Source: AWS Gateway API Controller, deployment guide."""
KIND: Final = "gateway-api"
"""Before its cluster, in the key and the name of its role."""


def controlled_by(role: WorkloadRole) -> str | None:
    """The key of the cluster whose controller has a role; ``None`` for the role of workloads."""
    return None if role.endpoints else role.subjects[0].cluster


def home_of(workloads: Iterable[Workload], clusters: Mapping[str, Cluster]) -> str | None:
    """The cluster whose controller has the service before some workloads.

    It is the first of the file with a controller and such pods, whatever the order of routes: a
    controller does not take over what another one has. ``None`` where there is no such cluster.
    """
    used = {each.cluster for each in workloads if isinstance(each, EksWorkload)}
    led = (key for key, cluster in clusters.items() if cluster.gateway_api is not None)
    return next((key for key in led if key in used), None)


def kubernetes_service(workload: EksWorkload, node: str) -> str:
    """The Kubernetes service in front of the pods of a node."""
    return workload.service or node


def controller_roles(
    index: Index, clusters: Mapping[str, ResolvedCluster]
) -> Iterator[WorkloadRole]:
    """The roles of the controllers of a file for VPC Lattice."""
    if index.config.data_plane != "vpc-lattice":
        return
    for key, cluster in clusters.items():
        if cluster.spec.gateway_api is not None:
            yield _role(index, key, cluster, cluster.spec.gateway_api)


def controller_role_name(index: Index, cluster: str, controller: GatewayApi) -> str:
    """Physical name of the role of a cluster's controller."""
    return controller.role.name or made_name(index, KIND, f"{KIND}-{cluster}")


def _role(index: Index, key: str, cluster: ResolvedCluster, controller: GatewayApi) -> WorkloadRole:
    options, owner = index.operator_role(controller), cluster.owner
    name = controller_role_name(index, key, controller)
    return WorkloadRole(
        key=f"{KIND}-{key}",
        name=name,
        arn=iam_arn(index.partition, owner.id, "role", options.path or "/", name),
        owner=owner,
        compute=controller.identity,
        adopted=False,
        attach=True,
        options=Role.model_construct(**dict(options)),
        access="exact",
        endpoints=(),
        subjects=(Subject(key, NAMESPACE, SERVICE_ACCOUNT),),
        tags={**cluster.tags, **options.tags},
        path=("clusters", key, "gateway_api"),
    )
