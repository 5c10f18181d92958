"""Virtual gateways. Source: API VirtualGatewaySpec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.access_logs import logging
from meshkit.appmesh.listeners import gateway_listener
from meshkit.appmesh.references import (
    MeshRef,
    checked_spec,
    in_place,
    physical_name,
    placement,
    require_own_mesh,
    translated,
)
from meshkit.appmesh.tls import backend_defaults
from meshkit.appmesh.translation import Leaves, given
from meshkit.appmesh.wiring import proxy_value
from meshkit.config.gateway import Gateway
from meshkit.envoy import ec2, ecs
from meshkit.errors import MeshkitError
from meshkit.inputs import require_args

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Spec
    from meshkit.config.access_log import AccessLog
    from meshkit.config.tls import BackendDefaults


def gateway_spec(
    gateway: Gateway, log: AccessLog | None, defaults: BackendDefaults | None, leaves: Leaves
) -> Spec:
    """The spec as pulumi_aws takes it; ``log`` and ``defaults`` as in ``node_spec``."""
    return given(
        listeners=[gateway_listener(each, leaves) for each in gateway.listeners],
        backend_defaults=backend_defaults(defaults, leaves),
        logging=logging(log, leaves),
    )


@dataclass(frozen=True, kw_only=True)
class VirtualGatewayArgs:
    """Arguments of ``VirtualGateway``."""

    mesh: MeshRef
    """``Mesh``, or the name of an own mesh: only the mesh owner can have gateways."""
    spec: Gateway | Mapping[str, Any]
    """As in the mesh file, without routes: those are components of their own. ``proxy`` and
    ``tracing`` shape the wiring; ``account``, ``workload``, ``role`` and ``access`` mean nothing
    here."""
    name: str | None = None
    """Physical name. Default: the component's."""


class VirtualGateway(pulumi.ComponentResource):
    """A virtual gateway. It needs a role besides, such as ``EcsTaskRole``, that may read it.

    Another name or mesh makes a new gateway before the old one goes.
    """

    arn: pulumi.Output[str]
    """ARN of the gateway: what its role takes."""
    name: pulumi.Output[str]
    """Its name: what gateway routes take."""
    container_definition: pulumi.Output[dict[str, Any]]
    """The Envoy container of an ECS task; a gateway needs no ``proxy_configuration``."""
    user_data: pulumi.Output[str]
    """A shell script that starts the proxy on an EC2 instance."""

    def __init__(
        self, name: str, args: VirtualGatewayArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, VirtualGatewayArgs)
        require_own_mesh(name, args.mesh)
        physical = physical_name(name, args.name)
        gateway = checked_spec(name, Gateway, args.spec)
        if gateway.routes:
            raise MeshkitError(f"{name}: make each of its routes as a GatewayRoute of its own")
        leaves = Leaves()
        spec = translated(
            name,
            lambda: gateway_spec(gateway, gateway.access_log, gateway.backend_defaults, leaves),
        )
        tags = leaves.tags(gateway.tags)
        super().__init__("meshkit:index:VirtualGateway", name, None, opts)
        made = aws.appmesh.VirtualGateway(
            name,
            name=physical,
            spec=spec,
            tags=tags,
            opts=in_place(self),
            **placement(args.mesh),
        )
        self.arn, self.name = made.arn, made.name
        self.container_definition = proxy_value(
            made.arn, gateway, ecs.container_definition, gateway=True
        )
        self.user_data = proxy_value(made.arn, gateway, ec2.user_data, gateway=True)
        self.register_outputs({"arn": self.arn, "name": self.name})
