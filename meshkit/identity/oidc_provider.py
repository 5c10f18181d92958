"""The IAM OIDC provider of an EKS cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.identity.mesh_roles import issuer_url
from meshkit.inputs import require_args
from meshkit.policy.trust import TOKEN_AUDIENCE
from meshkit.topology import leaves

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class OidcProviderArgs:
    """Arguments of ``OidcProvider``: exactly one of ``issuer`` and ``arn``."""

    issuer: pulumi.Input[str] | None = None
    """Issuer of the cluster, ``https://…``: a provider is made for it."""
    arn: pulumi.Input[str] | None = None
    """ARN of a provider that exists already: it is adopted."""
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class OidcProvider(pulumi.ComponentResource):
    """The provider through which service accounts of a cluster take roles (IRSA).

    An account holds one provider for each issuer, so adopt one that is there. Another issuer
    replaces the provider.
    """

    arn: pulumi.Output[str]
    """For ``IrsaRoleArgs.provider_arn``."""

    def __init__(
        self, name: str, args: OidcProviderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, OidcProviderArgs)
        if (args.issuer is None) == (args.arn is None):
            raise MeshkitError(f"{name}: an OIDC provider takes exactly one of issuer and arn")
        fault = (
            leaves.oidc_issuer(issuer_url(args.issuer)) if isinstance(args.issuer, str) else None
        )
        if fault:
            raise MeshkitError(f"{name}: {fault}")
        super().__init__("meshkit:index:OidcProvider", name, None, opts)
        if args.arn is not None:
            self.arn = pulumi.Output.from_input(args.arn)
        elif args.issuer is not None:
            provider = aws.iam.OpenIdConnectProvider(
                name,
                url=pulumi.Output.from_input(args.issuer).apply(issuer_url),
                client_id_lists=[TOKEN_AUDIENCE],
                tags=dict(args.tags) or None,
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.arn = provider.arn
        self.register_outputs({"arn": self.arn})
