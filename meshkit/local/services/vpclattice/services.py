"""Services."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.iam import ensure_service_linked_role
from meshkit.local.services.vpclattice.access import own, usable, visible
from meshkit.local.services.vpclattice.backend import everywhere, home
from meshkit.local.services.vpclattice.kinds import SERVICE, SERVICE_ASSOCIATION
from meshkit.local.services.vpclattice.pages import page
from meshkit.local.services.vpclattice.quotas import SERVICES, require_room
from meshkit.local.services.vpclattice.refusals import conflict, invalid

IDLE_TIMEOUT_SECONDS = 60


def create(call: Call) -> dict[str, Any]:
    """Create a service; it is active at once."""
    here, params = home(call), call.params
    here.require_free_name(SERVICE, params["name"])
    require_room(here.quotas, SERVICES, len(here.of(SERVICE)) + 1)
    if params.get("certificateArn") and not params.get("customDomainName"):
        # VPC Lattice user guide, "Bring your own certificate": it is for a custom domain name.
        raise invalid("A certificate needs a custom domain name")
    values = {
        "name": params["name"],
        "authType": params.get("authType", "NONE"),
        "customDomainName": params.get("customDomainName"),
        "certificateArn": params.get("certificateArn") or None,
        "idleTimeoutSeconds": params.get("idleTimeoutSeconds", IDLE_TIMEOUT_SECONDS),
        "status": "ACTIVE",
    }
    made = here.add(SERVICE, call, values)
    made.values["dnsEntry"] = dns_entry(params["name"], made.id, call.region)
    ensure_service_linked_role(call.account, call.partition, "vpc-lattice.amazonaws.com")
    return made.shown()


def get(call: Call) -> dict[str, Any]:
    """Return a service, also one that is shared with the caller."""
    return usable(call, SERVICE).shown()


def list_all(call: Call) -> dict[str, Any]:
    """List the caller's own services and those that RAM shares with it."""
    shown = [each.shown() for each in visible(call, SERVICE)]
    return page(call, shown, lambda each: str(each["id"]))


def update(call: Call) -> dict[str, Any]:
    """Change auth type, certificate or idle timeout."""
    service = own(call, SERVICE)
    changed = ("authType", "certificateArn", "idleTimeoutSeconds")
    service.update(**{name: call.params.get(name) for name in changed})
    if service.values.get("certificateArn") == "":  # which takes the certificate away
        del service.values["certificateArn"]
    return service.shown()


def delete(call: Call) -> dict[str, Any]:
    """Delete a service that is in no network, with its listeners, rules and log subscriptions."""
    service = own(call, SERVICE)
    associations = everywhere(SERVICE_ASSOCIATION, call.region)
    if any(each.values["serviceId"] == service.id for each in associations):
        message = f"Service {service.id} has service network(s) associated"
        raise conflict(SERVICE, service.id, message)
    home(call).remove(service)
    return {**service.shown(), "status": "DELETE_IN_PROGRESS"}


OPERATIONS: dict[str, Handler] = {
    "CreateService": create,
    "GetService": get,
    "ListServices": list_all,
    "UpdateService": update,
    "DeleteService": delete,
}


def dns_entry(name: str, service_id: str, region: str) -> dict[str, str]:
    """Return the DNS name that AWS gives a service, and its hosted zone.

    The form is that of the user guide; the part and the zone that a region has are made up here.
    """
    unique = sha256(region.encode()).hexdigest()
    id_ = service_id.removeprefix(f"{SERVICE.prefix}-")
    return {
        "domainName": f"{name}-{id_}.{unique[:7]}.vpc-lattice-svcs.{region}.on.aws",
        "hostedZoneId": f"Z{unique[7:27].upper()}",
    }
