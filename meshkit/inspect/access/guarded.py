"""The networks and services of VPC Lattice in a program, with what guards each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from meshkit.inspect.access.documents import inline
from meshkit.inspect.access.model import Guarded
from meshkit.inspect.access.references import own_arn, physical_name, text
from meshkit.inspect.violation import Unknown
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Resource
    from meshkit.inspect.access.model import PolicySource
    from meshkit.inspect.access.references import References

NETWORK = "aws:vpclattice/serviceNetwork:ServiceNetwork"
SERVICE = "aws:vpclattice/service:Service"
AUTH_POLICY = "aws:vpclattice/authPolicy:AuthPolicy"
ASSOCIATION = "aws:vpclattice/serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation"
KINDS: dict[str, Literal["network", "service"]] = {NETWORK: "network", SERVICE: "service"}
_TAILS = {NETWORK: "servicenetwork", SERVICE: "service"}


def behind(references: References, resource: Resource, key: str, type_: str) -> Resource | None:
    """The network or service that an input names or is made from, if the program makes it."""
    named = text(resource, key)
    if named is None:
        return references.dependency(resource, key, type_)
    found = references.by_arn(named) or references.by_id(named)
    return found if found is not None and found.type == type_ else None


def guarded_arn(resource: Resource) -> str | None:
    """The ARN of a network or service.

    Before AWS has made up its id, one that no policy can name stands in, with the name in the
    place of the id. ``None`` where account or region is not known.
    """
    known = own_arn(resource)
    if known is not None or resource.account is None or resource.region is None:
        return known
    region, account = resource.region, resource.account
    tail = f"{_TAILS[resource.type]}/{physical_name(resource)}"
    return f"arn:{partition_of(region).name}:vpc-lattice:{region}:{account}:{tail}"


def guarded(references: References, unknowns: list[Unknown]) -> Iterator[Guarded]:
    """Every network and service; one whose account or region is not known is left open."""
    policies = _policies(references, unknowns)
    networks = _networks(references, unknowns)
    for type_, kind in KINDS.items():
        for resource in references.graph.of_type(type_):
            arn = guarded_arn(resource)
            if arn is None or resource.account is None or resource.region is None:
                message = "its ARN: its account or its region is not known"
                unknowns.append(Unknown(resource.name, message, resource.urn))
                continue
            yield Guarded(
                kind=kind,
                arn=arn,
                name=physical_name(resource),
                account=resource.account,
                region=resource.region,
                auth_type=_auth_type(resource),
                policy=policies.get(resource.urn),
                networks=tuple(networks.get(resource.urn, ())),
                resource=resource,
            )


def _auth_type(resource: Resource) -> str | None:
    """The auth type, which is NONE where nothing is said; ``None`` where it can't be told."""
    known = text(resource, "authType")
    if known is None and resource.inputs.get("authType") is None:
        return "NONE"
    return known


def _policies(references: References, unknowns: list[Unknown]) -> dict[str, PolicySource]:
    """The auth policies by the URN of what they guard."""
    found: dict[str, PolicySource] = {}
    for policy in references.graph.of_type(AUTH_POLICY):
        key = "resourceIdentifier"
        made = behind(references, policy, key, NETWORK) or behind(references, policy, key, SERVICE)
        if made is None:
            if text(policy, key) is None:
                message = "which network or service it guards"
                unknowns.append(Unknown(policy.name, message, policy.urn))
            continue
        if made.urn in found:
            message = "which of several auth policies guards it: one replaces the other"
            unknowns.append(Unknown(made.name, message, policy.urn))
        found[made.urn] = inline(policy, "policy", policy.name)
    return found


def _networks(references: References, unknowns: list[Unknown]) -> dict[str, list[str]]:
    """The ARNs of the networks that each service is in, by the service's URN."""
    found: dict[str, list[str]] = {}
    for association in references.graph.of_type(ASSOCIATION):
        service = behind(references, association, "serviceIdentifier", SERVICE)
        network = behind(references, association, "serviceNetworkIdentifier", NETWORK)
        named = text(association, "serviceNetworkIdentifier")
        arn = named if network is None else guarded_arn(network)
        if arn is None:
            message = "which service it puts into which network"
            unknowns.append(Unknown(association.name, message, association.urn))
        elif service is not None:
            found.setdefault(service.urn, []).append(arn)
    return found
