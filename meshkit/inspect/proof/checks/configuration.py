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
from meshkit.policy.evaluation import Caller, Request, evaluate
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
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
        by_statement: dict[int, tuple[Granted, list[str]]] = {}
        for endpoint in sorted(allowed - case.expected[arn]):
            granted = reading.exact.get(endpoint)
            if granted is None and not reading.wide:  # which are told once for all
                granted = _granting(subject, endpoint)
            if granted is not None:
                by_statement.setdefault(id(granted.statement), (granted, []))[1].append(endpoint)
        for granted, endpoints in by_statement.values():
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


def _granting(subject: Subject, endpoint: str) -> Granted:
    """The statement by which a subject may read an endpoint that none names exactly."""
    place = endpoint.split(":")
    context = request_context(account=place[4], region=place[3])
    asked = Request(STREAM_ACTION, endpoint, Caller(subject.arn), context, complete=False)
    deciding = evaluate(asked, subject.layers).statement
    return next(each for each in subject.statements() if each.statement is deciding)


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
