"""What a program says of a request that AWS refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.inspect.calling import asks_for, is_call, refusal, refused_by, unknown_service
from meshkit.inspect.explain import subject_of
from meshkit.policy.evaluation import Caller, Request, Undecidable, evaluate, trust
from meshkit.policy.evaluation.request import Identity, identity_of
from meshkit.policy.lattice import INVOKE

if TYPE_CHECKING:
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.lattice.asking import Ask
    from meshkit.inspect.proof.subject import Subject
    from meshkit.policy.denial import Denial
    from meshkit.policy.invocation import Gate


@dataclass(frozen=True, slots=True)
class Checked:
    """What the policies of a program say of a refused request."""

    outcome: str
    """That of the evaluator, or ``undecidable``, or ``unknown``."""
    told: str
    """In one line."""


def checked(case: Case, denial: Denial) -> Checked:
    """Ask the policies of a program about a request that AWS refused."""
    if denial.action is None:
        return Checked("unknown", "the refusal does not tell the action")
    by_trust = denial.refuser == "trust"
    name = denial.resource if by_trust else denial.caller
    if name is None:
        return Checked(
            "unknown", f"the refusal does not tell the {'role' if by_trust else 'caller'}"
        )
    try:
        subject = subject_of(case, name)
    except MeshkitError as error:
        return Checked("unknown", str(error))
    ask = _by_trust if by_trust else _by_policies
    try:
        if is_call(denial.action):
            return _by_call(case, subject, denial.resource or "")
        return ask(subject, denial, denial.action)
    except Undecidable as error:
        return Checked("undecidable", doubt_text(subject, error))


def doubt_text(subject: Subject, doubt: Undecidable) -> str:
    """Why something can't be decided; without what it quotes where a policy is a secret."""
    identity = subject.identity
    sources = (*identity.policies, identity.boundary, identity.trust)
    if any(source is not None and source.secret for source in sources):
        return f"what a policy of {subject.arn} says can't be decided, and it is a secret"
    return str(doubt)


def _by_policies(subject: Subject, denial: Denial, action: str) -> Checked:
    request = Request(action, denial.resource or "*", Caller(subject.arn), complete=False)
    decision = evaluate(request, subject.layers)
    if decision.allowed:
        return Checked(
            decision.outcome,
            f"{decision.reason}: what is deployed differs, or another kind of policy refuses",
        )
    return Checked(decision.outcome, decision.reason)


def _by_call(case: Case, subject: Subject, resource: str) -> Checked:
    """Where a call is refused; where it is in every network of the service, the first one tells."""
    found: list[tuple[Ask, Gate | None]] = [
        (ask, refusal(case, subject, way, ask))
        for way in case.calls.ways_to(resource)
        for ask in asks_for(way, resource)
    ]
    if not found:
        unknown = unknown_service(case, INVOKE, resource)
        return Checked("unknown", f"it {unknown}" if unknown else "nobody signs calls of it")
    passing = next((ask for ask, gate in found if gate is None), None)
    if passing is not None:
        told = f"caller, network and service let {passing} pass: what is deployed differs"
        return Checked("allow", told)
    ask, gate = found[0]
    outcome = "explicit-deny" if gate and gate.denies else "implicit-deny"
    return Checked(outcome, f"{ask} is refused by {refused_by(gate)}" if gate else "")


def _by_trust(subject: Subject, denial: Denial, action: str) -> Checked:
    if subject.trust is None:
        return Checked("unknown", f"the trust policy of {subject.arn} is not known")
    caller = _caller(denial.caller)
    if caller is None:
        return Checked("unknown", "the refusal does not tell the caller")
    decision = trust(subject.trust, caller, action=action, complete=False)
    return Checked(decision.outcome, decision.reason)


def _caller(text: str | None) -> Caller | None:
    if text is None:
        return None
    known = identity_of(text)
    return Caller(text, "AWS" if known != Identity("other") else "Service")
