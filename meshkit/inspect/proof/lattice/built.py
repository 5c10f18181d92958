"""Listeners, rules and target groups as a program registers them, in the terms of the topology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from meshkit.graph import UNKNOWN, reveal
from meshkit.inspect.access.guarded import SERVICE, behind
from meshkit.inspect.access.references import physical_name, text
from meshkit.topology.lattice.model import HeaderMatch, RuleMatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.graph import Resource
    from meshkit.inspect.access.references import References

LISTENER: Final = "aws:vpclattice/listener:Listener"
RULE: Final = "aws:vpclattice/listenerRule:ListenerRule"
GROUP: Final = "aws:vpclattice/targetGroup:TargetGroup"

Targets = tuple[tuple[str | None, int], ...]
"""Physical names of target groups with their weights, sorted; ``None`` for a name not known."""


@dataclass(frozen=True)
class BuiltRule:
    """A rule of a listener."""

    priority: int | None
    match: RuleMatch | None
    """``None`` for one that no mesh file can say."""
    targets: Targets
    resource: Resource


@dataclass(frozen=True)
class BuiltListener:
    """A listener of a service."""

    port: int | None
    protocol: str | None
    default: Targets
    """None where it answers by itself."""
    rules: tuple[BuiltRule, ...]
    resource: Resource


def listeners_of(
    references: References, groups: Mapping[str, str]
) -> dict[str, list[BuiltListener]]:
    """The listeners of each service, by the service's URN; ``groups`` are as of ``group_names``."""
    rules: dict[str, list[BuiltRule]] = {}
    for resource in references.graph.of_type(RULE):
        listener = _listener_behind(references, resource)
        if listener is not None:
            rules.setdefault(listener.urn, []).append(_rule(resource, groups))
    found: dict[str, list[BuiltListener]] = {}
    for resource in references.graph.of_type(LISTENER):
        service = behind(references, resource, "serviceIdentifier", SERVICE) or behind(
            references, resource, "serviceArn", SERVICE
        )
        if service is not None:
            built = _listener(resource, tuple(rules.get(resource.urn, ())), groups)
            found.setdefault(service.urn, []).append(built)
    return found


def group_names(references: References) -> dict[str, str]:
    """The physical names of target groups by their ids and ARNs."""
    return {
        known: physical_name(each)
        for each in references.graph.of_type(GROUP)
        for key in ("id", "arn")
        if (known := text(each, key)) is not None
    }


def _listener_behind(references: References, rule: Resource) -> Resource | None:
    """The listener of a rule. Its id in the state has the service's before it."""
    named = text(rule, "listenerIdentifier")
    if named is None:
        return references.dependency(rule, "listenerIdentifier", LISTENER)
    return next(
        (
            each
            for each in references.graph.of_type(LISTENER)
            if named in (text(each, "listenerId"), text(each, "arn"))
        ),
        None,
    )


def _listener(
    resource: Resource, rules: tuple[BuiltRule, ...], groups: Mapping[str, str]
) -> BuiltListener:
    inputs = reveal(dict(resource.inputs))
    action = inputs.get("defaultAction") or {}
    port, protocol = inputs.get("port"), inputs.get("protocol")
    return BuiltListener(
        port=int(port) if isinstance(port, (int, float)) else None,
        protocol=protocol if isinstance(protocol, str) else None,
        default=_targets(action.get("forwards"), groups),
        rules=rules,
        resource=resource,
    )


def _rule(resource: Resource, groups: Mapping[str, str]) -> BuiltRule:
    inputs = reveal(dict(resource.inputs))
    priority = inputs.get("priority")
    forward = (inputs.get("action") or {}).get("forward")
    return BuiltRule(
        priority=int(priority) if isinstance(priority, (int, float)) else None,
        match=_match((inputs.get("match") or {}).get("httpMatch") or {}),
        targets=_targets([forward] if forward else None, groups),
        resource=resource,
    )


def _targets(forwards: Any, groups: Mapping[str, str]) -> Targets:
    found = [
        (_group(each.get("targetGroupIdentifier"), groups), int(each.get("weight") or 100))
        for forward in forwards or ()
        for each in forward.get("targetGroups") or ()
    ]
    return tuple(sorted(found, key=lambda each: (each[0] or "", each[1])))


def _group(named: Any, groups: Mapping[str, str]) -> str | None:
    """The name of a group; ``None`` before its id is known."""
    return None if named is UNKNOWN else groups.get(str(named), str(named))


def _match(given: Mapping[str, Any]) -> RuleMatch | None:
    """A match in the terms of the topology, which always tells case apart."""
    path = given.get("pathMatch") or {}
    headers = given.get("headerMatches") or ()
    parts = [*([path] if path else ()), *headers]
    texts = [each.get("match") or {} for each in parts]
    if any("contains" in each for each in texts):
        return None
    if not all(each.get("caseSensitive") for each in parts):
        return None
    of_path = path.get("match") or {}
    return RuleMatch(
        method=given.get("method"),
        path=of_path.get("exact"),
        prefix=of_path.get("prefix"),
        headers=tuple(_headers(headers)),
    )


def _headers(headers: Any) -> Iterator[HeaderMatch]:
    for each in headers:
        value = each.get("match") or {}
        yield HeaderMatch(each["name"], value.get("exact"), value.get("prefix"))
