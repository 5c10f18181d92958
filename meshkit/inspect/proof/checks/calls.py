"""Who may call which service of VPC Lattice, against who should."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from meshkit.inspect.proof.lattice.codes import REFUSED_CALL, UNDECLARED_CALL
from meshkit.inspect.proof.lattice.showing import guarded_text
from meshkit.inspect.proof.showing import listed, statement_text, subject_text
from meshkit.inspect.violation import Unknown
from meshkit.policy.evaluation import Caller, Request, evaluate
from meshkit.policy.lattice import INVOKE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.lattice.calls import Verdict
    from meshkit.inspect.proof.subject import Granted, Subject
    from meshkit.inspect.violation import Violation
    from meshkit.policy.invocation import Gate, InvokeLayer

MENDS: dict[InvokeLayer, str] = {
    "identity": "Allow vpc-lattice-svcs:Invoke on the service in a policy of the role.",
    "boundary": "Allow vpc-lattice-svcs:Invoke in the permissions boundary.",
    "scp": "Except vpc-lattice-svcs:Invoke, or the role, in the service control policy.",
    "network": "Let the auth policy of the network admit the role's account.",
    "service": "Let the auth policy of the service admit the role.",
}
"""What to do where a layer refuses a declared call."""


def declared_calls(case: Case) -> Iterator[Violation | Unknown]:
    """Each request must pass where it is declared, and be refused where it is not."""
    pairs = groupby(case.calls.verdicts, key=lambda each: (each.caller, each.way))
    for (caller, _), found in pairs:
        verdicts, subject = list(found), case.subjects[caller]
        yield from _refused(case, subject, verdicts)
        yield from _undeclared(case, subject, verdicts)
        yield from _doubtful(case, subject, verdicts)


def _refused(case: Case, subject: Subject, verdicts: list[Verdict]) -> Iterator[Violation]:
    refused = [each for each in verdicts if each.declared and each.refusal]
    if not refused:
        return
    first, gate = refused[0], refused[0].refusal
    if gate is None or _may_be_told(subject, gate):
        return
    requests = listed(str(each.ask) for each in refused)
    yield REFUSED_CALL.found(
        f"{subject_text(subject)} is to call {guarded_text(first.way.service)} ({requests}), but "
        f"the {gate.layer} refuses: {gate.reason}",
        role=subject.arn,
        endpoint=first.way.service.arn,
        resource=_cause(first, gate),
        place=case.where.of_role(subject),
        mend=MENDS[gate.layer],
    )


def _may_be_told(subject: Subject, gate: Gate) -> bool:
    """Whether policies that are not known may allow it, which is told as open by itself."""
    return gate.layer == "identity" and not gate.denies and not subject.complete


def _cause(verdict: Verdict, gate: Gate) -> str | None:
    by_layer = {"network": verdict.way.network, "service": verdict.way.service}
    found = by_layer.get(gate.layer)
    return found.resource.urn if found else None


def _undeclared(case: Case, subject: Subject, verdicts: list[Verdict]) -> Iterator[Violation]:
    passing = [each for each in verdicts if each.passes and not each.declared and not each.way.open]
    if not passing:
        return
    first = passing[0]
    granted = _granted(case, subject, first)
    requests = listed(str(each.ask) for each in passing)
    yield UNDECLARED_CALL.found(
        f"{subject_text(subject)} may call {guarded_text(first.way.service)} ({requests})",
        role=subject.arn,
        endpoint=first.way.service.arn,
        statement=statement_text(granted) if granted else None,
        resource=granted.source.resource.urn if granted and granted.source.resource else None,
        place=case.where.of_statement(subject, granted) if granted else case.where.of_role(subject),
    )


def _granted(case: Case, subject: Subject, verdict: Verdict) -> Granted | None:
    """The statement by which the role's own policies allow a request."""
    way, ask = verdict.way, verdict.ask
    context = {**case.calls.callers.facts(subject.identity.account), **way.facts(ask)}
    resource = f"{way.service.arn}{ask.path}"
    request = Request(INVOKE, resource, Caller(subject.arn), context, complete=False)
    deciding = evaluate(request, subject.layers).statement
    return next((each for each in subject.statements() if each.statement is deciding), None)


def _doubtful(case: Case, subject: Subject, verdicts: list[Verdict]) -> Iterator[Unknown]:
    for each in verdicts:
        if each.doubt is not None:
            message = f"whether it may call {guarded_text(each.way.service)}: {each.doubt}"
            yield Unknown(subject.arn, message, place=case.where.of_role(subject))
            return


def unknown_guards(case: Case) -> Iterator[Unknown]:
    """Auth types and auth policies that can't be told."""
    for unknown in case.calls.unknowns:
        resource = case.graph.get(unknown.resource)
        place = case.where.of_resource(resource)
        yield Unknown(unknown.subject, unknown.message, unknown.resource, place)
