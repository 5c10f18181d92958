"""The role that App Mesh itself works with. Source: App Mesh User Guide, service-linked roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.inputs import require_args

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_MESH = "appmesh.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class MeshServiceRoleArgs:
    """Arguments of ``MeshServiceRole``."""

    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class MeshServiceRole(pulumi.ComponentResource):
    """``AWSServiceRoleForAppMesh``, for an account that joins a mesh and never made one itself.

    An account has it once: where it exists already, AWS refuses this one.
    """

    role_arn: pulumi.Output[str]
    """ARN of the role."""

    def __init__(
        self, name: str, args: MeshServiceRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, MeshServiceRoleArgs)
        super().__init__("meshkit:index:MeshServiceRole", name, None, opts)
        tags = dict(args.tags) or None
        made = register_service_role(name, tags, pulumi.ResourceOptions(parent=self))
        self.role_arn = made.arn
        self.register_outputs({"roleArn": self.role_arn})


def register_service_role(
    name: str, tags: dict[str, pulumi.Input[str]] | None, opts: pulumi.ResourceOptions
) -> aws.iam.ServiceLinkedRole:
    """Registers the role as ``name``."""
    return aws.iam.ServiceLinkedRole(name, aws_service_name=APP_MESH, tags=tags, opts=opts)
