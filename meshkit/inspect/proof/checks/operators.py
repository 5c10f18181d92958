"""Whether the roles of operators may do what their tiers may, for those whom the file names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from meshkit.config.deferred import Deferred
from meshkit.inspect.proof.checks.undeclared import covers, listed
from meshkit.inspect.proof.codes import (
    OPERATOR_EXCEEDS,
    OPERATOR_LACKS,
    OPERATOR_SHUT_OUT,
    OTHER_OPERATOR,
    UNDECLARED_OPERATOR,
    UNNAMED_MESH,
)
from meshkit.inspect.proof.reading import (
    MADE_UP,
    instance_of,
    is_about,
    request_context,
    texts_of,
)
from meshkit.inspect.proof.showing import statement_name, statement_text, subject_text
from meshkit.inspect.proof.subject import Granted
from meshkit.inspect.proof.subjects import is_silent
from meshkit.inspect.violation import Unknown
from meshkit.policy.document import Condition
from meshkit.policy.evaluation import Caller, Policy, Request, Undecidable, evaluate
from meshkit.policy.mesh_actions import ACTIONS
from meshkit.policy.mesh_operators import operator_policy, operator_trust
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.config.deferred import Hole
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.subject import Subject
    from meshkit.inspect.violation import Code, Violation
    from meshkit.policy.document import Statement, Text
    from meshkit.policy.evaluation import Statement as Allowing
    from meshkit.topology.model import ResolvedMesh, ResolvedOperator

CHANGING = tuple(
    sorted(
        {each for each in ACTIONS if not each.startswith(("appmesh:Describe", "appmesh:List"))}
        - {STREAM_ACTION, "appmesh:GetMeshPolicy"}
    )
)
"""The actions by which somebody changes a mesh."""
_BLAME = {
    UNDECLARED_OPERATOR: "and is none of its operators",
    UNNAMED_MESH: "and does not name it",
}
KINDS = ("virtualNode", "virtualRouter", "virtualService", "virtualGateway")


class Operator(NamedTuple):
    """The role of an operator that the program makes."""

    mesh: ResolvedMesh
    operator: ResolvedOperator
    subject: Subject


def operators_of(case: Case) -> Iterator[Operator]:
    """The operators of the mesh files whose roles are in the program."""
    for mesh in case.meshes:
        for operator in mesh.operators.values():
            subject = case.role_of(operator.owner.id, operator.name)
            if subject is not None:
                yield Operator(mesh, operator, subject)


def tiers(case: Case) -> Iterator[Violation]:
    """Statements that an operator's role has beyond its tier, and those that it lacks."""
    for each in operators_of(case):
        mesh, operator, subject = each
        wanted = operator_policy(mesh, operator).statements
        found = list(subject.statements())
        for granted in found:
            if not any(covers(one, granted.statement.document) for one in wanted):
                yield _excess(case, each, granted)
        for source in subject.identity.policies:
            if is_silent(source):  # of AWS, about other things: its statements are not kept
                yield OPERATOR_EXCEEDS.found(
                    f"{subject_text(subject)} has the policy {source.name}, which the tier "
                    f"{operator.spec.tier} has not",
                    role=subject.arn,
                    resource=source.resource.urn if source.resource else None,
                    place=case.where.of_resource(source.resource),
                )
        for one in wanted if subject.complete else ():
            if not any(_is_whole(one, granted.statement.document) for granted in found):
                yield OPERATOR_LACKS.found(
                    f'{subject_text(subject)} lacks the statement "{one.sid}" of its tier '
                    f"{operator.spec.tier}",
                    role=subject.arn,
                    place=case.where.locate(mesh, operator.path),
                )


def _is_whole(wanted: Statement, found: Mapping[str, Any]) -> bool:
    """Whether a statement of the program allows all that one of the tier does."""
    return (
        covers(wanted, found)
        and set(wanted.actions) <= set(listed(found["Action"]))
        and set(wanted.resources) <= set(listed(found["Resource"]))
    )


def _excess(case: Case, each: Operator, granted: Granted) -> Violation:
    return OPERATOR_EXCEEDS.found(
        f"{subject_text(each.subject)} has {statement_name(granted)}, which the tier "
        f"{each.operator.spec.tier} has not",
        role=each.subject.arn,
        statement=statement_text(granted),
        resource=granted.source.resource.urn if granted.source.resource else None,
        place=case.where.of_statement(each.subject, granted),
    )


def sign_in(case: Case) -> Iterator[Violation]:
    """Who may take the role of an operator, against whom the file names."""
    for mesh, operator, subject in operators_of(case):
        source = subject.identity.trust
        if subject.trust is None or source is None:
            continue
        wanted = operator_trust(mesh, operator).document().statements
        found = [Granted(source, each) for each in subject.trust.statements]
        for granted in found:
            if granted.statement.effect == "Allow" and not _is_among(wanted, granted):
                yield OTHER_OPERATOR.found(
                    f"{subject_text(subject)}: its trust policy has {statement_name(granted)}, by "
                    "which others than the mesh file names may take it",
                    role=subject.arn,
                    statement=statement_text(granted),
                    resource=source.resource.urn if source.resource else None,
                    place=case.where.locate(mesh, (*operator.path, "trust")),
                )
        if not all(any(_is_the_same(one, granted) for granted in found) for one in wanted):
            yield OPERATOR_SHUT_OUT.found(
                f"{subject_text(subject)}: its trust policy does not let in everybody whom the "
                "mesh file names",
                role=subject.arn,
                resource=source.resource.urn if source.resource else None,
                place=case.where.locate(mesh, (*operator.path, "trust")),
            )


def _is_among(wanted: tuple[Statement, ...], granted: Granted) -> bool:
    return any(_is_the_same(one, granted) for one in wanted)


def _is_the_same(wanted: Statement, granted: Granted) -> bool:
    """Whether a trust statement of the program is one of the file, its holes filled."""
    found: dict[str, Any] = dict(granted.statement.document)
    principal = found.pop("Principal", None)
    if wanted.principal is None or not isinstance(principal, dict) or len(principal) != 1:
        return False
    named = principal.get(wanted.principal.kind)
    named = named[0] if isinstance(named, list) and len(named) == 1 else named
    known = _holes(wanted.principal.values[0], named) if isinstance(named, str) else None
    return known is not None and covers(_filled(wanted, known), found)


def _holes(text: Text, found: str) -> Mapping[Hole, str] | None:
    """What stands in the holes of a text; ``None`` where it is another text."""
    parts = text.parts if isinstance(text, Deferred) else (text,)
    holes = [part for part in parts if not isinstance(part, str)]
    pattern = "".join(re.escape(each) if isinstance(each, str) else "([^*?$]+)" for each in parts)
    match = re.fullmatch(pattern, found)
    return None if match is None else dict(zip(holes, match.groups(), strict=True))


def _filled(wanted: Statement, known: Mapping[Hole, str]) -> Statement:
    """The statement without its principal, its keys as IAM writes them."""

    def filled(text: Text) -> Text:
        return text.fill(known.get) if isinstance(text, Deferred) else text

    def key(text: Text) -> str:
        return str(filled(text)).rpartition(":oidc-provider/")[2]

    conditions = (
        Condition(each.operator, key(each.key), each.values) for each in wanted.conditions
    )
    return replace(wanted, principal=None, conditions=tuple(conditions))


def undeclared_operators(case: Case) -> Iterator[Violation | Unknown]:
    """Whoever may change a mesh whose file says who works on it, and is not among them.

    A file that does not say so leaves it to the program, which names the mesh then.
    """
    for mesh in case.meshes:
        if mesh.config.data_plane != "app-mesh":
            continue
        for subject, granted in _by_hand(case):
            if mesh.operators:
                yield from _changing(case, mesh, subject, granted, UNDECLARED_OPERATOR)
            elif not _is_told(case, subject, granted):
                unnamed = replace(granted, statement=_beyond(mesh, granted.statement))
                yield from _changing(case, mesh, subject, unnamed, UNNAMED_MESH)


def _by_hand(case: Case) -> Iterator[tuple[Subject, Granted]]:
    """Everybody who is neither a proxy nor an operator of a file, and what they are allowed."""
    declared = {each.subject.arn for each in operators_of(case)}
    for subject in case.subjects.values():
        if subject.arn in declared or subject.declared:
            continue  # what else such a role may do is a violation of its own
        for granted in subject.statements():
            if not case.meshstack.grants(subject, granted):
                yield subject, granted


def _is_told(case: Case, subject: Subject, granted: Granted) -> bool:
    """Whether the wildcard of a statement is a violation, or open, by what it lets one read."""
    reading = case.readings[subject.arn]
    return any(each.statement is granted.statement for each in (*reading.wide, *reading.doubtful))


def _beyond(mesh: ResolvedMesh, statement: Allowing) -> Allowing:
    """The statement without the resources that name the mesh."""
    if statement.not_resources:
        return statement
    name = re.compile(rf":mesh/{re.escape(mesh.name)}(?:[/@]|$)")
    unnamed = (each for each in statement.resources or () if not name.search(each.text))
    return replace(statement, resources=tuple(unnamed))


def _changing(
    case: Case, mesh: ResolvedMesh, subject: Subject, granted: Granted, code: Code
) -> Iterator[Violation | Unknown]:
    """Whether a statement lets somebody change a mesh, with all that limits them."""
    urn = granted.source.resource.urn if granted.source.resource else None
    place = case.where.of_statement(subject, granted)
    try:
        changes = _may_change(mesh, subject, granted)
    except Undecidable as error:
        message = f"whether {statement_name(granted)} lets it change the mesh {mesh.name}: {error}"
        yield Unknown(subject.arn, message, urn, place)
        return
    if changes:
        yield code.found(
            f"{subject_text(subject)} may change the mesh {mesh.name} "
            f"({statement_name(granted)}) {_BLAME[code]}",
            role=subject.arn,
            statement=statement_text(granted),
            resource=urn,
            place=place,
        )


def _may_change(mesh: ResolvedMesh, subject: Subject, granted: Granted) -> bool:
    actions = [each for each in CHANGING if is_about(granted.statement, each)]
    denying = (each.statement for each in subject.statements("Deny"))
    layers = replace(subject.layers, identity=(Policy((granted.statement, *denying)),))
    caller = Caller(subject.arn) if subject.arn.startswith("arn:") else None
    context = request_context(subject.identity.account or "", mesh.region)
    return any(
        evaluate(Request(action, arn, caller, context, complete=False), layers).allowed
        for arn in (_things(mesh, granted) if actions else ())
        for action in actions
    )


def _things(mesh: ResolvedMesh, granted: Granted) -> Iterator[str]:
    """The mesh, something of every account in it, and what the statement names there."""
    heads = {
        mesh.arns.virtual_node(owner.id, "").removesuffix("/virtualNode/")
        for owner in mesh.owners.values()
    }
    yield mesh.arn
    for head in sorted(heads):
        yield from (f"{head}/{kind}/{MADE_UP}" for kind in KINDS)
        yield f"{head}/virtualRouter/{MADE_UP}/route/{MADE_UP}"
        yield f"{head}/virtualGateway/{MADE_UP}/gatewayRoute/{MADE_UP}"
    for text in texts_of(granted.statement):
        named = instance_of(text)
        if named.startswith(tuple(f"{head}/" for head in heads)):
            yield named
