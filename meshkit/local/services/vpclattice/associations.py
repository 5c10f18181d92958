"""Associations of services with service networks.

Sources: API reference, CreateServiceNetworkServiceAssociation; VPC Lattice user guide, "Share your
VPC Lattice entities": both the owner of what is shared and who created the association have it,
and either can delete it.
"""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.access import joined, usable
from meshkit.local.services.vpclattice.backend import backend, everywhere, home
from meshkit.local.services.vpclattice.kinds import (
    SERVICE,
    SERVICE_ASSOCIATION,
    SERVICE_NETWORK,
    Kind,
)
from meshkit.local.services.vpclattice.pages import listing
from meshkit.local.services.vpclattice.quotas import SERVICE_ASSOCIATIONS, Quota, require_room
from meshkit.local.services.vpclattice.refusals import conflict, denied, invalid
from meshkit.local.services.vpclattice.resource import Resource, identified


def create(call: Call) -> dict[str, Any]:
    """Associate a service with a service network; the caller must own one of them."""
    network, service = usable(call, SERVICE_NETWORK), usable(call, SERVICE)
    if call.account not in (network.owner, service.owner):
        raise denied(call, network.arn)
    present = of_network(call, SERVICE_ASSOCIATION, network.id)
    if any(each.values["serviceId"] == service.id for each in present):
        message = f"Service {service.id} is already associated with {network.id}"
        raise conflict(SERVICE_ASSOCIATION, service.id, message)
    _require_free_domain(service, present)
    require_network_room(call, network, SERVICE_ASSOCIATIONS, len(present) + 1)
    values = {
        **network_values(network),
        "serviceId": service.id,
        "serviceName": service.values["name"],
        "serviceArn": service.arn,
        "createdBy": call.account,
        "status": "ACTIVE",
        "dnsEntry": service.values["dnsEntry"],
        "customDomainName": service.values.get("customDomainName"),
    }
    made = home(call).add(SERVICE_ASSOCIATION, call, values)
    made.accounts |= {network.owner, service.owner}
    return made.shown()


def get(call: Call) -> dict[str, Any]:
    """Return an association."""
    return joined(call, SERVICE_ASSOCIATION).shown(call.account)


def list_all(call: Call) -> dict[str, Any]:
    """List the associations of a service or of a service network that the caller has."""
    wanted = {
        "serviceNetworkId": call.params.get(SERVICE_NETWORK.identifier),
        "serviceId": call.params.get(SERVICE.identifier),
    }
    return listing(call, filtered(call, SERVICE_ASSOCIATION, wanted))


def delete(call: Call) -> dict[str, Any]:
    """Delete an association."""
    association = joined(call, SERVICE_ASSOCIATION)
    backend(association.owner, call.region).remove(association)
    return {**association.shown(call.account), "status": "DELETE_IN_PROGRESS"}


OPERATIONS: dict[str, Handler] = {
    "CreateServiceNetworkServiceAssociation": create,
    "GetServiceNetworkServiceAssociation": get,
    "ListServiceNetworkServiceAssociations": list_all,
    "DeleteServiceNetworkServiceAssociation": delete,
}


def _require_free_domain(service: Resource, present: list[Resource]) -> None:
    """Raise `ConflictException` (inferred) for a domain that another service of the network has.

    VPC Lattice user guide, "Configure a custom domain name".
    """
    domain = service.values.get("customDomainName")
    if domain and any(each.values.get("customDomainName") == domain for each in present):
        message = f"The domain {domain} is that of another service in the network"
        raise conflict(SERVICE_ASSOCIATION, service.id, message)


def of_network(call: Call, kind: Kind, network_id: str) -> list[Resource]:
    """Return the associations of a kind with a service network, whoever created them."""
    found = everywhere(kind, call.region)
    return [each for each in found if each.values["serviceNetworkId"] == network_id]


def network_values(network: Resource) -> dict[str, Any]:
    """Return what an association shows of its service network."""
    return {
        "serviceNetworkId": network.id,
        "serviceNetworkName": network.values["name"],
        "serviceNetworkArn": network.arn,
    }


def require_network_room(call: Call, network: Resource, quota: Quota, wanted: int) -> None:
    """Raise where the network's owner may not have so many associations with it."""
    require_room(backend(network.owner, call.region).quotas, quota, wanted)


def filtered(call: Call, kind: Kind, wanted: dict[str, str | None]) -> list[Resource]:
    """Return the caller's associations whose values are those wanted; one must be given.

    Inferred: a consumer of a network sees the associations that it takes part in.
    """
    given = {name: identified(text).id for name, text in wanted.items() if text}
    if not given:
        raise invalid(f"Give one of: {', '.join(name[:-2] for name in wanted)}")
    return [
        each
        for each in everywhere(kind, call.region)
        if call.account in each.accounts
        and all(each.values[name] == id_ for name, id_ in given.items())
    ]
