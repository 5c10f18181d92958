"""Rules of listeners. They are tried in the order of their priorities, lower first."""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.access import own, own_named
from meshkit.local.services.vpclattice.actions import check_action
from meshkit.local.services.vpclattice.backend import home
from meshkit.local.services.vpclattice.kinds import RULE, SERVICE
from meshkit.local.services.vpclattice.listeners import listener_of
from meshkit.local.services.vpclattice.pages import listing
from meshkit.local.services.vpclattice.quotas import RULES, require_room
from meshkit.local.services.vpclattice.refusals import conflict, invalid
from meshkit.local.services.vpclattice.resource import Resource

Match = dict[str, Any]


def create(call: Call) -> dict[str, Any]:
    """Create a rule."""
    here, listener, params = home(call), listener_of(call), call.params
    if listener.values["protocol"] == "TLS_PASSTHROUGH":
        raise invalid("A TLS_PASSTHROUGH listener has its default rule only")
    here.require_free_name(RULE, params["name"], listener.id)
    siblings = [each for each in here.of(RULE, listener.id) if not each.values["isDefault"]]
    _require_free_priority(siblings, {"": params["priority"]})
    require_room(here.quotas, RULES, len(siblings) + 1)
    _check_action(call, listener, params["action"])
    values = {
        "name": params["name"],
        "isDefault": False,
        "priority": params["priority"],
        "match": _checked(params["match"]),
        "action": params["action"],
    }
    return here.add(RULE, call, values, listener).shown()


def get(call: Call) -> dict[str, Any]:
    """Return a rule."""
    return own(call, RULE, listener_of(call)).shown()


def list_all(call: Call) -> dict[str, Any]:
    """List the rules of a listener, its default rule among them."""
    return listing(call, home(call).of(RULE, listener_of(call).id))


def update(call: Call) -> dict[str, Any]:
    """Change match, priority or action of a rule."""
    listener = listener_of(call)
    (rule,) = _update(call, listener, [call.params])
    return rule.shown()


def update_many(call: Call) -> dict[str, Any]:
    """Change several rules at once, so that they can swap their priorities.

    Inferred: all of them are changed or none.
    """
    changed = _update(call, listener_of(call), call.params["rules"])
    return {"successful": [rule.shown() for rule in changed], "unsuccessful": []}


def delete(call: Call) -> dict[str, Any]:
    """Delete a rule that is not the default rule."""
    rule = own(call, RULE, listener_of(call))
    _require_own(rule)
    home(call).remove(rule)
    return {}


OPERATIONS: dict[str, Handler] = {
    "CreateRule": create,
    "GetRule": get,
    "ListRules": list_all,
    "UpdateRule": update,
    "BatchUpdateRule": update_many,
    "DeleteRule": delete,
}


def _update(call: Call, listener: Resource, updates: list[dict[str, Any]]) -> list[Resource]:
    rules = [own_named(call, RULE, each["ruleIdentifier"], listener) for each in updates]
    pairs = list(zip(rules, updates, strict=True))
    for rule, change in pairs:
        _require_own(rule)
        if action := change.get("action"):
            _check_action(call, listener, action)
        if match := change.get("match"):
            _checked(match)
    priorities = {rule.id: each["priority"] for rule, each in pairs if "priority" in each}
    _require_free_priority(home(call).of(RULE, listener.id), priorities)
    for rule, change in pairs:
        match = _checked(change["match"]) if change.get("match") else None
        rule.update(match=match, priority=change.get("priority"), action=change.get("action"))
    return rules


def _check_action(call: Call, listener: Resource, action: dict[str, Any]) -> None:
    check_action(call, own(call, SERVICE), listener.values["protocol"], action)


def _require_own(rule: Resource) -> None:
    """API reference, UpdateRule; that it can't be deleted either is inferred."""
    if rule.values["isDefault"]:
        raise invalid("The default rule is changed by UpdateListener")


def _require_free_priority(rules: list[Resource], wanted: dict[str, int]) -> None:
    """Raise `ConflictException` where two rules would have one priority (the code is inferred)."""
    kept = [each.values.get("priority") for each in rules if each.id not in wanted]
    taken = [priority for priority in kept if priority is not None]
    for priority in wanted.values():
        if priority in taken:
            message = f"Priority {priority} is in use by another rule"
            raise conflict(RULE, str(priority), message)
        taken.append(priority)


def _checked(match: Match) -> Match:
    """Return a match as it is shown, its path's case sensitivity said."""
    http = match.get("httpMatch") or {}
    if not any(http.get(part) for part in ("method", "pathMatch", "headerMatches")):
        raise invalid("A match needs a method, a path or a header")
    if not http.get("pathMatch"):
        return match
    path = {"caseSensitive": True, **http["pathMatch"]}
    return {"httpMatch": {**http, "pathMatch": path}}
