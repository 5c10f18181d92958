"""The role of people or pipelines that work on a mesh."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import after, document_input, require_args
from meshkit.landing_zone.trusting import require_trust, trust_input
from meshkit.policy.operators import OperatorScope, operator_document
from meshkit.policy.size import INLINE_LIMIT, check_inline
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.operator import Tier
    from meshkit.policy.document import Document
    from meshkit.policy.operator_trust import OperatorTrust

_SESSION: Final = range(3600, 43_200 + 1)
"""Source: IAM API, MaxSessionDuration."""


@dataclass(frozen=True, kw_only=True)
class OperatorRoleArgs:
    """Arguments of ``OperatorRole``."""

    tier: Tier
    """``viewer``, ``router``, ``deployer``, ``owner`` or ``sharer``, each more than the last."""
    scope: OperatorScope
    """The mesh, and what of it; ``scope_of`` makes it from a mesh file."""
    trust: OperatorTrust
    """Who may take the role: ``OidcTrust``, ``SamlTrust``, ``PermissionSetTrust`` or
    ``AccountTrust``."""
    role_name: str | None = None
    """Physical name. Default: the component's name, and a hash of project, stack and name.

    Another name replaces the role.
    """
    path: str | None = None
    """IAM path. Default ``/``."""
    permissions_boundary: pulumi.Input[str] | None = None
    """ARN of the policy that bounds the role."""
    max_session_duration: int = 3600
    """Seconds, 3600 to 43200, after which people sign in again."""
    description: str | None = None
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class OperatorRole(pulumi.ComponentResource):
    """A role of the scope's account with the policy of a tier. It has no access keys.

    Its provider must be of that account. Trust, policy, boundary and session length change in
    place; another name or path replaces the role.
    """

    role_arn: pulumi.Output[str]
    """ARN of the role; who takes it waits until the policy is in it."""
    role_name: pulumi.Output[str]
    """Physical name of the role; waits likewise."""

    def __init__(
        self, name: str, args: OperatorRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, OperatorRoleArgs)
        policy, trust = _documents(name, args)
        super().__init__("meshkit:index:OperatorRole", name, None, opts)
        # Both have fixed names.
        child = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        physical = args.role_name or hashed_name(
            name, pulumi.get_project(), pulumi.get_stack(), "OperatorRole", name
        )
        role = aws.iam.Role(
            name,
            name=physical,
            assume_role_policy=trust_input(trust),
            path=args.path,
            permissions_boundary=args.permissions_boundary,
            max_session_duration=args.max_session_duration,
            description=args.description,
            tags=dict(args.tags) or None,
            opts=child,
        )
        inline = aws.iam.RolePolicy(
            name,
            name=args.tier,
            role=role.name,
            policy=document_input(policy, {}, INLINE_LIMIT),
            opts=child,
        )
        self.role_arn = after(role.arn, [inline])
        self.role_name = after(role.name, [inline])
        self.register_outputs({"roleArn": self.role_arn, "roleName": self.role_name})


def _documents(name: str, args: OperatorRoleArgs) -> tuple[Document, Document]:
    """Policy and trust. Raises ``MeshkitError`` before anything is registered."""
    if not isinstance(args.scope, OperatorScope):
        raise MeshkitError(f"{name}: scope takes an OperatorScope; scope_of makes one of a file")
    if args.max_session_duration not in _SESSION:
        raise MeshkitError(f"{name}: max_session_duration is 3600 to 43200 seconds")
    trust = require_trust(name, args.trust)
    try:
        return check_inline(operator_document(args.tier, args.scope)), trust
    except MeshkitError as error:
        raise MeshkitError(f"{name}: {error}") from None
