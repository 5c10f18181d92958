"""Service networks."""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.iam import ensure_service_linked_role
from meshkit.local.services.vpclattice.access import own, usable, visible
from meshkit.local.services.vpclattice.backend import everywhere, home
from meshkit.local.services.vpclattice.kinds import (
    SERVICE_ASSOCIATION,
    SERVICE_NETWORK,
    VPC_ASSOCIATION,
    Kind,
)
from meshkit.local.services.vpclattice.pages import page
from meshkit.local.services.vpclattice.quotas import SERVICE_NETWORKS, require_room
from meshkit.local.services.vpclattice.refusals import conflict
from meshkit.local.services.vpclattice.resource import Resource


def create(call: Call) -> dict[str, Any]:
    """Create a service network."""
    here, name = home(call), call.params["name"]
    here.require_free_name(SERVICE_NETWORK, name)
    require_room(here.quotas, SERVICE_NETWORKS, len(here.of(SERVICE_NETWORK)) + 1)
    values = {
        "name": name,
        "authType": call.params.get("authType", "NONE"),
        "sharingConfig": call.params.get("sharingConfig"),
    }
    made = here.add(SERVICE_NETWORK, call, values)
    # VPC Lattice user guide, "Using service-linked roles for Amazon VPC Lattice".
    ensure_service_linked_role(call.account, call.partition, "vpc-lattice.amazonaws.com")
    return made.shown()


def get(call: Call) -> dict[str, Any]:
    """Return a service network, also one that is shared with the caller."""
    return _shown(call, usable(call, SERVICE_NETWORK))


def list_all(call: Call) -> dict[str, Any]:
    """List the caller's own service networks and those that RAM shares with it."""
    shown = (_shown(call, each) for each in visible(call, SERVICE_NETWORK))
    return page(call, shown, lambda each: str(each["id"]))


def update(call: Call) -> dict[str, Any]:
    """Change the auth type."""
    network = own(call, SERVICE_NETWORK)
    network.update(authType=call.params["authType"])
    return network.shown()


def delete(call: Call) -> dict[str, Any]:
    """Delete a service network with which nothing is associated."""
    network = own(call, SERVICE_NETWORK)
    for kind, what in ((SERVICE_ASSOCIATION, "service(s)"), (VPC_ASSOCIATION, "VPC(s)")):
        if _count(call, network, kind):
            # AWS's answer, seen in gruntwork-io/cloud-nuke pull request 1158.
            message = f"ServiceNetwork {network.id} has {what} associated"
            raise conflict(SERVICE_NETWORK, network.id, message)
    home(call).remove(network)
    return {}


OPERATIONS: dict[str, Handler] = {
    "CreateServiceNetwork": create,
    "GetServiceNetwork": get,
    "ListServiceNetworks": list_all,
    "UpdateServiceNetwork": update,
    "DeleteServiceNetwork": delete,
}


def _shown(call: Call, network: Resource) -> dict[str, Any]:
    return {
        **network.shown(),
        "numberOfAssociatedVPCs": _count(call, network, VPC_ASSOCIATION),
        "numberOfAssociatedServices": _count(call, network, SERVICE_ASSOCIATION),
        "numberOfAssociatedResourceConfigurations": 0,
    }


def _count(call: Call, network: Resource, kind: Kind) -> int:
    associations = everywhere(kind, call.region)
    return sum(each.values["serviceNetworkId"] == network.id for each in associations)
