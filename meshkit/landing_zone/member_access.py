"""The role that a connector takes in a member account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import after, as_text, as_texts, require_args
from meshkit.landing_zone.trusting import require_trust, trust_input
from meshkit.policy.meshstack import ACCESS_ROLE
from meshkit.policy.operator_trust import AccountTrust

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class MemberAccessRoleArgs:
    """Arguments of ``MemberAccessRole``."""

    connector_arn: pulumi.Input[str]
    """ARN of the connector's user or role."""
    external_ids: Sequence[pulumi.Input[str]]
    """The external ids that are good: ``MeshStackConnector.external_ids``."""
    managed_policies: Sequence[pulumi.Input[str]]
    """ARNs of what the connector may do in the account. The role that AWS Organizations makes has
    AdministratorAccess."""
    role_name: str = ACCESS_ROLE
    """As ``ConnectorScope.access_role``."""
    permissions_boundary: pulumi.Input[str] | None = None
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class MemberAccessRole(pulumi.ComponentResource):
    """A role of a member account that the connector alone can take, and only with the external id.

    Its provider must be of that account. In an account that AWS Organizations made, the role is
    there already and trusts the whole management account: give this one another name, or import
    the existing one into the stack first.
    """

    role_arn: pulumi.Output[str]
    """ARN of the role; who takes it waits until its policies are attached."""

    def __init__(
        self, name: str, args: MemberAccessRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, MemberAccessRoleArgs)
        if not args.external_ids:
            raise MeshkitError(f"{name}: external_ids must be a list of at least one")
        trust = AccountTrust(
            principals=[as_text(args.connector_arn)], external_ids=as_texts(args.external_ids)
        )
        document = require_trust(name, trust)
        super().__init__("meshkit:index:MemberAccessRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        role = aws.iam.Role(
            name,
            name=args.role_name,
            assume_role_policy=trust_input(document),
            permissions_boundary=args.permissions_boundary,
            tags=dict(args.tags) or None,
            opts=child,
        )
        attachments = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{number}", role=role.name, policy_arn=arn, opts=child
            )
            for number, arn in enumerate(args.managed_policies, start=1)
        ]
        self.role_arn = after(role.arn, attachments)
        self.register_outputs({"roleArn": self.role_arn})
