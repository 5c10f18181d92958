"""Roles taken with a token of an identity provider, which nobody signs: the trust policy decides.

Tokens are read, not verified: the local cloud reaches no provider.
Source: STS API Reference, AssumeRoleWithWebIdentity and AssumeRoleWithSAML; IAM User Guide,
Available keys for AWS STS web identity federation, and for SAML-based federation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.iam.models import Role, iam_backends

from meshkit.local.enforcement import sts
from meshkit.local.enforcement.context import of_now
from meshkit.local.enforcement.incoming import Incoming
from meshkit.local.enforcement.policies import keys_of, parsed
from meshkit.local.enforcement.refusal import ACCESS_DENIED
from meshkit.local.services.entities import role_of
from meshkit.local.services.errors import ApiError
from meshkit.local.services.identity_tokens import (
    Carried,
    assertion_of,
    carried_by,
    claims_of,
    issuer_of,
    name_qualifier,
)
from meshkit.local.services.sts import INVALID_TOKEN
from meshkit.policy.evaluation import Caller, Policy, Undecidable, trust
from meshkit.policy.evaluation.request import Value


def require_trust(asked: Incoming) -> None:
    """Raise an `ApiError` unless the role's trust policy lets who has the token take it."""
    arn = str(asked.params["RoleArn"])
    role = role_of(arn)
    refused = ApiError(ACCESS_DENIED, f"Not authorized to perform sts:{asked.name}")
    if role is None:
        raise refused
    saml = asked.name == "AssumeRoleWithSAML"
    provider, keys = _of_saml(asked, role) if saml else _of_token(asked, role)
    policy = parsed(role.assume_role_policy_document, "trust")
    context = _context(asked, policy, keys)
    caller = Caller(provider, "Federated", arn.split(":")[4])
    actions = (None, "sts:SetSourceIdentity") if "sts:SourceIdentity" in keys else (None,)
    try:
        decisions = [trust(policy, caller, context, action=action) for action in actions]
    except Undecidable as error:
        message = f"The local cloud can't decide on sts:{asked.name} on {arn}: {error}"
        raise ApiError("NotImplemented", message) from None
    if not all(decision.allowed for decision in decisions):
        raise refused


def _context(asked: Incoming, policy: Policy, keys: Mapping[str, Value]) -> dict[str, Value]:
    params = asked.params
    known: dict[str, Value] = {
        **of_now(),
        "aws:SecureTransport": True,
        "aws:RequestedRegion": asked.region,
        "aws:SourceIp": "127.0.0.1",
        **{key: str(params[name]) for key, name in sts.NAMES.items() if name in params},
        **keys,
    }
    have = {key.lower() for key in known}
    return {key: () for key in keys_of(policy) if key.lower() not in have} | known


def _carried(carried: Carried) -> Iterator[tuple[str, Value]]:
    """The condition keys of what a session has from its token."""
    for key, value in carried.tags.items():
        yield f"aws:RequestTag/{key}", value
    if carried.tags:
        yield "aws:TagKeys", tuple(carried.tags)
    if carried.transitive:
        yield "sts:TransitiveTagKeys", tuple(sorted(carried.transitive))
    if carried.source_identity is not None:
        yield "sts:SourceIdentity", carried.source_identity


def _of_token(asked: Incoming, role: Role) -> tuple[str, dict[str, Value]]:
    """The provider of a token, and the condition keys of its claims."""
    try:
        claims = claims_of(str(asked.params["WebIdentityToken"]))
    except ValueError:
        raise ApiError(INVALID_TOKEN, "The ID Token provided is not a valid JWT.") from None
    issuer = issuer_of(claims)
    account, partition = role.arn.split(":")[4], role.arn.split(":")[1]
    arn = f"arn:{partition}:iam::{account}:oidc-provider/{issuer}"
    provider = iam_backends[account][partition].open_id_providers.get(arn)
    if provider is None:
        message = f"No OpenIDConnect provider found in your account for {claims.get('iss')}"
        raise ApiError(INVALID_TOKEN, message)
    audiences = claims.get("aud", ())
    audiences = [audiences] if isinstance(audiences, str) else list(audiences)
    if not set(audiences) & set(provider.client_id_list or ()):
        raise ApiError(INVALID_TOKEN, "Incorrect token audience")
    keys = {f"{issuer}:{name}": value for name, value in _texts(claims) if name != "aud"}
    keys[f"{issuer}:aud"] = audiences[0] if len(audiences) == 1 else tuple(audiences)
    return arn, {**keys, **dict(_carried(carried_by(claims)))}


def _texts(claims: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for name, value in claims.items():
        if isinstance(value, str | bool):
            yield name, value
        elif isinstance(value, list):
            yield name, tuple(map(str, value))
        elif isinstance(value, int):
            yield name, str(value)


def _of_saml(asked: Incoming, role: Role) -> tuple[str, dict[str, Value]]:
    """The provider of an assertion, and the condition keys of what it says."""
    provider = str(asked.params["PrincipalArn"])
    account, partition = role.arn.split(":")[4], role.arn.split(":")[1]
    try:
        said = assertion_of(str(asked.params["SAMLAssertion"]))
    except ValueError:
        raise ApiError(INVALID_TOKEN, "Invalid base64 SAMLResponse") from None
    providers = iam_backends[account][partition].saml_providers.values()
    if all(each.arn != provider for each in providers):
        raise ApiError(INVALID_TOKEN, "Specified provider doesn't exist")
    found = {
        "SAML:aud": said.audience,
        "SAML:iss": said.issuer,
        "SAML:namequalifier": name_qualifier(said.issuer, provider),
        "SAML:sub": said.subject,
        "SAML:sub_type": said.subject_type,
        "sts:RoleSessionName": said.first("RoleSessionName"),
    }
    told: dict[str, Value] = {key: value for key, value in found.items() if value}
    return provider, {**told, **dict(_carried(said.carried))}
