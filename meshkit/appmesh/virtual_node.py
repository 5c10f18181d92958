"""Virtual nodes. Source: API VirtualNodeSpec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.access_logs import logging
from meshkit.appmesh.listeners import node_listener
from meshkit.appmesh.references import (
    MeshRef,
    checked_spec,
    in_place,
    physical_name,
    placement,
    translated,
)
from meshkit.appmesh.tls import backend_defaults, client_policy
from meshkit.appmesh.translation import Leaves, given, lacks
from meshkit.appmesh.wiring import proxy_value, task_proxy_configuration
from meshkit.config.node import Node
from meshkit.envoy import ec2, ecs
from meshkit.inputs import require_args

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Spec
    from meshkit.config.access_log import AccessLog
    from meshkit.config.node import Backend, CloudMap, Dns, ServiceDiscovery
    from meshkit.config.tls import BackendDefaults


def node_spec(
    node: Node, log: AccessLog | None, defaults: BackendDefaults | None, leaves: Leaves
) -> Spec:
    """The spec as pulumi_aws takes it.

    ``log`` and ``defaults`` come apart from the node, because a file's defaults stand in for them.
    Raises ``MeshkitError`` for what pulumi_aws can't say.
    """
    return given(
        listeners=[node_listener(each, leaves) for each in node.listeners] or None,
        service_discovery=_discovery(node.service_discovery, leaves),
        backends=[_backend(each, leaves) for each in node.backends] or None,
        backend_defaults=backend_defaults(defaults, leaves),
        logging=logging(log, leaves),
    )


def _discovery(discovery: ServiceDiscovery | None, leaves: Leaves) -> Spec | None:
    if discovery is None:
        return None
    if discovery.dns is not None:
        return {"dns": _dns(discovery.dns, leaves)}
    return discovery.cloud_map and {"aws_cloud_map": _cloud_map(discovery.cloud_map, leaves)}


def _dns(dns: Dns, leaves: Leaves) -> Spec:
    return given(
        hostname=leaves.text(dns.hostname),
        response_type=dns.response_type,
        ip_preference=dns.ip_preference,
    )


def _cloud_map(cloud_map: CloudMap, leaves: Leaves) -> Spec:
    if cloud_map.ip_preference is not None:
        raise lacks("cloud_map.ip_preference")
    return given(
        namespace_name=leaves.text(cloud_map.namespace),
        service_name=leaves.text(cloud_map.service),
        attributes=cloud_map.attributes or None,
    )


def _backend(backend: Backend, leaves: Leaves) -> Spec:
    return {
        "virtual_service": given(
            virtual_service_name=backend.service,
            client_policy=client_policy(backend.client_policy, leaves),
        )
    }


@dataclass(frozen=True, kw_only=True)
class VirtualNodeArgs:
    """Arguments of ``VirtualNode``."""

    mesh: MeshRef
    """``Mesh``, ``SharedMeshRef``, or the name of an own mesh."""
    spec: Node | Mapping[str, Any]
    """As in the mesh file. ``proxy`` and ``tracing`` shape the wiring; ``account``, ``workload``,
    ``role`` and ``access`` mean nothing here."""
    name: str | None = None
    """Physical name. Default: the component's."""


class VirtualNode(pulumi.ComponentResource):
    """A virtual node. It needs a role besides, such as ``EcsTaskRole``, that may read it.

    Backends are names: App Mesh does not ask whether they are there, so nodes may call each other.
    Another name or mesh makes a new node before the old one goes.
    """

    arn: pulumi.Output[str]
    """ARN of the node: what its role takes."""
    name: pulumi.Output[str]
    """Its name: what routes and services take."""
    container_definition: pulumi.Output[dict[str, Any]]
    """The Envoy container of an ECS task."""
    proxy_configuration: pulumi.Output[Any]
    """``proxy_configuration`` of ``aws.ecs.TaskDefinition``."""
    user_data: pulumi.Output[str]
    """A shell script that starts the proxy on an EC2 instance."""

    def __init__(
        self, name: str, args: VirtualNodeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, VirtualNodeArgs)
        physical = physical_name(name, args.name)
        node = checked_spec(name, Node, args.spec)
        leaves = Leaves()
        spec = translated(
            name, lambda: node_spec(node, node.access_log, node.backend_defaults, leaves)
        )
        tags = leaves.tags(node.tags)
        super().__init__("meshkit:index:VirtualNode", name, None, opts)
        made = aws.appmesh.VirtualNode(
            name,
            name=physical,
            spec=spec,
            tags=tags,
            opts=in_place(self),
            **placement(args.mesh),
        )
        self.arn, self.name = made.arn, made.name
        self.container_definition = proxy_value(made.arn, node, ecs.container_definition)
        self.proxy_configuration = proxy_value(made.arn, node, task_proxy_configuration)
        self.user_data = proxy_value(made.arn, node, ec2.user_data)
        self.register_outputs({"arn": self.arn, "name": self.name})
