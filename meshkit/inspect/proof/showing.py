"""How subjects, statements and endpoints are told to people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshkit.inspect.proof.subject import Granted, Subject

SECRET = "[secret]"  # noqa: S105 - what stands for one
LONG = 240


def statement_text(granted: Granted) -> str:
    """A statement as JSON; its Sid alone, or its place, where its policy is a secret."""
    statement = granted.statement
    if granted.source.secret:
        return f"{SECRET} {statement}"
    return json.dumps(statement.document, sort_keys=True, ensure_ascii=False)


def statement_name(granted: Granted) -> str:
    """A statement by its Sid, or its place, and its policy."""
    return f"{granted.statement} of policy {granted.source.name}"


def resources_text(granted: Granted) -> str:
    """The resources of a statement, shortened."""
    if granted.source.secret:
        return SECRET
    statement = granted.statement
    texts = ", ".join(each.text for each in statement.resources or ())
    shown = texts if len(texts) <= LONG else f"{texts[:LONG]}…"
    return f"all but {shown}" if statement.not_resources else shown


def subject_text(subject: Subject) -> str:
    """A role, user or group by its name and account."""
    account = f" of account {subject.identity.account}" if subject.identity.account else ""
    return f"{subject.identity.kind} {subject.identity.name}{account}"


def endpoint_text(arn: str) -> str:
    """An endpoint by its mesh, kind and name."""
    return arn.partition(":mesh/")[2] or arn
