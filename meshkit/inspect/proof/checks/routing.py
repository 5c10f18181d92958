"""Whether services of VPC Lattice lead where their mesh file says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred, bind
from meshkit.graph import UNKNOWN, reveal
from meshkit.inspect.access.guarded import ASSOCIATION, SERVICE, behind
from meshkit.inspect.access.references import References, physical_name, text
from meshkit.inspect.proof.checks.needs import regex
from meshkit.inspect.proof.lattice.built import GROUP, group_names, listeners_of, whole
from meshkit.inspect.proof.lattice.codes import OTHER_NETWORK, OTHER_ROUTE, OTHER_TARGETS
from meshkit.inspect.proof.lattice.showing import guarded_text
from meshkit.inspect.violation import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from meshkit.graph import Resource
    from meshkit.inspect.access import Guarded
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.lattice.built import BuiltListener, Targets
    from meshkit.inspect.proof.lattice.declared import DeclaredLattice
    from meshkit.inspect.violation import Violation
    from meshkit.topology.lattice.model import (
        LatticeListener,
        LatticeRule,
        LatticeService,
        TargetGroup,
        Weighted,
    )


@dataclass(frozen=True)
class _Side:
    """A service of a file as it is made."""

    case: Case
    file: DeclaredLattice
    made: Guarded
    service: LatticeService


def _sides(case: Case) -> Iterator[_Side]:
    for file in case.calls.files:
        for key, made in file.services.items():
            yield _Side(case, file, made, file.lattice.services[key])


def networks_of_services(case: Case) -> Iterator[Violation]:
    """Each service of a file is in the network of its mesh, and in no other."""
    references = References(case.graph)
    for side in _sides(case):
        own = side.file.network
        if own is None:
            continue
        place = case.where.locate(side.file.mesh, side.service.path)
        if own.arn not in side.made.networks:
            yield OTHER_NETWORK.found(
                f"{guarded_text(side.made)} is not in {guarded_text(own)}",
                endpoint=side.made.arn,
                resource=side.made.resource.urn,
                place=place,
            )
        for other in side.made.networks:
            if other != own.arn:
                resource = _association(references, side.made, other)
                yield OTHER_NETWORK.found(
                    f"{guarded_text(side.made)} is in {other}",
                    endpoint=side.made.arn,
                    resource=resource.urn if resource else None,
                    place=case.where.of_resource(resource) or place,
                )


def _association(references: References, service: Guarded, network: str) -> Resource | None:
    """What puts a service into a network."""
    for each in references.graph.of_type(ASSOCIATION):
        found = behind(references, each, "serviceIdentifier", SERVICE)
        named = text(each, "serviceNetworkIdentifier")
        made = references.by_arn(network)
        by_id = text(made, "id") if made else None
        if found is service.resource and named in (network, by_id):
            return each
    return None


def routes(case: Case) -> Iterator[Violation | Unknown]:
    """Each listener and rule of a service is one of its file, and none is missing.

    Those of a service with a controller are made in its cluster, and the program makes none.
    """
    references = References(case.graph)
    built = listeners_of(references, group_names(references))
    for side in _sides(case):
        found = built.get(side.made.resource.urn, [])
        mine = () if side.service.controller else side.service.listeners
        wanted = {each.port: each for each in mine}
        ports = {each.port for each in found}
        for port in sorted(wanted.keys() - ports):
            yield _other(side, f"has no listener on port {port}", None)
        for listener in found:
            yield from _not_known(side, listener)
            if listener.port is not None:
                yield from _listener(side, listener, wanted.get(listener.port))


def _not_known(side: _Side, listener: BuiltListener) -> Iterator[Unknown]:
    """What only the deployment tells of a listener and its rules."""
    late = [listener.resource] if listener.port is None or listener.default is None else []
    late += [
        rule.resource
        for rule in listener.rules
        if rule.priority is None or rule.targets is None or not rule.known
    ]
    for resource in late:
        place = side.case.where.of_resource(resource)
        yield Unknown(side.made.arn, f"where {resource.name} leads", resource.urn, place)


def _listener(
    side: _Side, found: BuiltListener, wanted: LatticeListener | None
) -> Iterator[Violation]:
    where = f"on port {found.port}"
    if wanted is None:
        yield _other(side, f"has a listener {where} that the mesh file does not", found.resource)
        return
    if found.protocol not in (None, wanted.protocol):
        message = f"listens {where} for {found.protocol}, not {wanted.protocol}"
        yield _other(side, message, found.resource)
    default = found.default
    if default is not None and not _same(default, wanted.default, side.service):
        message = f"leads what no rule takes {where} {_told(default)}"
        yield _other(side, message, found.resource)
    yield from _rules(side, found, {each.priority: each for each in wanted.rules})


def _rules(
    side: _Side, found: BuiltListener, wanted: dict[int, LatticeRule]
) -> Iterator[Violation]:
    where = f"on port {found.port}"
    missing = wanted.keys() - {each.priority for each in found.rules}
    for priority in sorted(missing):
        yield _other(side, f"lacks the rule for route {wanted[priority].route} {where}", None)
    for rule in found.rules:
        if rule.priority is None or rule.targets is None or not rule.known:
            continue
        own = wanted.get(rule.priority)
        if own is None:
            message = f"has a rule of priority {rule.priority} {where} that the mesh file does not"
        elif rule.match != own.match:
            message = f"takes other requests {where} than route {own.route} says"
        elif not _same(rule.targets, own.targets, side.service):
            message = f"leads route {own.route} {where} {_told(rule.targets)}"
        else:
            continue
        yield _other(side, message, rule.resource)


def _same(found: Targets, wanted: Sequence[Weighted], service: LatticeService) -> bool:
    """Whether targets are those of the file; of groups not made yet, the weights alone tell."""
    names = sorted((service.groups[each.group].name, each.weight) for each in wanted)
    if any(name is None for name, _ in found):
        return Counter(weight for _, weight in found) == Counter(weight for _, weight in names)
    return list(found) == names


def _told(targets: Targets) -> str:
    if not targets:
        return "to no target"
    return "to " + ", ".join(f"{name or '[unknown]'} ({weight})" for name, weight in targets)


def _other(side: _Side, message: str, resource: Resource | None) -> Violation:
    by_hand = side.case.where.of_resource(resource)
    resource = resource or side.made.resource
    return OTHER_ROUTE.found(
        f"{guarded_text(side.made)} {message}",
        endpoint=side.made.arn,
        resource=resource.urn,
        place=by_hand or side.case.where.locate(side.file.mesh, side.service.path),
    )


def target_groups(case: Case) -> Iterator[Violation]:
    """Each target group of a service is as its file says."""
    made = {
        (each.account, physical_name(each)): each
        for each in case.graph.of_type(GROUP)
        if each.account is not None
    }
    for side in _sides(case):
        mine = {} if side.service.controller else side.service.groups
        for group in mine.values():
            resource = made.get((side.service.owner.id, group.name))
            differing = "is not made" if resource is None else _differing(side, group, resource)
            if differing:
                yield OTHER_TARGETS.found(
                    f"target group {group.name} of node {group.node} {differing}",
                    endpoint=side.made.arn,
                    resource=resource.urn if resource else None,
                    place=case.where.locate(side.file.mesh, group.path),
                )


def _differing(side: _Side, group: TargetGroup, resource: Resource) -> str:
    """What a group has that the file says otherwise."""
    inputs = reveal(dict(resource.inputs))
    config = inputs.get("config")
    if config is UNKNOWN:
        return ""
    config = config if isinstance(config, dict) else {}
    vpc = group.vpc_id and bind(group.vpc_id, side.service.owner.context)
    wanted = (
        ("type", inputs.get("type"), group.type),
        ("port", config.get("port"), None if group.type == "LAMBDA" else group.port),
        ("protocol", config.get("protocol"), group.protocol),
        ("protocol version", config.get("protocolVersion"), group.protocol_version),
        ("event version", config.get("lambdaEventStructureVersion"), group.event_version),
        ("VPC", config.get("vpcIdentifier"), vpc),
    )
    return "; ".join(_faults(wanted))


def _faults(wanted: Iterable[tuple[str, object, object]]) -> Iterator[str]:
    for what, found, said in wanted:
        if found is UNKNOWN or _is(found, said):
            continue
        yield f"has the {what} {found}, not {said}"


def _is(found: object, said: object) -> bool:
    if isinstance(said, Deferred):
        return isinstance(found, str) and regex(said).fullmatch(found) is not None
    return found == said or (isinstance(said, int) and whole(found) == said)
