"""What identity providers are called in IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshkit.config.landing_zone import IdentityProvider


def issuer(key: str, provider: IdentityProvider) -> str:
    """The end of a provider's ARN: of one that tells by OIDC its URL, else its key."""
    if provider.oidc is None:
        return f"saml-provider/{key}"
    return f"oidc-provider/{provider.oidc.url.removeprefix('https://').rstrip('/')}"
