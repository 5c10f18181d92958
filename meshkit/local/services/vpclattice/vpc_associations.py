"""Associations of VPCs with service networks.

Sources: API reference, CreateServiceNetworkVpcAssociation; VPC Lattice user guide, "Service
networks in VPC Lattice": a VPC has one association at most.
"""

from __future__ import annotations

import sys
from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.access import joined, usable
from meshkit.local.services.vpclattice.associations import (
    filtered,
    network_values,
    of_network,
    require_network_room,
)
from meshkit.local.services.vpclattice.backend import backend, everywhere, home
from meshkit.local.services.vpclattice.kinds import SERVICE_NETWORK, VPC_ASSOCIATION
from meshkit.local.services.vpclattice.pages import listing
from meshkit.local.services.vpclattice.quotas import VPC_ASSOCIATIONS
from meshkit.local.services.vpclattice.refusals import conflict, denied
from meshkit.local.services.vpclattice.resource import Resource

_OPTIONAL = ("securityGroupIds", "privateDnsEnabled", "dnsOptions")


def create(call: Call) -> dict[str, Any]:
    """Associate a VPC of the caller with a service network."""
    network, vpc = usable(call, SERVICE_NETWORK), call.params["vpcIdentifier"]
    _require_own_vpc(call, vpc)
    for each in everywhere(VPC_ASSOCIATION, call.region):
        if each.values["vpcId"] == vpc:
            message = f"VPC {vpc} is already associated with {each.values['serviceNetworkId']}"
            raise conflict(VPC_ASSOCIATION, each.id, message)
    present = of_network(call, VPC_ASSOCIATION, network.id)
    require_network_room(call, network, VPC_ASSOCIATIONS, len(present) + 1)
    values = {
        **network_values(network),
        "vpcId": vpc,
        "createdBy": call.account,
        "status": "ACTIVE",
        **{name: call.params.get(name) for name in _OPTIONAL},
    }
    made = home(call).add(VPC_ASSOCIATION, call, values)
    made.accounts |= {network.owner}
    return made.shown()


def get(call: Call) -> dict[str, Any]:
    """Return an association."""
    return joined(call, VPC_ASSOCIATION).shown(call.account)


def list_all(call: Call) -> dict[str, Any]:
    """List the associations of a VPC or of a service network that the caller has."""
    wanted = {
        "serviceNetworkId": call.params.get(SERVICE_NETWORK.identifier),
        "vpcId": call.params.get("vpcIdentifier"),
    }
    return listing(call, filtered(call, VPC_ASSOCIATION, wanted))


def update(call: Call) -> dict[str, Any]:
    """Change security groups and DNS; only who created the association may.

    One security group at least stays, which the request's shape sees to.
    """
    association = _created_by_caller(call)
    association.update(**{name: call.params.get(name) for name in _OPTIONAL})
    return association.shown()


def delete(call: Call) -> dict[str, Any]:
    """Delete an association: who created it, or the network's owner."""
    association = joined(call, VPC_ASSOCIATION)
    backend(association.owner, call.region).remove(association)
    return {**association.shown(call.account), "status": "DELETE_IN_PROGRESS"}


OPERATIONS: dict[str, Handler] = {
    "CreateServiceNetworkVpcAssociation": create,
    "GetServiceNetworkVpcAssociation": get,
    "ListServiceNetworkVpcAssociations": list_all,
    "UpdateServiceNetworkVpcAssociation": update,
    "DeleteServiceNetworkVpcAssociation": delete,
}


def _created_by_caller(call: Call) -> Resource:
    association = joined(call, VPC_ASSOCIATION)
    if association.owner != call.account:
        raise denied(call, association.shown(call.account)["arn"])
    return association


def _require_own_vpc(call: Call, vpc: str) -> None:
    """Raise `AccessDeniedException` (inferred) for a VPC that is another account's.

    A VPC that nobody made here is believed: it was there before.
    """
    ec2 = sys.modules.get("moto.ec2.models")
    if ec2 is None:  # so there is no VPC; loading it takes a second
        return
    owners = {
        account
        for account, regions in list(ec2.ec2_backends.items())
        if call.region in list(regions) and vpc in regions[call.region].vpcs
    }
    if owners and call.account not in owners:
        raise denied(call, f"arn:{call.partition}:ec2:{call.region}:{min(owners)}:vpc/{vpc}")
