"""What people wire of a mesh on VPC Lattice, where no proxy runs beside a workload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.mesh.endpoints import GatewayOutputs, Named, NodeOutputs
from meshkit.topology.lattice.group_rules import prefix_list
from meshkit.topology.lattice.groups import group_type

if TYPE_CHECKING:
    import pulumi

    from meshkit.envoy.proxy import EnvoyProxy
    from meshkit.identity.mesh_roles import RegisteredRole
    from meshkit.mesh.function_targets import FunctionTargets
    from meshkit.mesh.manifests import ClusterManifests
    from meshkit.topology.model import (
        Endpoint,
        ResolvedGateway,
        ResolvedMesh,
        ResolvedNode,
        WorkloadRole,
    )

T = TypeVar("T")


@dataclass(frozen=True)
class LatticeServiceOutputs:
    """A service."""

    name: str
    """Name of the virtual service."""
    arn: pulumi.Output[str]
    """What the right to call it takes."""
    dns_name: pulumi.Output[str]
    """The name that VPC Lattice gives it, which callers use where it has no domain."""
    domain: str | None
    """Its custom domain name, which needs a record that leads to ``dns_name``."""


class LatticeOutputs:
    """What there is of a mesh on VPC Lattice alone."""

    network_arn: pulumi.Output[str]
    """ARN of the service network."""
    services: Named[LatticeServiceOutputs]
    """By the names of the virtual services."""
    arns: Mapping[str, pulumi.Output[str]]
    """What this stack made and others need: export it, for ``arns=`` of their ``SharedMesh``."""
    prefix_lists: tuple[str, str]
    """Names of the managed prefix lists from which VPC Lattice calls workloads, and to which
    workloads call, for IPv4 and IPv6: what security groups must let pass."""
    manifests: Named[ClusterManifests]
    """What to apply in each cluster with a ``gateway_api`` controller, by its key in the file."""

    def __init__(
        self,
        network_arn: pulumi.Output[str],
        region: str,
        arns: Mapping[str, pulumi.Output[str]],
        services: Mapping[str, LatticeServiceOutputs],
        manifests: Mapping[str, ClusterManifests],
    ) -> None:
        self.network_arn = network_arn
        self.arns = arns
        self.services = Named("service", services)
        self.manifests = Named("cluster with gateway_api", manifests)
        self.prefix_lists = (prefix_list(region, "IPV4"), prefix_list(region, "IPV6"))


class _WithoutProxy:
    """Refuses what only a proxy has."""

    _endpoint: Endpoint

    @property
    def arn(self) -> NoReturn:
        """None: there is no such thing on VPC Lattice."""
        self._refuse("ARN")

    @property
    def namespace_labels(self) -> NoReturn:
        """None: no proxy is put into pods."""
        self._refuse("proxy")

    def _wired(self, make: Callable[[EnvoyProxy], T]) -> NoReturn:  # noqa: ARG002
        self._refuse("proxy")

    def _refuse(self, what: str) -> NoReturn:
        endpoint = self._endpoint
        raise MeshkitError(
            f"{endpoint.path[0]}.{endpoint.name} has no {what} on vpc-lattice: no proxy runs "
            "there; the workload runs with role_arn and signs its requests"
        )


class LatticeNodeOutputs(_WithoutProxy, NodeOutputs):
    """A node on VPC Lattice."""

    target_group_arns: Mapping[tuple[str, int], pulumi.Output[str]]
    """Where its targets are registered, by the name of the service and the port."""
    _endpoint: ResolvedNode

    def __init__(
        self,
        endpoint: ResolvedNode,
        role: RegisteredRole,
        mesh: ResolvedMesh,
        groups: Mapping[tuple[str, int], pulumi.Output[str]],
        task_role: pulumi.Output[str] | None,
        functions: FunctionTargets,
    ) -> None:
        self._endpoint = endpoint
        self._role = role
        self._mesh = mesh
        self._task_role = task_role
        self._functions = functions
        self.target_group_arns = groups

    def vpc_lattice_configurations(self, port_names: str | Mapping[int, str]) -> list[Any]:
        """``vpc_lattice_configurations`` of its ``aws.ecs.Service``.

        ``port_names`` are the names of the port mappings in its task definition, by port, or one
        for all. Raises ``MeshkitError`` for a port without a name, or a workload that is no task.
        """
        if self._task_role is None or self._runs_as != "ecs":
            raise MeshkitError(
                f"nodes.{self.name} has no ECS tasks behind a service: it is {self._runs_as}"
            )
        return [
            {
                "role_arn": self._task_role,
                "target_group_arn": arn,
                "port_name": self._port_name(port, port_names),
            }
            for (_service, port), arn in self.target_group_arns.items()
        ]

    def traffic_sources(self) -> list[Any]:
        """``traffic_sources`` of the ``aws.autoscaling.Group`` of its instances.

        Raises ``MeshkitError`` for a workload that is no instance. Source: EC2 Auto Scaling User
        Guide, Route traffic to your Auto Scaling group with a VPC Lattice target group.
        """
        if self._runs_as != "ec2":
            raise MeshkitError(f"nodes.{self.name} has no EC2 instances: it is {self._runs_as}")
        return [
            {"identifier": arn, "type": "vpc-lattice"} for arn in self.target_group_arns.values()
        ]

    def register_function(self, function_arn: pulumi.Input[str]) -> None:
        """Leads requests to a function that the program made with the role of this node.

        ``function_arn`` is the ARN of the function, or of an alias of it. One whose ARN the file
        has is registered already. Raises ``MeshkitError`` for a workload that is no function
        behind a service, and for another function than the file's.
        """
        self._functions.register(self._endpoint, function_arn)

    @property
    def _runs_as(self) -> str:
        """What VPC Lattice sees of it."""
        standing = group_type(self._endpoint) == "ALB"
        return "behind a load balancer" if standing else self._endpoint.workload.type

    def _port_name(self, port: int, names: str | Mapping[int, str]) -> str:
        if isinstance(names, str):
            return names
        if port not in names:
            raise MeshkitError(f"nodes.{self.name}: port_names has no name for port {port}")
        return names[port]


class LatticeGatewayOutputs(_WithoutProxy, GatewayOutputs):
    """A gateway on VPC Lattice: the role of what stands in for it."""

    def __init__(self, endpoint: ResolvedGateway, role: RegisteredRole, mesh: ResolvedMesh) -> None:
        self._endpoint = endpoint
        self._role = role
        self._mesh = mesh


def known_arn(role: WorkloadRole) -> dict[str, str]:
    """The ARN of a role where it is known."""
    return {} if isinstance(role.arn, Deferred) else {"roleArn": role.arn}
