"""How subjects, statements and endpoints are told to people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.inspect.proof.subject import Granted, Subject
    from meshkit.policy.evaluation import Statement

SECRET = "[secret]"  # noqa: S105 - what stands for one
LONG = 240
LONGEST = 4000
MANY = 5


def listed(texts: Iterable[str]) -> str:
    """The first few texts, and how many more there are."""
    every = list(texts)
    more = f" and {len(every) - MANY} more" if len(every) > MANY else ""
    return f"{', '.join(every[:MANY])}{more}"


def statement_text(granted: Granted) -> str:
    """A statement as JSON; its Sid alone, or its place, where its policy is a secret."""
    statement = granted.statement
    if granted.source.secret:
        return f"{SECRET} {statement}"
    text = json.dumps(statement.document, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


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
    """An endpoint by its mesh, kind and name; of VPC Lattice by its kind and id."""
    if is_service(arn):
        return arn.split(":", 5)[5]
    return arn.partition(":mesh/")[2] or arn


def is_service(arn: str) -> bool:
    """Whether it is of VPC Lattice, so that it is called and not read."""
    return arn.split(":")[2:3] == ["vpc-lattice"]


def trusted(subject: Subject) -> tuple[str, ...]:
    """Who may take a role, in words; what its conditions ask for stands behind each."""
    source = subject.identity.trust
    if subject.trust is None:
        return ("not known",)
    if source is not None and source.secret:
        return (SECRET,)
    return tuple(
        f"{text}{_asked(statement)}"
        for statement in subject.trust.statements
        if statement.effect == "Allow" and statement.principals is not None
        for texts in statement.principals.by_kind.values()
        for text in texts
    )


def _asked(statement: Statement) -> str:
    asked = [
        f"{_key_text(condition.key)} {' or '.join(each.text for each in condition.values)}"
        for condition in statement.conditions
    ]
    return f" with {', '.join(asked)}" if asked else ""


def _key_text(key: str) -> str:
    """A condition key without the issuer of a token, or the tags' common beginning."""
    return (
        key if key.lower().startswith("aws:source") else key.rpartition("/")[2].rpartition(":")[2]
    )
