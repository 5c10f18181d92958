"""Whether a service of VPC Lattice leads where its file says, to targets that are healthy."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.confirm.remark import missing, note

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from meshkit.inspect.confirm.aws import Account
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.topology.lattice.model import (
        LatticeListener,
        LatticeRule,
        LatticeService,
        RuleMatch,
        Weighted,
    )

PULUMI = "pulumi up --refresh"
_GOOD = ("HEALTHY", "UNAVAILABLE")
"""States in which targets get requests; UNAVAILABLE is where nobody checks their health."""

Groups = dict[str, str]
"""Names of target groups by their ids."""


def routing(account: Account, arn: str, service: LatticeService) -> Iterator[Remark]:
    """Compare listeners, rules and targets."""
    names = groups_of(account, arn, service)
    listed = account.ask_all(LATTICE, "list_listeners", "items", serviceIdentifier=arn)
    found = {each["port"]: each for each in listed}
    wanted = {each.port: each for each in service.listeners}
    for port in sorted(wanted.keys() - found.keys()):
        yield missing(f"it does not listen on port {port}", PULUMI)
    for port, each in sorted(found.items()):
        if port not in wanted:
            mend = account.command(
                LATTICE, "delete_listener",
                serviceIdentifier=arn, listenerIdentifier=each["arn"],
            )  # fmt: skip
            yield missing(f"it listens on port {port}, and the file does not say so", mend)
        else:
            yield from _listener(account, arn, each, (service, wanted[port], names))
    yield from _targets(account, service, {name: id_ for id_, name in names.items()})


def groups_of(account: Account, arn: str, service: LatticeService) -> Groups:
    """The target groups of an account, those of the service by the names that the file gives them.

    The hash at the end of a name tells values apart that may have come late where it was made.
    """
    exact = {each.name for each in service.groups.values()}
    count = Counter(map(_readable, exact))
    alike = {_readable(each): each for each in exact if count[_readable(each)] == 1}
    found = {}
    for each in account.ask_all(LATTICE, "list_target_groups", "items"):
        name = each["name"]
        own = name not in exact and arn in each.get("serviceArns", ())
        found[each["id"]] = alike.get(_readable(name), name) if own else name
    return found


def _readable(name: str) -> str:
    return name.rpartition("-")[0]


def _listener(
    account: Account,
    arn: str,
    listed: Mapping[str, Any],
    told: tuple[LatticeService, LatticeListener, Groups],
) -> Iterator[Remark]:
    service, wanted, names = told
    if listed["protocol"] != wanted.protocol:
        text = f"port {wanted.port} speaks {listed['protocol']}; the file says {wanted.protocol}"
        yield missing(text, PULUMI)
    ids = {"serviceIdentifier": arn, "listenerIdentifier": listed["arn"]}
    whole = account.ask(LATTICE, "get_listener", **ids)
    if _weights(whole["defaultAction"], names) != _wanted(wanted.default, service):
        text = f"what no rule takes on port {wanted.port} goes elsewhere than the file says"
        yield missing(text, PULUMI)
    rules = {each.priority: each for each in wanted.rules}
    for each in account.ask_all(LATTICE, "list_rules", "items", **ids):
        if each.get("isDefault"):
            continue
        whole_ids = {**ids, "ruleIdentifier": each["arn"]}
        rule = account.ask(LATTICE, "get_rule", **whole_ids)
        own = rules.pop(rule["priority"], None)
        yield from _rule(account, whole_ids, rule, (service, own, names))
    for left in rules.values():
        yield missing(f"port {wanted.port} has no rule for route {left.route}", PULUMI)


def _rule(
    account: Account,
    ids: Mapping[str, str],
    found: Mapping[str, Any],
    told: tuple[LatticeService, LatticeRule | None, Groups],
) -> Iterator[Remark]:
    service, own, names = told
    if own is None:
        mend = account.command(LATTICE, "delete_rule", **ids)
        yield missing(f"rule {found['name']} is not in the file", mend)
    elif found["match"] != match_of(own.match):
        yield missing(f"the rule of route {own.route} takes other requests", PULUMI)
    elif _weights(found["action"], names) != _wanted(own.targets, service):
        yield missing(f"the rule of route {own.route} leads elsewhere", PULUMI)


def match_of(match: RuleMatch) -> dict[str, Any]:
    """A match as the API tells it."""
    found: dict[str, Any] = {}
    path = {"exact": match.path, "prefix": match.prefix}
    given = {key: text for key, text in path.items() if text is not None}
    if given:
        found["pathMatch"] = {"caseSensitive": True, "match": given}
    if match.method is not None:
        found["method"] = match.method
    if match.headers:
        found["headerMatches"] = [
            {
                "caseSensitive": True,
                "name": each.name,
                "match": {"exact": each.exact} if each.exact is not None else {
                    "prefix": each.prefix
                },
            }
            for each in match.headers
        ]  # fmt: skip
    return {"httpMatch": found}


def _weights(action: Mapping[str, Any], names: Groups) -> Counter[tuple[str, int]]:
    groups = action.get("forward", {}).get("targetGroups", ())
    return Counter(
        (names.get(each["targetGroupIdentifier"], each["targetGroupIdentifier"]), each["weight"])
        for each in groups
    )


def _wanted(targets: Sequence[Weighted], service: LatticeService) -> Counter[tuple[str, int]]:
    return Counter((service.groups[each.group].name, each.weight) for each in targets)


def _targets(account: Account, service: LatticeService, ids: Groups) -> Iterator[Remark]:
    for group in service.groups.values():
        id_ = ids.get(group.name)
        if id_ is None:
            yield missing(f"there is no target group {group.name} for node {group.node}", PULUMI)
            continue
        text = f"node {group.node} has no target on port {group.port}"
        mend = f"register what runs node {group.node} in target group {group.name}"
        what = f"node {group.node} on port {group.port}"
        yield from health(account, id_, what, missing(text, mend))


def health(account: Account, group: str, what: str, empty: Remark) -> Iterator[Remark]:
    """The state of the targets of a group, which are ``what``; ``empty`` is said of none."""
    asked = {"targetGroupIdentifier": group}
    command = account.command(LATTICE, "list_targets", **asked)
    targets = account.ask_all(LATTICE, "list_targets", "items", **asked)
    states = Counter(each["status"] for each in targets)
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    if not targets:
        yield empty
    elif not any(states[state] for state in _GOOD):
        yield missing(f"no target of {what} is healthy: {told}", command)
    elif any(state not in _GOOD for state in states):
        yield note(f"targets of {what}: {told}", command)
