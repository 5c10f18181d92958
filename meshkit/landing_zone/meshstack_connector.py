"""The identity with which meshStack's AWS connector works in an organization.

Source: meshStack documentation, AWS integration.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import after, as_texts, document_input, require_args
from meshkit.landing_zone.generations import Rotation
from meshkit.landing_zone.organization import OrganizationNeeds, require_organization
from meshkit.landing_zone.trusting import require_trust, trust_input
from meshkit.policy.meshstack import USER, ConnectorScope, connector_document
from meshkit.policy.size import INLINE_LIMIT, size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.policy.document import Document
    from meshkit.policy.operator_trust import OperatorTrust

_LOCATION: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_USER_POLICY_LIMIT: Final = 2_048
"""All inline policies of one user together. Source: IAM User Guide, IAM and STS quotas."""


@dataclass(frozen=True, kw_only=True)
class MeshStackConnectorArgs:
    """Arguments of ``MeshStackConnector``."""

    scope: ConnectorScope
    """The organization, and what of it."""
    organization: str | None = None
    """Id of the organization, ``o-…``. With it, nothing is registered unless the program works in
    its management account, and it has all features and service control policies enabled."""
    location: str | None = None
    """Name of the meshStack location. Default: the component's name. Platform instances beside each
    other have different ones."""
    trust: OperatorTrust | None = None
    """Who may take the role that is made in place of a user; there is no access key then."""
    identity_name: str = USER
    """Physical name of the user or role."""
    external_id: Rotation = field(default_factory=Rotation)
    """Which privileged external id is in use."""
    access_key: Rotation = field(default_factory=Rotation)
    """Which access key is in use; IAM takes two."""
    path: str | None = None
    permissions_boundary: pulumi.Input[str] | None = None
    """ARN of the policy that bounds the user or role."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class MeshStackConnector(pulumi.ComponentResource):
    """The connector's user with its access key, or a role without one, in the management account.

    The privileged external id is drawn once for each generation and kept as a parameter of Systems
    Manager, encrypted, and as a secret of the stack. Give the outputs to the connector's
    configuration, and ``external_ids`` to the roles of member accounts.
    """

    arn: pulumi.Output[str]
    """ARN of the user or role; who takes it waits until the policy is in it."""
    external_id: pulumi.Output[str]
    """The privileged external id in use; a secret."""
    external_ids: tuple[pulumi.Output[str], ...]
    """Those that are good, the one in use first; secrets."""
    access_key_id: pulumi.Output[str] | None
    """Id of the user's access key; a secret. ``None`` for a role."""
    secret_access_key: pulumi.Output[str] | None
    """The key; a secret. ``None`` for a role."""

    def __init__(
        self, name: str, args: MeshStackConnectorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, MeshStackConnectorArgs)
        trust = _checked(name, args)
        if args.organization is not None:
            needs = OrganizationNeeds(
                who="the connector",
                organization=args.organization,
                management_account=args.scope.management_account,
                control_policies=True,
            )
            require_organization(name, needs, opts)
        super().__init__("meshkit:index:MeshStackConnector", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        self._tags = {"meshstack-location": args.location or name, **args.tags}
        self.external_ids = tuple(
            self._external_id(number) for number in args.external_id.generations
        )
        self.external_id = self.external_ids[0]
        self.access_key_id = self.secret_access_key = None
        if trust is None:
            self._make_user()
        else:
            self._make_role(trust)
        self.register_outputs(
            {
                "arn": self.arn,
                "externalId": self.external_id,
                "accessKeyId": self.access_key_id,
                "secretAccessKey": self.secret_access_key,
            }
        )

    def _external_id(self, generation: int) -> pulumi.Output[str]:
        parameter = aws.ssm.Parameter(
            f"{self._name}-external-id-{generation}",
            name=f"/meshstack/{self._args.location or self._name}/external-id/{generation}",
            description="Privileged external id of the meshStack connector",
            type=aws.ssm.ParameterType.SECURE_STRING,
            value=pulumi.Output.secret(str(uuid.uuid4())),
            tags=self._tags,
            # Drawn anew in each run, and used in the first alone.
            opts=pulumi.ResourceOptions.merge(
                self._child, pulumi.ResourceOptions(ignore_changes=["value"])
            ),
        )
        return pulumi.Output.secret(parameter.value)

    def _policy(self, limit: int) -> pulumi.Input[str]:
        document = connector_document(self._args.scope, as_texts(self.external_ids))
        return document_input(document, {}, limit)

    def _make_user(self) -> None:
        args = self._args
        user = aws.iam.User(
            self._name,
            name=args.identity_name,
            path=args.path,
            permissions_boundary=args.permissions_boundary,
            tags=self._tags,
            opts=self._child,
        )
        policy = aws.iam.UserPolicy(
            self._name,
            name="meshstack-connector",
            user=user.name,
            policy=self._policy(_USER_POLICY_LIMIT),
            opts=self._child,
        )
        self.arn = after(user.arn, [policy])
        keys = [
            aws.iam.AccessKey(
                f"{self._name}-key-{number}",
                user=user.name,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for number in args.access_key.generations
        ]
        self.access_key_id = pulumi.Output.secret(keys[0].id)
        self.secret_access_key = pulumi.Output.secret(keys[0].secret)

    def _make_role(self, trust: Document) -> None:
        args = self._args
        role = aws.iam.Role(
            self._name,
            name=args.identity_name,
            assume_role_policy=trust_input(trust),
            path=args.path,
            permissions_boundary=args.permissions_boundary,
            tags=self._tags,
            opts=self._child,
        )
        policy = aws.iam.RolePolicy(
            self._name,
            name="meshstack-connector",
            role=role.name,
            policy=self._policy(INLINE_LIMIT),
            opts=self._child,
        )
        self.arn = after(role.arn, [policy])


def _checked(name: str, args: MeshStackConnectorArgs) -> Document | None:
    """The trust of the role, if it is one. Raises ``MeshkitError`` before anything is made."""
    if not isinstance(args.scope, ConnectorScope):
        raise MeshkitError(f"{name}: scope takes a ConnectorScope")
    if not _LOCATION.fullmatch(args.location or name):
        raise MeshkitError(f"{name}: location has 1 to 100 letters, digits, - _ and .")
    limit = _USER_POLICY_LIMIT if args.trust is None else INLINE_LIMIT
    ids = [str(uuid.UUID(int=number)) for number in args.external_id.generations]
    found = size(connector_document(args.scope, ids))
    if found > limit:
        raise MeshkitError(
            f"{name}: the policy has {found} characters and IAM takes {limit}: "
            "name fewer OUs, or one above them"
        )
    return None if args.trust is None else require_trust(name, args.trust)
