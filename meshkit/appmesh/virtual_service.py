"""Virtual services. Source: API VirtualServiceSpec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.references import MeshRef, in_place, name_of, physical_name, placement
from meshkit.errors import MeshkitError
from meshkit.inputs import require_args

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Spec
    from meshkit.appmesh.virtual_node import VirtualNode
    from meshkit.appmesh.virtual_router import VirtualRouter


def service_spec(*, node: pulumi.Input[str] | None, router: pulumi.Input[str] | None) -> Spec:
    """The spec as pulumi_aws takes it; a service without a provider has an empty one."""
    if node is not None:
        return {"provider": {"virtual_node": {"virtual_node_name": node}}}
    if router is not None:
        return {"provider": {"virtual_router": {"virtual_router_name": router}}}
    return {}


@dataclass(frozen=True, kw_only=True)
class VirtualServiceArgs:
    """Arguments of ``VirtualService``: ``node`` or ``router`` provides it, or nobody yet."""

    mesh: MeshRef
    """``Mesh``, ``SharedMeshRef``, or the name of an own mesh."""
    node: VirtualNode | pulumi.Input[str] | None = None
    """The node that provides it, or its name; traffic gets no configurable retries."""
    router: VirtualRouter | pulumi.Input[str] | None = None
    """The router that provides it, or its name."""
    name: str | None = None
    """Physical name, as callers resolve it. Default: the component's."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class VirtualService(pulumi.ComponentResource):
    """A virtual service.

    Its provider changes in place. Another name or mesh makes a new service before the old one goes.
    """

    arn: pulumi.Output[str]
    """ARN of the service."""
    name: pulumi.Output[str]
    """Its name: what backends and gateway routes take."""

    def __init__(
        self, name: str, args: VirtualServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, VirtualServiceArgs)
        physical = physical_name(name, args.name, service=True)
        if args.node is not None and args.router is not None:
            raise MeshkitError(f"{name}: node and router exclude each other; give one")
        super().__init__("meshkit:index:VirtualService", name, None, opts)
        made = aws.appmesh.VirtualService(
            name,
            name=physical,
            spec=service_spec(
                node=None if args.node is None else name_of(args.node),
                router=None if args.router is None else name_of(args.router),
            ),
            tags=dict(args.tags) or None,
            opts=in_place(self),
            **placement(args.mesh),
        )
        self.arn, self.name = made.arn, made.name
        self.register_outputs({"arn": self.arn, "name": self.name})
