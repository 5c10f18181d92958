"""What the role of a proxy may do that neither its proxy needs nor the mesh file adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.inspect.proof.checks.needs import regex
from meshkit.inspect.proof.codes import UNDECLARED
from meshkit.inspect.proof.showing import statement_name, statement_text, subject_text
from meshkit.inspect.proof.subjects import is_silent
from meshkit.policy.managed import is_managed_by_aws
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.proof.subject import Granted, Subject
    from meshkit.inspect.violation import Violation
    from meshkit.policy.document import Statement, Text


def undeclared_statements(case: Case) -> Iterator[Violation]:
    """Statements and managed policies of a file's own roles that the file does not ask for.

    An adopted role is somebody else's: only what it may read in a mesh is judged.
    """
    for subject in case.subjects.values():
        if not subject.declared or any(each.role.adopted for each in subject.declared):
            continue
        wanted = [statement for each in subject.declared for statement in each.statements]
        policies = _managed(subject)
        for granted in subject.statements():
            if not (
                _is_told_otherwise(case, subject, granted)
                or _is_attached(granted, policies)
                or any(covers(each, granted.statement.document) for each in wanted)
            ):
                yield UNDECLARED.found(
                    f"{subject_text(subject)} has {statement_name(granted)}, which the mesh file "
                    "does not ask for",
                    role=subject.arn,
                    statement=statement_text(granted),
                    resource=granted.source.resource.urn if granted.source.resource else None,
                    place=case.where.of_statement(subject, granted),
                )
        yield from _silent_policies(case, subject, policies)


def _is_told_otherwise(case: Case, subject: Subject, granted: Granted) -> bool:
    """Whether it only reads configurations, or its wildcard is a violation already."""
    reading = case.readings[subject.arn]
    if any(each.statement is granted.statement for each in (*reading.wide, *reading.doubtful)):
        return True
    only_reads = granted.statement.actions == (STREAM_ACTION.lower(),)
    return only_reads and not granted.statement.not_actions


def _managed(subject: Subject) -> list[Text]:
    return [arn for each in subject.declared for arn in each.managed_policies]


def _is_attached(granted: Granted, policies: Iterable[Text]) -> bool:
    return any(regex(arn).fullmatch(granted.source.name) for arn in policies)


def _silent_policies(case: Case, subject: Subject, policies: Iterable[Text]) -> Iterator[Violation]:
    """AWS's policies about other things than a mesh: their statements are not looked at."""
    for source in subject.identity.policies:
        if not (is_silent(source) and is_managed_by_aws(source.name)):
            continue
        if any(regex(arn).fullmatch(source.name) for arn in policies):
            continue
        yield UNDECLARED.found(
            f"{subject_text(subject)} has the policy {source.name}, which the mesh file does not "
            "ask for",
            role=subject.arn,
            resource=source.resource.urn if source.resource else None,
            place=case.where.of_resource(source.resource) or case.where.of_role(subject),
        )


def covers(wanted: Statement, found: Any) -> bool:
    """Whether a statement of the file is one of the program, its holes filled."""
    if found.get("Effect") != wanted.effect or "NotPrincipal" in found or "Principal" in found:
        return False
    conditions = {
        (condition.operator.lower(), str(condition.key).lower(), text)
        for condition in wanted.conditions
        for text in condition.values
    }
    return (
        _matches(wanted.actions, found.get("Action"))
        and _matches(wanted.not_actions, found.get("NotAction"))
        and _matches(wanted.resources, found.get("Resource"))
        and _matches(wanted.not_resources, found.get("NotResource"))
        and _same_conditions(conditions, found.get("Condition") or {})
    )


def _same_conditions(wanted: set[tuple[str, str, Text]], found: dict[str, Any]) -> bool:
    given = [
        (operator.lower(), key.lower(), str(value))
        for operator, keys in found.items()
        for key, values in keys.items()
        for value in listed(values)
    ]
    return len(given) == len(wanted) and all(
        any((operator, key) == each[:2] and regex(each[2]).fullmatch(value) for each in wanted)
        for operator, key, value in given
    )


def _matches(wanted: Iterable[Text], found: Any) -> bool:
    """Whether each text of the program is one of the file's, and the other way round none lacks."""
    patterns = [regex(each) for each in wanted]
    texts = listed(found)
    return bool(patterns) == bool(texts) and all(
        any(pattern.fullmatch(text) for pattern in patterns) for text in texts
    )


def listed(value: Any) -> list[Any]:
    """A part of a statement, which may be one text or a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
