"""What people wire of a node or gateway of a mesh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

from meshkit.appmesh.wiring import task_proxy_configuration
from meshkit.config.suggest import did_you_mean
from meshkit.config.workload import EksWorkload
from meshkit.envoy import ec2, ecs, eks
from meshkit.envoy.outputs import wired
from meshkit.envoy.proxy import proxy_of
from meshkit.errors import MeshkitError
from meshkit.inputs import after

if TYPE_CHECKING:
    import pulumi_aws as aws

    from meshkit.envoy.proxy import EnvoyProxy
    from meshkit.identity.mesh_roles import RegisteredRole
    from meshkit.topology.model import ResolvedGateway, ResolvedMesh, ResolvedNode

T = TypeVar("T")


class UnknownNameError(MeshkitError, KeyError):
    """A mesh has nothing of that name."""

    __str__ = Exception.__str__


class Named(Mapping[str, T]):
    """Parts of a mesh by name, in the order of the file."""

    def __init__(self, kind: str, parts: Mapping[str, T]) -> None:
        self._kind = kind
        self._parts = parts

    def __getitem__(self, name: str) -> T:
        """The part; ``MeshkitError`` with the nearest right name when there is none."""
        try:
            return self._parts[name]
        except KeyError:
            near = did_you_mean(str(name), self._parts)
            raise UnknownNameError(f'no {self._kind} "{name}" in the mesh{near}') from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


class _EndpointOutputs:
    """What a node and a gateway have in common; everything is made when it is asked for."""

    def __init__(
        self,
        endpoint: ResolvedNode | ResolvedGateway,
        resource: aws.appmesh.VirtualNode | aws.appmesh.VirtualGateway,
        role: RegisteredRole,
        mesh: ResolvedMesh,
    ) -> None:
        self._endpoint = endpoint
        self._resource = resource
        self._role = role
        self._mesh = mesh

    @property
    def name(self) -> str:
        """Its name in the mesh."""
        return self._endpoint.name

    @property
    def arn(self) -> pulumi.Output[str]:
        """Its ARN, known in a preview; who takes it waits until it is there."""
        return after(self._endpoint.arn, [self._resource])

    @property
    def role_arn(self) -> pulumi.Output[str]:
        """ARN of its role; who takes it waits until the role's policies are attached."""
        return self._role.arn

    @property
    def role_name(self) -> pulumi.Output[str]:
        """Physical name of its role; waits likewise."""
        return self._role.name

    @property
    def instance_profile_arn(self) -> pulumi.Output[str]:
        """ARN of the instance profile of EC2 instances; ``MeshkitError`` for other workloads."""
        return self._instance_profile.arn

    @property
    def instance_profile_name(self) -> pulumi.Output[str]:
        """Name of the instance profile of EC2 instances; ``MeshkitError`` for other workloads."""
        return self._instance_profile.name

    @property
    def container_definition(self) -> dict[str, Any] | pulumi.Output[dict[str, Any]]:
        """The Envoy container of an ECS task, for ``container_definitions``."""
        return self._wired(ecs.container_definition)

    @property
    def xray_container(self) -> dict[str, Any] | pulumi.Output[dict[str, Any] | None] | None:
        """The X-Ray daemon's container of an ECS task; ``None`` without ``tracing: xray``."""
        return self._wired(ecs.xray_container)

    @property
    def user_data(self) -> str | pulumi.Output[str]:
        """A shell script that starts the proxy on an EC2 instance."""
        return self._wired(ec2.user_data)

    @property
    def namespace_labels(self) -> dict[str, str]:
        """Labels of the Kubernetes namespace, so that its pods get proxies."""
        return eks.namespace_labels(self._mesh.name)

    @property
    def service_account_annotations(self) -> pulumi.Output[dict[str, str]]:
        """Annotations of the Kubernetes service account; empty unless it takes its role by IRSA."""
        if self._identity != "irsa":
            return pulumi.Output.from_input({})
        return self.role_arn.apply(eks.service_account_annotations)

    @property
    def pod_annotations(self) -> dict[str, str] | pulumi.Output[dict[str, str]]:
        """Annotations of its pods."""
        return self._wired(lambda proxy: eks.pod_annotations(proxy, self._identity or "irsa"))

    @property
    def _identity(self) -> Any:
        workload = self._endpoint.workload
        return workload.identity if isinstance(workload, EksWorkload) else None

    @property
    def _instance_profile(self) -> aws.iam.InstanceProfile:
        profile = self._role.instance_profile
        if profile is None:
            raise MeshkitError(
                f"{self._endpoint.path[0]}.{self.name} has no instance profile: meshkit makes one "
                f"with the role of an ec2 workload, and this one is {self._endpoint.workload.type}"
            )
        return profile

    def _wired(self, make: Callable[[EnvoyProxy], T]) -> T | pulumi.Output[T]:
        return wired(proxy_of(self._endpoint), make)


class NodeOutputs(_EndpointOutputs):
    """What people wire of a node."""

    @property
    def proxy_configuration(self) -> Any:
        """``proxy_configuration`` of ``aws.ecs.TaskDefinition``."""
        return self._wired(task_proxy_configuration)


class GatewayOutputs(_EndpointOutputs):
    """What people wire of a gateway. Its proxy stands alone: nothing is redirected to it."""

    @property
    def container(self) -> dict[str, Any] | pulumi.Output[dict[str, Any]]:
        """The Envoy container of a Kubernetes pod."""
        return self._wired(eks.gateway_container)
