"""Virtual routers. Source: API VirtualRouterSpec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.listeners import port_mapping
from meshkit.appmesh.references import MeshRef, checked_spec, in_place, physical_name, placement
from meshkit.appmesh.translation import Leaves
from meshkit.config.router import Router
from meshkit.errors import MeshkitError
from meshkit.inputs import require_args

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Spec


def router_spec(router: Router) -> Spec:
    """The spec as pulumi_aws takes it."""
    return {"listeners": [{"port_mapping": port_mapping(each)} for each in router.listeners]}


@dataclass(frozen=True, kw_only=True)
class VirtualRouterArgs:
    """Arguments of ``VirtualRouter``."""

    mesh: MeshRef
    """``Mesh``, ``SharedMeshRef``, or the name of an own mesh."""
    spec: Router | Mapping[str, Any]
    """As in the mesh file, without routes: those are components of their own."""
    name: str | None = None
    """Physical name. Default: the component's."""


class VirtualRouter(pulumi.ComponentResource):
    """A virtual router.

    Another name or mesh makes a new router before the old one goes.
    """

    arn: pulumi.Output[str]
    """ARN of the router."""
    name: pulumi.Output[str]
    """Its name: what routes and services take."""

    def __init__(
        self, name: str, args: VirtualRouterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, VirtualRouterArgs)
        physical = physical_name(name, args.name)
        router = checked_spec(name, Router, args.spec)
        if router.routes:
            raise MeshkitError(f"{name}: make each of its routes as a Route of its own")
        tags = Leaves().tags(router.tags)
        super().__init__("meshkit:index:VirtualRouter", name, None, opts)
        made = aws.appmesh.VirtualRouter(
            name,
            name=physical,
            spec=router_spec(router),
            tags=tags,
            opts=in_place(self),
            **placement(args.mesh),
        )
        self.arn, self.name = made.arn, made.name
        self.register_outputs({"arn": self.arn, "name": self.name})
