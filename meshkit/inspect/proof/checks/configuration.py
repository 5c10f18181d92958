"""Who may read which configuration, against who should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.proof.codes import NO_ENDPOINT, OTHER_CONFIGURATION, WILDCARD
from meshkit.inspect.proof.reading import request_context
from meshkit.inspect.proof.showing import (
    endpoint_text,
    listed,
    resources_text,
    statement_name,
    statement_text,
    subject_text,
)
from meshkit.inspect.proof.universe import place_of
from meshkit.inspect.violation import Unknown
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate, matrix
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.reading import Reading
    from meshkit.inspect.proof.subject import Granted, Subject
    from meshkit.inspect.proof.universe import Place
    from meshkit.inspect.violation import Violation


def wildcards(case: Case) -> Iterator[Violation | Unknown]:
    """Statements that let a subject read more than can be named."""
    for arn, reading in case.readings.items():
        subject = case.subjects[arn]
        if subject.mesh_wide:
            continue
        for granted in reading.doubtful:
            message = f"whether {statement_name(granted)} reaches any configuration"
            yield Unknown(arn, message, _urn(granted), case.where.of_statement(subject, granted))
        for granted in reading.wide:
            if case.meshstack.grants(subject, granted):
                continue
            yield WILDCARD.found(
                f"{subject_text(subject)} may read the configuration of every endpoint that "
                f"{resources_text(granted)} matches ({statement_name(granted)})",
                role=arn,
                statement=statement_text(granted),
                resource=_urn(granted),
                place=case.where.of_statement(subject, granted),
            )


def other_configurations(case: Case) -> Iterator[Violation]:
    """Cells that are allowed and not declared, by the statements that allow them."""
    for arn, allowed in case.allowed.items():
        subject, reading = case.subjects[arn], case.readings[arn]
        others = sorted(allowed - case.expected[arn])
        named = [endpoint for endpoint in others if endpoint in reading.exact]
        found = list(_naming(reading, named))
        if not reading.wide:  # which are told once for all
            found += _granting(subject, [each for each in others if each not in reading.exact])
        for granted, endpoints in found:
            yield OTHER_CONFIGURATION.found(
                f"{subject_text(subject)} may read the configuration of "
                f"{listed(map(endpoint_text, endpoints))} ({statement_name(granted)})",
                role=arn,
                endpoint=endpoints[0],
                statement=statement_text(granted),
                resource=_urn(granted),
                place=case.where.of_statement(subject, granted),
                mend=_mend(case, subject),
            )


def _naming(reading: Reading, endpoints: list[str]) -> Iterator[tuple[Granted, list[str]]]:
    """The statements that name endpoints exactly."""
    found: dict[int, tuple[Granted, list[str]]] = {}
    for endpoint in endpoints:
        granted = reading.exact[endpoint]
        found.setdefault(id(granted.statement), (granted, []))[1].append(endpoint)
    yield from found.values()


def _granting(subject: Subject, endpoints: list[str]) -> Iterator[tuple[Granted, list[str]]]:
    """The statements by which a subject may read endpoints that none names exactly."""
    while endpoints:
        first = endpoints[0]
        place = first.split(":")
        context = request_context(account=place[4], region=place[3])
        asked = Request(STREAM_ACTION, first, Caller(subject.arn), context, complete=False)
        deciding = evaluate(asked, subject.layers).statement
        granted = next(each for each in subject.statements() if each.statement is deciding)
        alone = {subject.arn: Layers((Policy((granted.statement,)),))}
        reach = matrix(STREAM_ACTION, alone, endpoints, context, complete=False, undecided={})[
            subject.arn
        ]
        yield granted, [first, *(each for each in endpoints[1:] if each in reach)]
        endpoints = [each for each in endpoints[1:] if each not in reach]


def _mend(case: Case, subject: Subject) -> str:
    own = listed(sorted(case.expected[subject.arn]))
    if not own:
        return "Remove appmesh:StreamAggregatedResources from the statement."
    return f"Name only {own} in the statement."


def unknown_endpoints(case: Case) -> Iterator[Violation | Unknown]:
    """Statements that name an endpoint which isn't there, or which is another account's."""
    for arn, reading in case.readings.items():
        subject = case.subjects[arn]
        for endpoint, granted in reading.exact.items():
            place = place_of(endpoint)
            if place is None or (endpoint in case.targets and _is_own(subject, place)):
                continue
            fault = _fault(case, subject, place)
            if fault is None:
                message = f"whether {endpoint} is a declared endpoint: it is not in the program"
                yield Unknown(
                    arn, message, _urn(granted), case.where.of_statement(subject, granted)
                )
                continue
            right = _right(case, subject, place)
            yield NO_ENDPOINT.found(
                f"{statement_name(granted)} names {endpoint}, {fault}",
                role=arn,
                endpoint=endpoint,
                statement=statement_text(granted),
                resource=_urn(granted),
                place=case.where.of_statement(subject, granted),
                mend=f"Name {right} instead." if right else None,
            )


def _is_own(subject: Subject, place: Place) -> bool:
    return place.account == subject.identity.account


def _fault(case: Case, subject: Subject, place: Place) -> str | None:
    """What is wrong with an endpoint that can't be the subject's; ``None``: that isn't known."""
    if subject.identity.account is not None and not _is_own(subject, place):
        return f"but its role is of account {subject.identity.account}"
    if any((mesh.name, mesh.owner.id) == (place.mesh, place.owner) for mesh in case.meshes):
        return "which is not in the mesh file"
    if _right(case, subject, place) is not None:
        return "which does not exist"
    return None


def _right(case: Case, subject: Subject, place: Place) -> str | None:
    """The endpoint of the subject's account with the same kind, name and mesh name."""
    wanted = (subject.identity.account, place.kind, place.name, place.mesh)
    return next(
        (
            arn
            for arn, target in case.targets.items()
            if wanted
            == (target.place.account, target.place.kind, target.place.name, target.place.mesh)
        ),
        None,
    )


def _urn(granted: Granted) -> str | None:
    return granted.source.resource.urn if granted.source.resource else None
