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

DEFAULT_WEIGHT: Final = 100
Targets = tuple[tuple[str | None, int | None], ...]
"""Physical names of target groups with their weights, sorted; ``None`` for a name not known."""


@dataclass(frozen=True)
class BuiltRule:
    """A rule of a listener."""

    priority: int | None
    match: RuleMatch | None
    """``None`` for one that no mesh file can say."""
    targets: Targets | None
    """``None`` where that is not known yet."""
    known: bool
    """Whether its match is."""
    resource: Resource


@dataclass(frozen=True)
class BuiltListener:
    """A listener of a service."""

    port: int | None
    protocol: str | None
    default: Targets | None
    """Empty where it answers by itself; ``None`` where that is not known yet."""
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
    action, protocol = inputs.get("defaultAction"), inputs.get("protocol")
    return BuiltListener(
        port=whole(inputs.get("port")),
        protocol=protocol if isinstance(protocol, str) else None,
        default=_targets(action, _mapping(action).get("forwards"), groups),
        rules=rules,
        resource=resource,
    )


def _rule(resource: Resource, groups: Mapping[str, str]) -> BuiltRule:
    inputs = reveal(dict(resource.inputs))
    action, match = inputs.get("action"), inputs.get("match")
    forward = _mapping(action).get("forward")
    http = _mapping(match).get("httpMatch")
    return BuiltRule(
        priority=whole(inputs.get("priority")),
        match=_match(_mapping(http)),
        targets=_targets(action, forward if forward is None else [forward], groups),
        known=UNKNOWN not in (match, http),
        resource=resource,
    )


def _targets(action: Any, forwards: Any, groups: Mapping[str, str]) -> Targets | None:
    """What an action leads to; ``None`` where that is not known yet."""
    if UNKNOWN in (action, forwards):
        return None
    listed = [_mapping(each).get("targetGroups") for each in _items(forwards)]
    found = [
        (_group(_mapping(each).get("targetGroupIdentifier"), groups), _weight(_mapping(each)))
        for targets in listed
        for each in _items(targets)
    ]
    if UNKNOWN in (*listed, *(weight for _, weight in found)):
        return None
    return tuple(sorted(found, key=lambda each: (each[0] or "", each[1] or 0)))


def _weight(target: Mapping[str, Any]) -> Any:
    """The weight of a target; without one, VPC Lattice takes 100."""
    given = target.get("weight", DEFAULT_WEIGHT)
    return given if given is UNKNOWN else whole(given)


def _group(named: Any, groups: Mapping[str, str]) -> str | None:
    """The name of a group; ``None`` before its id is known."""
    return None if named is UNKNOWN else groups.get(str(named), str(named))


def _match(given: Mapping[str, Any]) -> RuleMatch | None:
    """A match in the terms of the topology, which always tells case apart."""
    path = _mapping(given.get("pathMatch"))
    headers = [_mapping(each) for each in _items(given.get("headerMatches"))]
    parts = [*([path] if path else ()), *headers]
    if any("contains" in _mapping(each.get("match")) for each in parts):
        return None
    if not all(each.get("caseSensitive") is True for each in parts):
        return None
    of_path = _mapping(path.get("match"))
    return RuleMatch(
        method=given.get("method"),
        path=of_path.get("exact"),
        prefix=of_path.get("prefix"),
        headers=tuple(_headers(headers)),
    )


def _headers(headers: list[dict[str, Any]]) -> Iterator[HeaderMatch]:
    for each in headers:
        value = _mapping(each.get("match"))
        yield HeaderMatch(str(each.get("name")), value.get("exact"), value.get("prefix"))


def _mapping(value: Any) -> dict[str, Any]:
    """A mapping; an empty one for anything else, which is then told as differing."""
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def whole(value: Any) -> int | None:
    """A whole number, which a state may hold as a float; ``None`` for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None
