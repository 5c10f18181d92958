"""The condition keys of a request: what it has, and what it surely lacks.

A key that policies ask for and that is neither makes what depends on it undecidable.
Source: IAM User Guide, AWS global condition context keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from moto.iam.models import iam_backends

from meshkit.local.enforcement.need import Asked, Need
from meshkit.local.enforcement.services import COMPUTED, MAPPED
from meshkit.local.enforcement.tagging import given_keys, given_tags
from meshkit.local.services.clock import now
from meshkit.local.services.organization import organization_of, units_above
from meshkit.policy.actions import SERVICES, prefixes, service
from meshkit.policy.evaluation.request import Value

_TYPES: Final = {"root": "Account", "user": "User", "session": "AssumedRole"}
_ABSENT: Final = frozenset(
    {
        *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:chatbotsourcearn"),
        *("aws:federatedprovider", "aws:multifactorauthage", "aws:multifactorauthpresent"),
        *("aws:principalorgid", "aws:principalorgpaths", "aws:principalservicename"),
        *("aws:principalservicenameslist", "aws:referer", "aws:sourceaccount", "aws:sourcearn"),
        *("aws:sourceidentity", "aws:sourceinstancearn", "aws:sourceorgid", "aws:sourceorgpaths"),
        *("aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:tagkeys"),
        *("aws:tokenissuetime", "aws:useragent", "aws:vpceaccount", "aws:vpceorgid"),
        *("aws:vpceorgpaths", "aws:vpcsourceip", "aws:ec2instancesourcevpc"),
        *("aws:ec2instancesourceprivateipv4", "aws:resourceorgid", "aws:resourceorgpaths"),
        *("aws:username", "aws:assumedroot", "aws:signinsessionarn"),
    }
)
"""Keys that a request lacks where they are not told: it comes from no service and no VPC."""


def told(asked: Asked, need: Need) -> dict[str, Value]:
    """Return the condition keys that a request has, for one action on one resource."""
    incoming, params = asked.incoming, asked.params
    keys: dict[str, Value] = {
        **of_now(),
        "aws:RequestedRegion": incoming.region,
        "aws:SecureTransport": True,
        "aws:SourceIp": "127.0.0.1",
        "aws:SourceOwner": asked.account,  # in the policies that SNS makes
        "aws:ViaAWSService": False,
        **_of_resource(asked, need),
        **{f"aws:RequestTag/{key}": value for key, value in given_tags(params).items()},
        **of_caller(asked),
        **need.keys,
    }
    if incoming.user_agent:
        keys["aws:UserAgent"] = incoming.user_agent
    if tag_keys := given_keys(params):
        keys["aws:TagKeys"] = tag_keys
    return keys


def of_now() -> dict[str, Value]:
    """Return the time, as condition keys have it."""
    time = now()
    return {
        "aws:CurrentTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(time.timestamp())),
    }


def of_caller(asked: Asked) -> dict[str, Value]:
    """Return what is known of who makes a request."""
    signer, session = asked.signer, asked.signer.session
    keys: dict[str, Value] = {
        "aws:PrincipalAccount": signer.account,
        "aws:PrincipalArn": signer.principal,
        "aws:PrincipalIsAWSService": False,
        "aws:PrincipalType": _TYPES.get(signer.caller.identity.type, "FederatedUser"),
        "aws:userid": _user_id(asked),
        **{f"aws:PrincipalTag/{key}": value for key, value in _principal_tags(asked).items()},
        **_of_organization(signer.account, signer.partition, "Principal"),
    }
    if session is not None:
        keys["aws:TokenIssueTime"] = session.issued.strftime("%Y-%m-%dT%H:%M:%SZ")
        if session.multi_factor is not None:
            keys["aws:MultiFactorAuthPresent"] = session.multi_factor
        if session.multi_factor:
            keys["aws:MultiFactorAuthAge"] = str(int((now() - session.issued).total_seconds()))
        if session.source_identity:
            keys["aws:SourceIdentity"] = session.source_identity
        if session.issued_by:
            keys["aws:FederatedProvider"] = session.issued_by
    return keys


def _user_id(asked: Asked) -> str:
    signer = asked.signer
    if signer.session is not None:
        return signer.session.user_id
    users = iam_backends[signer.account][signer.partition].users.values()
    return next((user.id for user in users if user.arn == signer.arn), signer.account)


def _principal_tags(asked: Asked) -> Mapping[str, str]:
    own = MAPPED["iam"].tags(asked.signer.principal) if asked.signer.entity else {}
    session = asked.signer.session
    return {**(own or {}), **(session.tags if session else {})}


def _of_organization(account: str, partition: str, whose: str) -> dict[str, Value]:
    organization = organization_of(account, partition)
    if organization is None or organization.org is None:
        return {}
    path = "/".join((organization.org.id, *units_above(account, organization)))
    return {f"aws:{whose}OrgID": organization.org.id, f"aws:{whose}OrgPaths": (f"{path}/",)}


def _of_resource(asked: Asked, need: Need) -> dict[str, Value]:
    parts = need.resource.split(":")
    account = parts[4] if len(parts) > 5 and parts[4].isdigit() else asked.account
    keys: dict[str, Value] = {"aws:ResourceAccount": account}
    keys |= _of_organization(account, asked.partition, "Resource")
    tags = tags_of(need) or {}
    keys |= {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    prefix = need.action.partition(":")[0]
    return keys | {f"{prefix}:ResourceTag/{key}": value for key, value in tags.items()}


def tags_of(need: Need) -> Mapping[str, str] | None:
    """Return the tags of a resource; None where they can't be told."""
    parts = need.resource.split(":")
    if len(parts) < 6:
        return {}
    mapped = MAPPED.get(parts[2])
    return mapped.tags(need.resource) if mapped else None


def lacking(need: Need, asked_for: Iterable[str], known: Iterable[str]) -> dict[str, Value]:
    """Return the keys that policies ask for and that a request surely lacks."""
    have = {key.lower() for key in known}
    return {key: () for key in asked_for if key.lower() not in have and _lacks(need, key.lower())}


def _lacks(need: Need, key: str) -> bool:
    owner, prefix = key.partition(":")[0], need.action.partition(":")[0]
    if owner == "aws":
        if key.startswith("aws:resourcetag/"):
            return tags_of(need) is not None
        return key in _ABSENT or key.startswith(("aws:requesttag/", "aws:principaltag/"))
    if owner != prefix:
        return owner in prefixes() or owner == "saml" or "." in owner
    if key.startswith(f"{prefix}:resourcetag/"):
        return tags_of(need) is not None
    return key in COMPUTED.get(prefix, ()) or (prefix in MAPPED and not _has(need, key))


def _has(need: Need, key: str) -> bool:
    """Whether an action of a listed service can have a condition key."""
    prefix, name = need.action.split(":", 1)
    known = service(prefix) if prefix in SERVICES else None
    action = known.actions.get(name.lower()) if known else None
    if action is None:
        return True
    listed = {*action.keys, *(each for type_ in action.resources for each in type_.keys)}
    return key in {each.lower() for each in listed}
