"""Roles taken with a token of an identity provider, which nobody signs: the trust policy decides.

Tokens are read, not verified: the local cloud reaches no provider.
Source: STS API Reference, AssumeRoleWithWebIdentity and AssumeRoleWithSAML; IAM User Guide,
Available keys for AWS STS web identity federation, and for SAML-based federation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.iam.models import Role, iam_backends

from meshkit.local.enforcement import sts
from meshkit.local.enforcement.attached import role_of
from meshkit.local.enforcement.context import of_now
from meshkit.local.enforcement.incoming import Incoming
from meshkit.local.enforcement.policies import keys_of, parsed
from meshkit.local.enforcement.refusal import ACCESS_DENIED
from meshkit.local.services.errors import ApiError
from meshkit.local.services.identity_tokens import assertion_of, claims_of, issuer_of
from meshkit.policy.evaluation import Caller, Undecidable, trust
from meshkit.policy.evaluation.request import Value

_INVALID: Final = "InvalidIdentityToken"


def require_trust(asked: Incoming) -> None:
    """Raise an `ApiError` unless the role's trust policy lets who has the token take it."""
    arn = str(asked.params["RoleArn"])
    role = role_of(arn)
    refused = ApiError(ACCESS_DENIED, f"Not authorized to perform sts:{asked.name}")
    if role is None:
        raise refused
    saml = asked.name == "AssumeRoleWithSAML"
    provider, keys = _of_saml(asked) if saml else _of_token(asked, role)
    policy = parsed(role.assume_role_policy_document, "trust")
    given = {name: str(asked.params[name]) for name in sts.NAMES.values() if name in asked.params}
    known: dict[str, Value] = {
        **of_now(),
        "aws:SecureTransport": True,
        "aws:RequestedRegion": asked.region,
        "aws:SourceIp": "127.0.0.1",
        **{key: given[name] for key, name in sts.NAMES.items() if name in given},
        **keys,
    }
    have = {key.lower() for key in known}
    context = {key: () for key in keys_of(policy) if key.lower() not in have} | known
    try:
        decision = trust(policy, Caller(provider, "Federated", arn.split(":")[4]), context)
    except Undecidable as error:
        message = f"The local cloud can't decide on sts:{asked.name} on {arn}: {error}"
        raise ApiError("NotImplemented", message) from None
    if not decision.allowed:
        raise refused


def _of_token(asked: Incoming, role: Role) -> tuple[str, dict[str, Value]]:
    """The provider of a token, and the condition keys of its claims."""
    claims = _claims(str(asked.params["WebIdentityToken"]))
    issuer = issuer_of(claims)
    account, partition = role.arn.split(":")[4], role.arn.split(":")[1]
    arn = f"arn:{partition}:iam::{account}:oidc-provider/{issuer}"
    providers = iam_backends[account][partition].open_id_providers
    provider = providers.get(arn)
    if provider is None:
        message = f"No OpenIDConnect provider found in your account for {claims.get('iss')}"
        raise ApiError(_INVALID, message)
    audiences = claims.get("aud", ())
    audiences = [audiences] if isinstance(audiences, str) else list(audiences)
    if not set(audiences) & set(provider.client_id_list or ()):
        raise ApiError(_INVALID, "Incorrect token audience")
    keys = {f"{issuer}:{name}": value for name, value in _texts(claims) if name != "aud"}
    return arn, {**keys, f"{issuer}:aud": audiences[0] if len(audiences) == 1 else tuple(audiences)}


def _claims(token: str) -> Mapping[str, Any]:
    try:
        return claims_of(token)
    except ValueError:
        raise ApiError(_INVALID, "The ID Token provided is not a valid JWT.") from None


def _texts(claims: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for name, value in claims.items():
        if isinstance(value, str | bool):
            yield name, value
        elif isinstance(value, list):
            yield name, tuple(map(str, value))
        elif isinstance(value, int):
            yield name, str(value)


def _of_saml(asked: Incoming) -> tuple[str, dict[str, Value]]:
    """The provider of an assertion, and the condition keys of what it says."""
    provider = str(asked.params["PrincipalArn"])
    parts = provider.split(":")
    known = len(parts) == 6 and parts[4].isdigit()
    if not known or provider not in iam_backends[parts[4]][parts[1]].saml_providers:
        raise ApiError(_INVALID, "Invalid base64 SAMLResponse (Service: AWSSecurityTokenService)")
    try:
        said = assertion_of(str(asked.params["SAMLAssertion"]))
    except ValueError:
        raise ApiError(_INVALID, "Invalid base64 SAMLResponse") from None
    found = {
        "SAML:aud": said.audience,
        "SAML:iss": said.issuer,
        "SAML:sub": said.subject,
        "SAML:sub_type": said.subject_type,
    }
    return provider, {key: value for key, value in found.items() if value}
