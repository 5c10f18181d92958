"""Whether every proxy gets what it needs: its configuration, and what its file adds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred, bind
from meshkit.inspect.proof.codes import BOUNDED, DENIED, GUARDED, LACKING, UNREADABLE
from meshkit.inspect.proof.reading import is_about, request_context, texts_of
from meshkit.inspect.proof.showing import endpoint_text, statement_text, subject_text
from meshkit.inspect.proof.subject import Granted
from meshkit.inspect.violation import Unknown
from meshkit.policy.evaluation import Caller, Request, Undecidable, evaluate
from meshkit.policy.permissions import PERMISSIONS, needs_of
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.subject import Subject
    from meshkit.inspect.proof.universe import Target
    from meshkit.inspect.violation import Code, Violation
    from meshkit.policy.document import Text
    from meshkit.policy.evaluation import Decision
    from meshkit.topology.model import Endpoint, WorkloadRole


def own_configuration(case: Case) -> Iterator[Violation | Unknown]:
    """Each endpoint must be readable by the role that the file declares, or by some role."""
    readers = _readers(case)
    for target in case.targets.values():
        if target.declared is not None and target.mesh is not None:
            yield from _of_file(case, target, target.mesh.roles[target.declared.role])
        elif target.arn not in readers:
            yield from _of_program(case, target)


def _readers(case: Case) -> set[str]:
    return {
        arn
        for subject, arns in case.allowed.items()
        if case.subjects[subject].identity.kind == "role"
        for arn in arns
    }


def _of_file(case: Case, target: Target, role: WorkloadRole) -> Iterator[Violation | Unknown]:
    subject = None if role.name is None else case.role_of(role.owner.id, role.name)
    if subject is not None:
        if target.arn not in case.allowed[subject.arn]:
            yield from _refused(case, subject, STREAM_ACTION, target.arn, UNREADABLE)
        return
    if target.made is None:
        return  # neither the endpoint nor its role is of this program
    place = case.where.locate(target.mesh, role.path) if target.mesh else None
    if role.adopted:
        # What an adopted role may do, nothing of this program tells.
        return
    yield UNREADABLE.found(
        f"{endpoint_text(target.arn)}: its role {role.name} of account {role.owner.id} is not in "
        "the program",
        role=str(role.arn),
        endpoint=target.arn,
        resource=target.made.urn,
        place=place,
        mend="Register the role with the endpoint.",
    )


def _of_program(case: Case, target: Target) -> Iterator[Violation | Unknown]:
    naming = [
        case.subjects[arn]
        for arn, reading in case.readings.items()
        if target.arn in reading.exact and case.subjects[arn].identity.kind == "role"
    ]
    for subject in naming:
        yield from _refused(case, subject, STREAM_ACTION, target.arn, UNREADABLE)
    if naming:
        return
    place = case.where.of_resource(target.made)
    doubtful = [
        subject.identity.name
        for subject in case.subjects.values()
        if subject.identity.account == target.place.account
        and (not subject.complete or subject.arn in case.undecided)
    ]
    urn = target.made.urn if target.made else None
    if doubtful:
        message = f"whether a role may read its configuration, as of {', '.join(doubtful)}"
        yield Unknown(target.arn, message, urn, place)
        return
    yield UNREADABLE.found(
        f"{endpoint_text(target.arn)}: no role of account {target.place.account} may read its "
        "configuration",
        endpoint=target.arn,
        resource=urn,
        place=place,
    )


def other_needs(case: Case) -> Iterator[Violation | Unknown]:
    """What the proxies of a mesh file need besides their configuration."""
    for subject in case.subjects.values():
        for declared in subject.declared:
            for endpoint in declared.endpoints:
                yield from _lacking(case, subject, endpoint)


def _lacking(case: Case, subject: Subject, endpoint: Endpoint) -> Iterator[Violation | Unknown]:
    needs = needs_of(endpoint)
    context = endpoint.owner.context
    for permission in PERMISSIONS:
        if permission.key == "configuration":
            continue
        for wanted in getattr(needs, permission.key):
            arn = bind(wanted.arn, context)
            for action in permission.actions:
                known = arn if isinstance(arn, str) else _named(subject, action, arn)
                yield from _refused(case, subject, action, known, LACKING, endpoint.arn)


def _named(subject: Subject, action: str, wanted: Deferred) -> str:
    """The resource with which the program has filled a text with holes, as a statement names it.

    Without such a statement, the text itself, which nothing allows.
    """
    pattern = regex(wanted)
    for granted in subject.statements():
        if is_about(granted.statement, action):
            for text in texts_of(granted.statement):
                if pattern.fullmatch(text):
                    return text
    return str(wanted).replace("${", "(").replace("}", ")")


def regex(text: Text) -> re.Pattern[str]:
    """What a text with holes can become: no pattern, and nothing empty."""
    parts = text.parts if isinstance(text, Deferred) else (text,)
    return re.compile(
        "".join(re.escape(part) if isinstance(part, str) else r"[^*?$]+" for part in parts)
    )


def _refused(
    case: Case, subject: Subject, action: str, resource: str, code: Code, endpoint: str = ""
) -> Iterator[Violation | Unknown]:
    """Why a subject may not do what its proxy needs; nothing when it may."""
    account, region = str(subject.identity.account), (endpoint or resource).split(":")[3]
    caller = Caller(subject.arn) if subject.arn.startswith("arn:") else None
    asked = Request(action, resource, caller, request_context(account, region), complete=False)
    place = case.where.of_role(subject)
    what = f"{action} on {resource}"
    try:
        decision = evaluate(asked, subject.layers)
    except Undecidable as error:
        yield Unknown(subject.arn, f"whether it may do {what}: {error}", place=place)
        return
    if decision.allowed or (decision.outcome == "implicit-deny" and not subject.complete):
        return
    found, granted = _code(subject, decision, code)
    yield found.found(
        f"{subject_text(subject)} needs {what}, but {decision.reason}",
        role=subject.arn,
        endpoint=endpoint or resource,
        statement=statement_text(granted) if granted else None,
        resource=_urn(subject, granted),
        place=case.where.of_statement(subject, granted) if granted else place,
        mend=_mend(found, action, resource),
    )


def _code(subject: Subject, decision: Decision, lacking: Code) -> tuple[Code, Granted | None]:
    if decision.layer == "boundary":
        return BOUNDED, _granted(subject, decision)
    if decision.layer == "scp":
        return GUARDED, None
    if decision.outcome == "explicit-deny":
        return DENIED, _granted(subject, decision)
    return lacking, None


def _granted(subject: Subject, decision: Decision) -> Granted | None:
    """The deciding statement with its policy."""
    if decision.statement is None:
        return None
    for source, policy in subject.policies:
        if any(each is decision.statement for each in policy.statements):
            return Granted(source, decision.statement)
    boundary = subject.identity.boundary
    return None if boundary is None else Granted(boundary, decision.statement)


def _urn(subject: Subject, granted: Granted | None) -> str | None:
    source = granted.source.resource if granted else subject.identity.resource
    return source.urn if source else None


def _mend(code: Code, action: str, resource: str) -> str | None:
    if code in (UNREADABLE, LACKING):
        return f"Allow {action} on {resource} in a policy of the role."
    return None
