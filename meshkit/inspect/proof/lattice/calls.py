"""The calls of a program: what each of its roles may ask of each of its services."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from meshkit.inspect.proof.lattice.asking import about_calls, is_declared
from meshkit.inspect.proof.lattice.ways import Guards, service_in, ways_of
from meshkit.inspect.proof.reading import texts_of
from meshkit.policy.evaluation import Caller, Undecidable, matrix
from meshkit.policy.lattice import INVOKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshkit.inspect.access import Access
    from meshkit.inspect.proof.lattice.asking import Ask
    from meshkit.inspect.proof.lattice.declared import DeclaredLattice
    from meshkit.inspect.proof.lattice.ways import Way
    from meshkit.inspect.proof.subject import Subject
    from meshkit.inspect.violation import Unknown
    from meshkit.policy.evaluation.request import Value
    from meshkit.policy.invocation import Gate
    from meshkit.topology.lattice.model import Call

    Cells = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Verdict:
    """What becomes of a request of a role."""

    caller: str
    """ARN of the role."""
    way: Way
    ask: Ask
    declared: bool
    refusal: Gate | None = None
    doubt: Undecidable | None = None

    @property
    def passes(self) -> bool:
        """Whether it surely passes, as far as its guards are known."""
        return self.refusal is None and self.doubt is None


class Callers:
    """The roles and users of a program, and what is known of their requests."""

    def __init__(self, subjects: Mapping[str, Subject], files: tuple[DeclaredLattice, ...]) -> None:
        self.subjects = subjects
        self._files = files

    def facts(self, account: str | None) -> dict[str, Value]:
        """What a request of somebody of an account tells of it."""
        found: dict[str, Value] = {"aws:PrincipalType": "AssumedRole"}
        for file in self._files:
            owner = file.owners.get(account or "")
            if owner is None:
                continue
            if file.organization is not None and not owner.account.external:
                found["aws:PrincipalOrgID"] = file.organization
            if isinstance(owner.account.vpc_id, str):
                found["vpc-lattice-svcs:SourceVpc"] = owner.account.vpc_id
                vpc_owner = file.lattice.vpc_owner(owner)
                found["vpc-lattice-svcs:SourceVpcOwnerAccount"] = vpc_owner.id
        return found

    def by_account(self) -> Iterator[tuple[str | None, dict[str, Subject]]]:
        """Roles and users by account."""
        found: dict[str | None, dict[str, Subject]] = {}
        for arn, subject in self.subjects.items():
            if subject.identity.kind != "group":
                found.setdefault(subject.identity.account, {})[arn] = subject
        yield from found.items()


@dataclass(frozen=True)
class Calls:
    """All calls that are declared or that a role's own policies may allow."""

    files: tuple[DeclaredLattice, ...]
    ways: tuple[Way, ...]
    verdicts: tuple[Verdict, ...]
    unknowns: tuple[Unknown, ...]
    allowed: Cells
    """By role: the services of which it may ask anything."""
    expected: Cells
    """By role: the services that it is declared to call."""
    callers: Callers
    guards: Guards
    absent: tuple[str, ...]
    """The services of the files that the program does not make."""

    def ways_to(self, resource: str) -> tuple[Way, ...]:
        """The ways to the service in a resource."""
        service = service_in(resource)
        return tuple(way for way in self.ways if way.service.arn == service)


def calls_of(
    access: Access, subjects: Mapping[str, Subject], files: tuple[DeclaredLattice, ...]
) -> Calls:
    """Decide on every call of a program that could be allowed, or should be."""
    guards = Guards(access.guarded)
    statements = (each.statement for subject in subjects.values() for each in subject.statements())
    ways = tuple(ways_of(access.guarded, files, guards, statements))
    callers = Callers(subjects, files)
    verdicts = tuple(_verdicts(callers, ways))
    absent = (
        f"{file.lattice.mesh.name}: service {key}"
        for file in files
        for key in file.lattice.services
        if key not in file.services
    )
    return Calls(
        files=files,
        ways=ways,
        verdicts=verdicts,
        unknowns=tuple(guards.unknowns),
        allowed=_cells(subjects, ((v.caller, v.way) for v in verdicts if v.passes)),
        expected=_cells(subjects, ((v.caller, v.way) for v in verdicts if v.declared)),
        callers=callers,
        guards=guards,
        absent=tuple(absent),
    )


def _cells(callers: Iterable[str], pairs: Iterable[tuple[str, Way]]) -> Cells:
    found: dict[str, set[str]] = {arn: set() for arn in callers}
    for caller, way in pairs:
        found[caller].add(way.service.arn)
    return {arn: frozenset(each) for arn, each in found.items()}


def _verdicts(callers: Callers, ways: tuple[Way, ...]) -> Iterator[Verdict]:
    own = _allowed_by_own(callers, ways)
    by_service: dict[str, list[Way]] = {}
    for way in ways:
        by_service.setdefault(way.service.arn, []).append(way)
    for arn, subject in callers.subjects.items():
        if subject.identity.kind == "group":
            continue
        facts = callers.facts(subject.identity.account)
        declared, mine = _declared(subject), own.get(arn, {})
        named = frozenset() if subject.declared else _named(subject)
        for way in _worth_asking(by_service, mine, (*declared, *named)):
            if way.compiled is None and way.service.arn in named:
                yield from _as_named(way, subject, facts)
                continue
            calls = declared.get(way.service.arn, ()) if way.calls else ()
            for ask in way.asks:
                wanted = is_declared(calls, ask)
                if wanted or ask in mine.get(way, ()):
                    yield _judged(way, subject, ask, facts, declared=wanted)


def _declared(subject: Subject) -> dict[str, list[Call]]:
    """The calls that the files declare for a role, by the ARN of the service."""
    found: dict[str, list[Call]] = {}
    for own in subject.declared:
        for call in own.file.lattice.calls_by(own.role.key) if own.file else ():
            made = own.file.services.get(call.service) if own.file else None
            if made is not None:
                found.setdefault(made.arn, []).append(call)
    return found


def _worth_asking(
    ways: Mapping[str, list[Way]], own: Iterable[Way], services: Iterable[str]
) -> Iterable[Way]:
    """The ways that a caller's own policies may let it go, and those to services it names."""
    return dict.fromkeys([*own, *(way for arn in services for way in ways.get(arn, ()))])


def _judged(
    way: Way, subject: Subject, ask: Ask, facts: dict[str, Value], *, declared: bool
) -> Verdict:
    try:
        refusal = way.refusal(Caller(subject.arn), subject.layers, ask, facts)
    except Undecidable as doubt:
        return Verdict(subject.arn, way, ask, declared, doubt=doubt)
    return Verdict(subject.arn, way, ask, declared, refusal)


def _as_named(way: Way, subject: Subject, facts: dict[str, Value]) -> Iterator[Verdict]:
    """For a service of no file, which a role names exactly: what passes is as declared.

    Where nothing passes, the first request stands for all.
    """
    found = [_judged(way, subject, ask, facts, declared=True) for ask in way.asks]
    passing = [each for each in found if each.passes]
    yield from passing or found[:1]


def _named(subject: Subject) -> frozenset[str]:
    """ARNs of the services that a subject's statements name exactly."""
    statements = about_calls(each.statement for each in subject.statements())
    heads = (service_in(text) for each in statements for text in texts_of(each))
    return frozenset(head for head in heads if "*" not in head and "?" not in head)


def _allowed_by_own(callers: Callers, ways: tuple[Way, ...]) -> dict[str, dict[Way, set[Ask]]]:
    """By caller, the requests that its own policies allow, or of which that is in doubt."""
    groups: dict[tuple[str, str, int], dict[str, tuple[Way, Ask]]] = {}
    for way in ways:
        for ask in way.asks:
            group = groups.setdefault((way.network_arn, ask.method, ask.port), {})
            group[f"{way.service.arn}{ask.path}"] = way, ask
    found: dict[str, dict[Way, set[Ask]]] = {}
    for (account, subjects), (key, group) in product(callers.by_account(), groups.items()):
        network, method, port = key
        context = {
            **callers.facts(account),
            "vpc-lattice-svcs:Port": str(port),
            "vpc-lattice-svcs:RequestMethod": method,
            "vpc-lattice-svcs:ServiceNetworkArn": network,
        }
        layers = {arn: subject.layers for arn, subject in subjects.items()}
        doubts: dict[str, Undecidable] = {}
        cells = matrix(INVOKE, layers, list(group), context, complete=False, undecided=doubts)
        for arn, resources in cells.items():
            for resource in group if arn in doubts else resources:
                way, ask = group[resource]
                found.setdefault(arn, {}).setdefault(way, set()).add(ask)
    return found
