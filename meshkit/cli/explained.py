"""Explained roles and refusals, as text for people and as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from meshkit.inspect.proof.showing import statement_text
from meshkit.policy.remedy import NAMES, remedy_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.explain import ExplainedRole, ExplainedStatement
    from meshkit.inspect.refusal import Checked
    from meshkit.policy.denial import Denial


def lines_of_role(role: ExplainedRole) -> Iterator[str]:
    """Who may take the role, then each statement with what asked for it."""
    identity = role.subject.identity
    yield typer.style(role.subject.arn, bold=True)
    if role.place:
        yield f"  {'declared' if role.subject.declared else 'made'} at {role.place}"
    yield from (f"  for {each}" for each in role.endpoints)
    yield from (f"  may be taken by {each}" for each in role.trust)
    yield from (f"  {each}" for each in role.calls)
    if identity.boundary is not None:
        yield f"  within permissions boundary {identity.boundary.name}"
    if not identity.made:
        yield "  the program only attaches to it; what else it has is not known"
    policy = ""
    for each in role.statements:
        if each.granted.source.name != policy:
            policy = each.granted.source.name
            yield typer.style(f"  policy {policy}", bold=True)
        yield from _statement(each)
    yield from (f"  not known: {each.message}" for each in role.subject.unknowns)


def _statement(each: ExplainedStatement) -> Iterator[str]:
    statement = each.granted.statement
    sid = f" ({statement.sid})" if statement.sid else ""
    if each.granted.source.secret:
        yield f"    {statement_text(each.granted)}"
    else:
        yield f"    {statement.effect}{sid} {_some(_given(each, 'Action'), statement.not_actions)}"
        for text in _given(each, "Resource"):
            yield f"      on {'all but ' if statement.not_resources else ''}{text}"
        for condition in statement.conditions:
            values = " or ".join(value.text for value in condition.values)
            yield f"      if {condition.name} {condition.key}: {values}"
    yield from (f"      asked for at {origin}" for origin in each.origins)


def _given(each: ExplainedStatement, element: str) -> list[str]:
    document = each.granted.statement.document
    value = document.get(element, document.get(f"Not{element}", []))
    return [value] if isinstance(value, str) else list(value)


def _some(texts: list[str], negated: bool) -> str:
    return f"{'all but ' if negated else ''}{', '.join(texts)}"


def data_of_role(role: ExplainedRole) -> dict[str, Any]:
    """An explained role for other programs."""
    identity = role.subject.identity
    return {
        "arn": role.subject.arn,
        "kind": identity.kind,
        "declared_at": str(role.place) if role.place else None,
        "endpoints": list(role.endpoints),
        "trust": list(role.trust),
        "calls": list(role.calls),
        "permissions_boundary": identity.boundary.name if identity.boundary else None,
        "complete": role.subject.complete,
        "statements": [
            {
                "policy": each.granted.source.name,
                "sid": each.granted.statement.sid,
                "statement": statement_text(each.granted),
                "asked_for_at": [
                    {"place": str(origin.place) if origin.place else None, "path": origin.path}
                    for origin in each.origins
                ],
            }
            for each in role.statements
        ],
        "unknown": [each.message for each in role.subject.unknowns],
    }


def lines_of_denial(denial: Denial, against: Checked | None) -> Iterator[str]:
    """What was refused, by what, what would allow it, and what a program says of it."""
    on = f" on {denial.resource}" if denial.resource else ""
    yield f"{denial.caller or 'The caller'} was refused {denial.action}{on}"
    yield f"  by {NAMES[denial.refuser]}, {_how(denial)}"
    if denial.policy:
        yield f"  the policy is {denial.policy}"
    remedy = remedy_of(denial)
    yield from remedy.advice
    if remedy.statement is not None:
        yield from json.dumps(remedy.statement, indent=2, ensure_ascii=False).splitlines()
    if against is not None:
        yield f"In this program: {against.told}"


def _how(denial: Denial) -> str:
    if denial.explicit is None:
        return "by a Deny or for want of an Allow"
    return "by an explicit Deny" if denial.explicit else "for want of an Allow"


def data_of_denial(denial: Denial, against: Checked | None) -> dict[str, Any]:
    """A refusal for other programs."""
    remedy = remedy_of(denial)
    return {
        "caller": denial.caller,
        "action": denial.action,
        "resource": denial.resource,
        "refused_by": denial.refuser,
        "explicit": denial.explicit,
        "policy": denial.policy,
        "matched_statements": list(denial.statements),
        "advice": list(remedy.advice),
        "statement": remedy.statement,
        "program": against and {"outcome": against.outcome, "reason": against.told},
    }
