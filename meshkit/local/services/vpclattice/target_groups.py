"""Target groups.

Source: API reference, TargetGroupConfig and HealthCheckConfig, where nothing else is said.
"""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.iam import ensure_service_linked_role
from meshkit.local.services.vpclattice.access import own
from meshkit.local.services.vpclattice.actions import services_of
from meshkit.local.services.vpclattice.backend import home
from meshkit.local.services.vpclattice.kinds import SERVICE, TARGET_GROUP
from meshkit.local.services.vpclattice.pages import page
from meshkit.local.services.vpclattice.quotas import TARGET_GROUPS, require_room
from meshkit.local.services.vpclattice.refusals import conflict, invalid
from meshkit.local.services.vpclattice.resource import Resource
from meshkit.topology.lattice.model import SINGLE

Config = dict[str, Any]

_PORTS = {"HTTP": 80, "HTTPS": 443}
_HEALTH_CHECK = {
    "enabled": True,
    "protocol": "HTTP",
    "protocolVersion": "HTTP1",
    "path": "/",
    "healthCheckIntervalSeconds": 30,
    "healthCheckTimeoutSeconds": 5,
    "healthyThresholdCount": 5,
    "unhealthyThresholdCount": 2,
    "matcher": {"httpCode": "200"},
}
_RANGES = {
    "healthCheckIntervalSeconds": (5, 300),
    "healthCheckTimeoutSeconds": (1, 120),
    "healthyThresholdCount": (2, 10),
    "unhealthyThresholdCount": (2, 10),
}


def create(call: Call) -> dict[str, Any]:
    """Create a target group; it is active at once."""
    here, params = home(call), call.params
    here.require_free_name(TARGET_GROUP, params["name"])
    require_room(here.quotas, TARGET_GROUPS, len(here.of(TARGET_GROUP)) + 1)
    config = _config(params["type"], params.get("config") or {})
    values = {
        "name": params["name"],
        "type": params["type"],
        "config": config or None,
        "status": "ACTIVE",
    }
    made = here.add(TARGET_GROUP, call, values)
    ensure_service_linked_role(call.account, call.partition, "vpc-lattice.amazonaws.com")
    return made.shown()


def get(call: Call) -> dict[str, Any]:
    """Return a target group."""
    return _shown(call, own(call, TARGET_GROUP))


def list_all(call: Call) -> dict[str, Any]:
    """List target groups, of one VPC or of one type where the request says so."""
    wanted = {
        "vpcIdentifier": call.params.get("vpcIdentifier"),
        "type": call.params.get("targetGroupType"),
    }
    shown = (_shown(call, group) for group in home(call).of(TARGET_GROUP))
    flat = ({**each.get("config", {}), **each} for each in shown)
    chosen = [
        each
        for each in flat
        if all(value in (None, each.get(name)) for name, value in wanted.items())
    ]
    return page(call, chosen, lambda each: str(each["id"]))


def update(call: Call) -> dict[str, Any]:
    """Change the health check."""
    group = own(call, TARGET_GROUP)
    config = group.values.get("config", {})
    if group.values["type"] in SINGLE:
        raise invalid(f"A target group of type {group.values['type']} has no health check")
    check = _health_check(call.params["healthCheck"])
    group.update(config={**config, "healthCheck": check})
    return group.shown()


def delete(call: Call) -> dict[str, Any]:
    """Delete a target group that no rule forwards to and that has no targets.

    That targets stand in the way is inferred: terraform-provider-aws issue 41601 has it of those
    that still drain.
    """
    group = own(call, TARGET_GROUP)
    if users := services_of(home(call), group.id):
        message = f"TargetGroup {group.id} is in use by service(s) {', '.join(users)}"
        raise conflict(TARGET_GROUP, group.id, message)
    if home(call).targets.get(group.id):
        raise conflict(TARGET_GROUP, group.id, f"TargetGroup {group.id} has registered targets")
    home(call).remove(group)
    home(call).targets.pop(group.id, None)
    return {**group.shown(), "status": "DELETE_IN_PROGRESS"}


OPERATIONS: dict[str, Handler] = {
    "CreateTargetGroup": create,
    "GetTargetGroup": get,
    "ListTargetGroups": list_all,
    "UpdateTargetGroup": update,
    "DeleteTargetGroup": delete,
}


def _shown(call: Call, group: Resource) -> dict[str, Any]:
    here = home(call)
    users = [here.resources[SERVICE][id_].arn for id_ in services_of(here, group.id)]
    return {**group.shown(), "serviceArns": users}


def _config(type_: str, given: Config) -> Config:
    """Return the configuration with its defaults."""
    _check_members(type_, given)
    if type_ == "LAMBDA":
        return {"lambdaEventStructureVersion": "V1", **given}
    for name in ("protocol", "vpcIdentifier"):
        if not given.get(name):  # inferred: the model has no required member here
            raise invalid(f"A target group of type {type_} needs config.{name}")
    protocol = given["protocol"]
    if protocol not in _PORTS and "port" not in given:
        raise invalid(f"A target group of protocol {protocol} needs config.port")
    config = {"port": _PORTS.get(protocol), **given}
    if protocol != "TCP":
        config.setdefault("protocolVersion", "HTTP1")
    if type_ == "IP":
        config.setdefault("ipAddressType", "IPV4")
    # Off for TCP (user guide, "Health checks for VPC Lattice target groups").
    if type_ != "ALB" and (protocol != "TCP" or "healthCheck" in given):
        config["healthCheck"] = _health_check(given.get("healthCheck") or {})
    return config


def _check_members(type_: str, given: Config) -> None:
    foreign = {
        "LAMBDA": set(given) - {"lambdaEventStructureVersion"},
        "IP": {"lambdaEventStructureVersion"} & set(given),
        "INSTANCE": {"lambdaEventStructureVersion", "ipAddressType"} & set(given),
        "ALB": {"lambdaEventStructureVersion", "ipAddressType", "healthCheck"} & set(given),
    }[type_]
    if foreign:
        names = ", ".join(sorted(foreign))
        raise invalid(f"A target group of type {type_} does not support config.{names}")


def _health_check(given: Config) -> Config:
    """Return a health check with its defaults; a number of 0 asks for the default."""
    check = {**_HEALTH_CHECK, **{name: value for name, value in given.items() if value}}
    check["enabled"] = given.get("enabled", True)
    for name, (low, high) in _RANGES.items():
        if not low <= int(str(check[name])) <= high:
            raise invalid(f"healthCheck.{name} must be between {low} and {high}")
    return check
