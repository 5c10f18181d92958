"""What a listener or a rule does with a request: forward it, or answer with a fixed code."""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call
from meshkit.local.services.vpclattice.access import own_named
from meshkit.local.services.vpclattice.backend import VpcLatticeBackend, home
from meshkit.local.services.vpclattice.kinds import LISTENER, RULE, TARGET_GROUP
from meshkit.local.services.vpclattice.quotas import GROUPS_OF_SERVICE, require_room
from meshkit.local.services.vpclattice.refusals import conflict, invalid
from meshkit.local.services.vpclattice.resource import Resource, identified

Action = dict[str, Any]

FIXED_CODES = (404, 500)
"""API reference, FixedResponseAction: "Only 404 and 500 status codes are supported"."""


def check_action(call: Call, service: Resource, protocol: str, action: Action) -> None:
    """Raise where a listener of this protocol can't do this.

    Its target groups must exist, be the caller's, and be in no other service.
    """
    fixed = action.get("fixedResponse")
    if not fixed and not action.get("forward"):
        raise invalid("An action needs forward or fixedResponse")
    if fixed and fixed["statusCode"] not in FIXED_CODES:
        raise invalid("The status code of a fixed response must be 404 or 500")
    passthrough = protocol == "TLS_PASSTHROUGH"
    if passthrough and fixed:
        raise invalid("A TLS_PASSTHROUGH listener must forward to a TCP target group")
    for group in _groups(call, action):
        if passthrough != (group.values.get("config", {}).get("protocol") == "TCP"):
            raise invalid(f"{protocol} listeners can't forward to target group {group.id}")
        if set(services_of(home(call), group.id)) - {service.id}:
            # AWS's words, seen in aws-application-networking-k8s issue 77.
            message = f"TargetGroup {group.id} has been associated with other services"
            raise conflict(TARGET_GROUP, group.id, message)
    used = _used_by(home(call), service) | group_ids(action)
    require_room(home(call).quotas, GROUPS_OF_SERVICE, len(used))


def group_ids(action: Action) -> set[str]:
    """Return the ids of the target groups that an action forwards to."""
    groups = (action.get("forward") or {}).get("targetGroups", ())
    return {identified(each["targetGroupIdentifier"]).id for each in groups}


def services_of(here: VpcLatticeBackend, group_id: str) -> list[str]:
    """Return the ids of the services with a rule that forwards to a target group."""
    rules = (each for each in here.of(RULE) if group_id in group_ids(each.values["action"]))
    listeners = (here.resources[LISTENER][each.parent] for each in rules)
    return sorted({each.parent for each in listeners})


def _groups(call: Call, action: Action) -> list[Resource]:
    groups = (action.get("forward") or {}).get("targetGroups", ())
    return [own_named(call, TARGET_GROUP, each["targetGroupIdentifier"]) for each in groups]


def _used_by(here: VpcLatticeBackend, service: Resource) -> set[str]:
    listeners = here.of(LISTENER, service.id)
    rules = [rule for listener in listeners for rule in here.of(RULE, listener.id)]
    return {id_ for rule in rules for id_ in group_ids(rule.values["action"])}
