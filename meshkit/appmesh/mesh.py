"""The mesh itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from meshkit.appmesh.references import checked_spec, in_place, physical_name
from meshkit.appmesh.translation import Leaves
from meshkit.config.file import Mesh as MeshSettings
from meshkit.errors import MeshkitError
from meshkit.inputs import require_args

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Spec


def mesh_spec(settings: MeshSettings) -> Spec | None:
    """The spec as pulumi_aws takes it; ``None`` where everything is left to App Mesh."""
    spec: Spec = {}
    if settings.egress_filter is not None:
        spec["egress_filter"] = {"type": settings.egress_filter}
    if settings.ip_preference is not None:
        spec["service_discovery"] = {"ip_preference": settings.ip_preference}
    return spec or None


@dataclass(frozen=True, kw_only=True)
class MeshArgs:
    """Arguments of ``Mesh``."""

    spec: MeshSettings | Mapping[str, Any] = field(default_factory=MeshSettings)
    """``egress_filter``, ``ip_preference``, ``protect`` and ``tags``."""
    name: str | None = None
    """Physical name. Default: the component's."""
    region: pulumi.Input[str] | None = None
    """Default: that of the provider."""


class Mesh(pulumi.ComponentResource):
    """A mesh of this account.

    Another name makes a new mesh, moves everything in it over, and then deletes the old one.
    """

    arn: pulumi.Output[str]
    """ARN of the mesh: what a share takes."""
    name: pulumi.Output[str]
    """Name of the mesh."""
    owner: pulumi.Output[str]
    """Account id of its owner: what a consumer needs besides the name."""

    foreign_owner: None = None
    """An own mesh has no other owner."""

    def __init__(
        self, name: str, args: MeshArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = MeshArgs() if args is None else args
        require_args(name, args, MeshArgs)
        physical = physical_name(name, args.name)
        settings = checked_spec(name, MeshSettings, args.spec)
        if settings.arn is not None:
            raise MeshkitError(f"{name}: arn names an existing mesh; use its name instead of Mesh")
        tags = Leaves().tags(settings.tags)
        super().__init__("meshkit:index:Mesh", name, None, opts)
        self.region = args.region
        made = aws.appmesh.Mesh(
            name,
            name=physical,
            region=args.region,
            spec=mesh_spec(settings),
            tags=tags,
            opts=pulumi.ResourceOptions.merge(
                in_place(self), pulumi.ResourceOptions(protect=settings.protect or None)
            ),
        )
        self.arn, self.name, self.owner = made.arn, made.name, made.mesh_owner
        self.register_outputs({"arn": self.arn, "name": self.name, "owner": self.owner})
