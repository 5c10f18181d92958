"""The roles that people take in an account by signing in elsewhere, as documents.

Source: IAM User Guide, creating roles for OIDC and SAML federation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.config.deferred import Deferred, Hole
from meshkit.policy.document import Document
from meshkit.policy.operator_trust import OidcTrust, SamlTrust
from meshkit.policy.roles import added_statements
from meshkit.topology.landing_zone.providers import issuer

if TYPE_CHECKING:
    from meshkit.config.landing_zone import FederatedRole, IdentityProvider
    from meshkit.policy.document import Text
    from meshkit.policy.operator_trust import Given

ACCOUNT: Final = Hole("context", "account")


@dataclass(frozen=True, slots=True)
class FederatedDocuments:
    """What IAM is told of a role."""

    trust: Document
    policy: Document | None
    """``None`` for a role that has managed policies alone."""


def provider_arn(partition: str, key: str, provider: IdentityProvider) -> Text:
    """ARN of a provider in ``${account}``."""
    return Deferred((f"arn:{partition}:iam::", ACCOUNT, f":{issuer(key, provider)}"))


def federated_documents(
    role: FederatedRole, provider: IdentityProvider, arn: Given, partition: str
) -> FederatedDocuments:
    """Trust and policy of a role; ``arn`` is that of the provider.

    Raises ``MeshkitError`` where a subject or audience is a pattern.
    """
    if provider.oidc is None:
        trust = SamlTrust(provider_arn=arn, partition=partition).document()
    else:
        audience = role.audience or provider.oidc.audiences[0]
        trust = OidcTrust(provider_arn=arn, subjects=role.subjects, audience=audience).document()
    statements = added_statements(role.statements)
    return FederatedDocuments(trust, Document(statements) if statements else None)
