"""The resources of requests to Organizations.

Source: Service Authorization Reference, AWS Organizations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from meshkit.local.enforcement.need import Asked, Finder
from meshkit.local.services.organization import organization_of
from meshkit.policy.evaluation.request import Value

_MEMBERS: Final = (
    *("AccountId", "ChildId", "DestinationParentId", "HandshakeId", "Id", "OrganizationalUnitId"),
    *("ParentId", "PolicyId", "ResourceId", "RootId", "SourceParentId", "TargetId"),
)
_ELSEWHERE: Final = "o-none"
"""The organization in an ARN, for a caller whose account is in none."""


def _is_account(id_: str) -> bool:
    return len(id_) == 12 and id_.isdigit()


_TYPES: Mapping[str, Callable[[str], bool]] = {
    "account": _is_account,
    "handshake": lambda id_: id_.startswith("h-"),
    "organizationalunit": lambda id_: id_.startswith("ou-"),
    "policy": lambda id_: id_.startswith("p-"),
    "resourcepolicy": lambda id_: id_.startswith("rp-"),
    "responsibilitytransfer": lambda id_: id_.startswith("rt-"),
    "root": lambda id_: id_.startswith("r-"),
}
_TAILS: Mapping[str, str] = {
    "account": "account/{organization}/{id}",
    "handshake": "handshake/{organization}/*/{id}",
    "organizationalunit": "ou/{organization}/{id}",
    "policy": "policy/{organization}/{kind}/{id}",
    "resourcepolicy": "resourcepolicy/{organization}/{id}",
    "responsibilitytransfer": "transfer/{organization}/*/*/{id}",
    "root": "root/{organization}/{id}",
}


def _find(type_: str, asked: Asked) -> Iterator[str]:
    ids = list(filter(_TYPES[type_], asked.given(*_MEMBERS)))
    if type_ == "account":
        target = asked.params.get("Target")
        ids += [str(target["Id"])] if isinstance(target, Mapping) and "Id" in target else []
        if asked.name == "DescribeEffectivePolicy" and not ids:
            ids = [asked.account]
    if type_ == "resourcepolicy" and asked.name == "PutResourcePolicy":
        ids = ["*"]
    yield from (arn_of(asked, type_, id_) for id_ in ids)


def arn_of(asked: Asked, type_: str, id_: str) -> str:
    """Return the ARN of something in the organization of the caller."""
    organization = organization_of(asked.account, asked.partition)
    known = organization.org if organization else None
    manager = known.master_account_id if known else asked.account
    policies = organization.policies if organization else ()
    policy = next((each for each in policies if each.id == id_), None)
    if policy is not None and policy.aws_managed:
        kind = policy.type.lower()
        return f"arn:{asked.partition}:organizations::aws:policy/{kind}/{id_}"
    kind = policy.type.lower() if policy else "*"
    tail = _TAILS[type_].format(organization=known.id if known else _ELSEWHERE, id=id_, kind=kind)
    return f"arn:{asked.partition}:organizations::{manager}:{tail}"


RESOURCES: Mapping[str, Finder] = {type_: partial(_find, type_) for type_ in _TYPES}

COMPUTED: Final = frozenset({"organizations:policytype", "organizations:serviceprincipal"})


def keys(asked: Asked, _: str) -> Mapping[str, Value]:
    """Return the condition keys of Organizations that a request has."""
    found: dict[str, Value] = {}
    kind = asked.params.get("PolicyType") or asked.params.get("Type") or asked.params.get("Filter")
    policy = asked.params.get("PolicyId")
    if policy is not None:
        organization = organization_of(asked.account, asked.partition)
        held = (each for each in (organization.policies if organization else ()))
        kind = next((each.type for each in held if each.id == policy), kind)
    if isinstance(kind, str):
        found["organizations:PolicyType"] = kind
    if "ServicePrincipal" in asked.params:
        found["organizations:ServicePrincipal"] = str(asked.params["ServicePrincipal"])
    return found
