"""Targets of target groups."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.access import own
from meshkit.local.services.vpclattice.actions import services_of
from meshkit.local.services.vpclattice.backend import home
from meshkit.local.services.vpclattice.kinds import TARGET_GROUP
from meshkit.local.services.vpclattice.pages import page
from meshkit.local.services.vpclattice.quotas import TARGETS, require_room
from meshkit.local.services.vpclattice.refusals import invalid
from meshkit.local.services.vpclattice.resource import Resource
from meshkit.local.services.vpclattice.single_targets import check_single
from meshkit.topology.lattice.model import SINGLE

Key = tuple[str, int | None]

_FORMS = {
    "INSTANCE": re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})"),
    "LAMBDA": re.compile(r"arn:[^:]+:lambda:[^:]+:\d{12}:function:.+"),
    "ALB": re.compile(r"arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:loadbalancer/app/.+"),
}


def register(call: Call) -> dict[str, Any]:
    """Register targets. That a target is there twice is no error.

    Nobody asks whether addresses and instances exist. Inferred: an id of the wrong form is refused
    for the whole request.
    """
    group = own(call, TARGET_GROUP)
    here = home(call)
    keys = [_key(group, target) for target in call.params["targets"]]
    type_ = group.values["type"]
    for id_, _ in keys:
        _check_form(group, id_)
        if type_ in SINGLE:
            check_single(call, group, id_)
    registered = here.targets[group.id]
    count = len({*registered, *keys})
    if type_ in SINGLE and count > 1:
        raise invalid(f"A target group of type {type_} has one target")
    require_room(here.quotas, TARGETS, count)
    registered.update(dict.fromkeys(keys, ""))
    return {"successful": [_shown_key(key) for key in keys], "unsuccessful": []}


def deregister(call: Call) -> dict[str, Any]:
    """Take targets out at once: there is no traffic to drain."""
    group = own(call, TARGET_GROUP)
    registered = home(call).targets[group.id]
    gone, unknown = [], []
    for key in (_key(group, target) for target in call.params["targets"]):
        if key in registered:
            del registered[key]
            gone.append(_shown_key(key))
        else:
            # Inferred: code and wording.
            why = {"failureCode": "TargetNotFound", "failureMessage": "Target is not registered"}
            unknown.append({**_shown_key(key), **why})
    return {"successful": gone, "unsuccessful": unknown}


def list_all(call: Call) -> dict[str, Any]:
    """List the targets of a group, or those of them that the request names."""
    group = own(call, TARGET_GROUP)
    wanted = call.params.get("targets") or ()
    status = _status(call, group)
    shown = [
        {**_shown_key(key), "status": status}
        for key in home(call).targets[group.id]
        if not wanted or any(_names(target, key) for target in wanted)
    ]
    return page(call, shown, lambda each: f"{each['id']} {each.get('port', '')}")


OPERATIONS: dict[str, Handler] = {
    "RegisterTargets": register,
    "DeregisterTargets": deregister,
    "ListTargets": list_all,
}


def _key(group: Resource, target: dict[str, Any]) -> Key:
    if group.values["type"] == "LAMBDA":
        return target["id"], None
    return target["id"], target.get("port", group.values["config"]["port"])


def _shown_key(key: Key) -> dict[str, Any]:
    id_, port = key
    return {"id": id_} if port is None else {"id": id_, "port": port}


def _names(target: dict[str, Any], key: Key) -> bool:
    return target["id"] == key[0] and target.get("port", key[1]) == key[1]


def _status(call: Call, group: Resource) -> str:
    """Return how a target is: where it is checked, the local cloud takes it for healthy."""
    if not services_of(home(call), group.id):
        return "UNUSED"
    checked = group.values.get("config", {}).get("healthCheck", {}).get("enabled")
    return "HEALTHY" if checked else "UNAVAILABLE"


def _check_form(group: Resource, id_: str) -> None:
    type_ = group.values["type"]
    if type_ != "IP":
        valid = bool(_FORMS[type_].fullmatch(id_))
    else:
        version = 6 if group.values["config"]["ipAddressType"] == "IPV6" else 4
        valid = _is_address(id_, version)
    if not valid:
        raise invalid(f"{id_} is no target for a target group of type {type_}")


def _is_address(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version
    except ValueError:
        return False
