"""What a role of a program may do and who may take it, with the line that asked for each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.config.finding import dotted
from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.inspect.calling import calls_of_role
from meshkit.inspect.proof.showing import trusted
from meshkit.inspect.proof.subject import Granted
from meshkit.inspect.proof.where import SHARED_MESH
from meshkit.policy.document import Document
from meshkit.policy.evaluation.request import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.config.finding import Location
    from meshkit.graph import Resource
    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.subject import Subject
    from meshkit.policy.document import Statement


@dataclass(frozen=True, slots=True)
class Origin:
    """What asked for something: a value of a mesh file, or a line of a program."""

    path: str
    """In the file's own terms; empty for a line of a program."""
    place: Location | None

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.place, self.path) if part)


@dataclass(frozen=True, slots=True)
class ExplainedStatement:
    """One statement of a role, and what asked for it."""

    granted: Granted
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class ExplainedRole:
    """A role with all that the program gives it."""

    subject: Subject
    endpoints: tuple[str, ...]
    """ARNs of the endpoints that a mesh file gives it."""
    calls: tuple[str, ...]
    """What it may call on VPC Lattice, in words."""
    place: Location | None
    trust: tuple[str, ...]
    """Who may take it, in words."""
    statements: tuple[ExplainedStatement, ...]


def explain(case: Case, name: str) -> ExplainedRole:
    """Explain the role, or user, of this ARN, name, or name of a node or gateway.

    Raises ``MeshkitError`` where there is none, or where the name fits several.
    """
    subject = subject_of(case, name)
    granted = (
        Granted(source, statement)
        for source, policy in subject.policies
        for statement in policy.statements
    )
    return ExplainedRole(
        subject=subject,
        endpoints=tuple(each.arn for own in subject.declared for each in own.endpoints),
        calls=calls_of_role(case, subject),
        place=case.where.of_role(subject),
        trust=trusted(subject) if subject.identity.kind == "role" else (),
        statements=tuple(
            ExplainedStatement(each, _origins(case, subject, each)) for each in granted
        ),
    )


def subject_of(case: Case, name: str) -> Subject:
    """The role or user that a name means. Raises ``MeshkitError`` where it means none or several.

    A session's ARN means its role.
    """
    named = identity_of(name)
    wanted = f"{named.account}/{named.name}" if named.type == "session" else name
    names = {arn: set(_names(subject)) for arn, subject in case.subjects.items()}
    found = [arn for arn in names if wanted.lower() in names[arn]]
    if len(found) == 1:
        return case.subjects[found[0]]
    if found:
        raise MeshkitError(f'"{name}" is the name of several: {", ".join(found)}')
    known = sorted({each for own in names.values() for each in own if ":" not in each})
    raise MeshkitError(f'the program has no role "{name}"{did_you_mean(name, known)}')


def _names(subject: Subject) -> Iterator[str]:
    identity = subject.identity
    yield subject.arn.lower()
    yield identity.name.lower()
    yield f"{identity.account}/{identity.name}".lower()
    for declared in subject.declared:
        yield declared.role.key.lower()
        yield from (each.name.lower() for each in declared.role.endpoints)


def _origins(case: Case, subject: Subject, granted: Granted) -> tuple[Origin, ...]:
    resource = granted.source.resource
    if _is_of_file(case, resource):
        found = tuple(_of_file(case, subject, granted))
        if found:
            return found
    place = case.where.of_resource(resource)
    return (Origin("", place),) if place else ()


def _is_of_file(case: Case, resource: Resource | None) -> bool:
    """Whether a component made a policy from a mesh file."""
    parent = case.graph.get(resource.parent) if resource else None
    return parent is not None and parent.type == SHARED_MESH


def _of_file(case: Case, subject: Subject, granted: Granted) -> Iterator[Origin]:
    for declared in subject.declared:
        for statement in declared.statements:
            if is_part_of(granted.statement.document, statement):
                for path in statement.origin:
                    yield Origin(dotted(path), case.where.locate(declared.mesh, path))


def is_part_of(document: Mapping[str, object], statement: Statement) -> bool:
    """Whether a statement was written for this one, which may be split where it is large."""
    if Document((statement,)).deferred():
        return document.get("Sid") == statement.sid is not None
    whole = statement.to_dict()
    rest = {key: value for key, value in whole.items() if key != "Resource"}
    if rest != {key: value for key, value in document.items() if key != "Resource"}:
        return False
    return set(_listed(document.get("Resource"))) <= set(_listed(whole.get("Resource")))


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, list) else []
