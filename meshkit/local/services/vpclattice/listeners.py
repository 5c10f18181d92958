"""Listeners of services. The default action of one is its default rule, which comes last."""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.access import own
from meshkit.local.services.vpclattice.actions import Action, check_action
from meshkit.local.services.vpclattice.backend import home
from meshkit.local.services.vpclattice.kinds import LISTENER, RULE, SERVICE
from meshkit.local.services.vpclattice.pages import listing
from meshkit.local.services.vpclattice.quotas import LISTENERS, require_room
from meshkit.local.services.vpclattice.refusals import conflict, invalid
from meshkit.local.services.vpclattice.resource import Resource

_PORTS = {"HTTP": 80, "HTTPS": 443, "TLS_PASSTHROUGH": 443}
"""API reference, CreateListener; that of TLS_PASSTHROUGH is inferred."""
DEFAULT_RULE = "default"
"""The name of a listener's default rule (inferred)."""


def create(call: Call) -> dict[str, Any]:
    """Create a listener."""
    here, service, params = home(call), own(call, SERVICE), call.params
    protocol = params["protocol"]
    port = params.get("port", _PORTS[protocol])
    here.require_free_name(LISTENER, params["name"], service.id)
    others = here.of(LISTENER, service.id)
    if any(each.values["port"] == port for each in others):
        raise conflict(LISTENER, str(port), f"Port {port} is in use by another listener")
    if protocol == "TLS_PASSTHROUGH" and "customDomainName" not in service.values:
        # VPC Lattice user guide, "TLS listeners".
        raise invalid("A TLS_PASSTHROUGH listener needs a service with a custom domain name")
    require_room(here.quotas, LISTENERS, len(others) + 1)
    check_action(call, service, protocol, params["defaultAction"])
    values = {
        "name": params["name"],
        "protocol": protocol,
        "port": port,
        "serviceArn": service.arn,
        "serviceId": service.id,
        "defaultAction": params["defaultAction"],
    }
    made = here.add(LISTENER, call, values, service)
    _add_default_rule(call, made, params["defaultAction"])
    return made.shown()


def get(call: Call) -> dict[str, Any]:
    """Return a listener."""
    return listener_of(call).shown()


def list_all(call: Call) -> dict[str, Any]:
    """List the listeners of a service."""
    return listing(call, home(call).of(LISTENER, own(call, SERVICE).id))


def update(call: Call) -> dict[str, Any]:
    """Change the default action, with it the default rule."""
    service, listener = own(call, SERVICE), listener_of(call)
    action = call.params["defaultAction"]
    check_action(call, service, listener.values["protocol"], action)
    listener.update(defaultAction=action)
    for rule in home(call).of(RULE, listener.id):
        if rule.values["isDefault"]:
            rule.update(action=action)
    return listener.shown()


def delete(call: Call) -> dict[str, Any]:
    """Delete a listener with its rules."""
    home(call).remove(listener_of(call))
    return {}


OPERATIONS: dict[str, Handler] = {
    "CreateListener": create,
    "GetListener": get,
    "ListListeners": list_all,
    "UpdateListener": update,
    "DeleteListener": delete,
}


def listener_of(call: Call) -> Resource:
    """Return the listener that the request names, of the service that it names."""
    return own(call, LISTENER, own(call, SERVICE))


def _add_default_rule(call: Call, listener: Resource, action: Action) -> None:
    values = {"name": DEFAULT_RULE, "isDefault": True, "action": action}
    home(call).add(RULE, call, values, listener, tags={})
