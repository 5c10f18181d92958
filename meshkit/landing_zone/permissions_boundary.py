"""A permissions boundary as a managed policy of one account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import document_input, require_args
from meshkit.policy.boundaries import MeshBoundary, TeamBoundary
from meshkit.policy.size import MANAGED_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class PermissionsBoundaryArgs:
    """Arguments of ``PermissionsBoundary``."""

    boundary: MeshBoundary | TeamBoundary
    """What it allows: what meshkit makes, or what a team makes for itself."""
    description: str | None = None
    """Text that IAM shows. Another one replaces the policy."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class PermissionsBoundary(pulumi.ComponentResource):
    """A permissions boundary, for the roles of the account that its provider is of.

    What it says changes in place. IAM refuses a role whose boundary is not there: give roles the
    output, or let them depend on this.
    """

    arn: pulumi.Output[str]
    """ARN of the policy, for ``permissions_boundary`` of roles."""

    def __init__(
        self, name: str, args: PermissionsBoundaryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, PermissionsBoundaryArgs)
        boundary = args.boundary
        if not isinstance(boundary, MeshBoundary | TeamBoundary):
            raise MeshkitError(f"{name}: boundary takes a MeshBoundary or a TeamBoundary")
        try:
            document = boundary.document()
        except MeshkitError as error:
            raise MeshkitError(f"{name}: {error}") from None
        super().__init__("meshkit:index:PermissionsBoundary", name, None, opts)
        policy = aws.iam.Policy(
            name,
            name=boundary.policy_name,
            path=boundary.policy_path,
            policy=document_input(document, {}, MANAGED_LIMIT),
            description=args.description,
            tags=dict(args.tags) or None,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})
