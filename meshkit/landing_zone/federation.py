"""Boundaries, identity providers and federated roles in one account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.config.deferred import Deferred, Hole, bind
from meshkit.inputs import after, as_text, document_input, tags_input, to_input
from meshkit.landing_zone.permissions_boundary import (
    PermissionsBoundary,
    PermissionsBoundaryArgs,
)
from meshkit.landing_zone.trusting import trust_input
from meshkit.policy.federation import ACCOUNT, federated_documents
from meshkit.policy.size import INLINE_LIMIT
from meshkit.policy.zone_boundaries import zone_boundary
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshkit.config.landing_zone import FederatedRole, LandingZoneFile
    from meshkit.policy.document import Text


class Federation:
    """Makes what people need in an account; a provider once, however many roles trust it."""

    def __init__(
        self,
        name: str,
        zone: LandingZoneFile,
        account: str,
        account_id: pulumi.Output[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._name = f"{name}-{account}"
        self._zone = zone
        self._partition = partition_of(zone.region).name
        self._context = {"partition": self._partition, "region": zone.region}
        self._account = account_id
        self._opts = opts
        self._providers: dict[str, pulumi.Output[str]] = {}

    def register_boundaries(self, boundaries: Iterable[str]) -> dict[str, pulumi.Output[str]]:
        """The ARNs of the boundaries, by their keys. Roles that come later wait for them."""
        made = {key: self._boundary(key) for key in boundaries}
        waiting = pulumi.ResourceOptions(depends_on=list(made.values()))
        self._opts = pulumi.ResourceOptions.merge(self._opts, waiting)
        return {key: each.arn for key, each in made.items()}

    def register_roles(self, roles: Iterable[str]) -> dict[str, pulumi.Output[str]]:
        """The ARNs of the roles, by their keys."""
        return {key: self._role(key, self._zone.roles[key]) for key in roles}

    def _boundary(self, key: str) -> PermissionsBoundary:
        boundary = zone_boundary(key, self._zone.boundaries[key], self._zone, self._bound)
        args = PermissionsBoundaryArgs(boundary=boundary, tags=self._tags({}) or {})
        return PermissionsBoundary(f"{self._name}-{key}", args, self._opts)

    def _provider(self, key: str) -> pulumi.Output[str]:
        if key not in self._providers:
            self._providers[key] = self._new_provider(key)
        return self._providers[key]

    def _new_provider(self, key: str) -> pulumi.Output[str]:
        provider, name = self._zone.identity_providers[key], f"{self._name}-{key}"
        tags = self._tags({})
        made: aws.iam.SamlProvider | aws.iam.OpenIdConnectProvider
        if provider.saml is not None:
            made = aws.iam.SamlProvider(
                name,
                name=key,
                saml_metadata_document=self._input(provider.saml.metadata),
                tags=tags,
                opts=self._opts,
            )
        elif provider.oidc is not None:
            made = aws.iam.OpenIdConnectProvider(
                name,
                url=provider.oidc.url,
                client_id_lists=[self._input(each) for each in provider.oidc.audiences],
                thumbprint_lists=[self._input(each) for each in provider.oidc.thumbprints] or None,
                tags=tags,
                opts=self._opts,
            )
        return made.arn

    def _role(self, key: str, role: FederatedRole) -> pulumi.Output[str]:
        provider = self._zone.identity_providers[role.provider]
        arn = as_text(self._provider(role.provider))
        documents = federated_documents(role, provider, arn, self._partition)
        name, boundary = f"{self._name}-{key}", role.permissions_boundary
        made = aws.iam.Role(
            name,
            name=role.name or key,
            assume_role_policy=trust_input(documents.trust),
            path=role.path,
            permissions_boundary=None if boundary is None else self._input(boundary),
            max_session_duration=role.max_session_duration,
            description=role.description,
            tags=self._tags(role.tags),
            opts=self._named,
        )
        given: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{number}", role=made.name, policy_arn=self._input(each), opts=self._named
            )
            for number, each in enumerate(role.managed_policies, start=1)
        ]
        if documents.policy is not None:
            policy = documents.policy.map(self._bound)
            given.append(
                aws.iam.RolePolicy(
                    name,
                    name=key,
                    role=made.name,
                    policy=document_input(policy, {}, INLINE_LIMIT),
                    opts=self._named,
                )
            )
        return after(made.arn, given)

    def _input(self, text: Text) -> pulumi.Input[str]:
        return to_input(self._bound(text), {})

    def _tags(self, own: Mapping[str, Text]) -> Mapping[str, pulumi.Input[str]] | None:
        given = {**self._zone.tags, **own}
        return tags_input({key: self._bound(each) for key, each in given.items()}, {})

    def _bound(self, text: Text) -> Text:
        """A text with the account, which the program knows only once it is made."""
        bound = bind(text, self._context)
        if not isinstance(bound, Deferred):
            return bound
        known = Hole("value", "account", self._account)
        return Deferred(tuple(known if part == ACCOUNT else part for part in bound.parts))

    @property
    def _named(self) -> pulumi.ResourceOptions:
        """For what has a fixed name."""
        once = pulumi.ResourceOptions(delete_before_replace=True)
        return pulumi.ResourceOptions.merge(self._opts, once)
