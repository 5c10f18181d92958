"""Callers with which auth policies are tried: those that they name, and some that are made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from meshkit.inspect.proof.conditions import is_exact
from meshkit.inspect.proof.lattice.asking import instance
from meshkit.inspect.proof.reading import MADE_UP
from meshkit.policy.evaluation import Caller

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.policy.evaluation import Policy, Statement
    from meshkit.policy.evaluation.request import Value

Kind = Literal["named", "made up", "anonymous"]

STRANGE_ACCOUNT: Final = "000000000000"
STRANGE_ORGANIZATION: Final = "o-madeup0000"
ANYBODY: Final = Caller(None, kind="Anonymous")
_ARN: Final = re.compile(r"arn:(?P<partition>[^:]*):(?:iam|sts)::(?P<account>[^:]*):(?P<rest>.+)")
_ANONYMOUS: Final[dict[str, Value]] = {
    "aws:PrincipalType": "Anonymous",
    # What only those have who sign.
    "aws:PrincipalAccount": (),
    "aws:PrincipalArn": (),
    "aws:PrincipalIsAWSService": (),
    "aws:PrincipalOrgID": (),
    "aws:PrincipalOrgPaths": (),
    "aws:userid": (),
}
_PRINCIPAL_ARN: Final = "aws:principalarn"


@dataclass(frozen=True)
class Stranger:
    """Somebody who might call."""

    caller: Caller
    kind: Kind
    facts: tuple[tuple[str, Value], ...] = ()
    """What is known of them besides."""


def anonymous() -> Stranger:
    """Somebody who does not sign."""
    return Stranger(ANYBODY, "anonymous", tuple(_ANONYMOUS.items()))


def made_up_role(account: str, partition: str) -> Caller:
    """A role that nobody declares."""
    return Caller(f"arn:{partition}:iam::{account}:role/{MADE_UP}")


def outsiders(partition: str) -> Iterator[Stranger]:
    """Roles of an account that nobody knows: of no organization, and of another one."""
    caller = made_up_role(STRANGE_ACCOUNT, partition)
    organizations: tuple[Value, ...] = ((), STRANGE_ORGANIZATION)
    for organization in organizations:
        yield Stranger(caller, "made up", _facts(organization))


def _facts(organization: Value) -> tuple[tuple[str, Value], ...]:
    return (("aws:PrincipalType", "AssumedRole"), ("aws:PrincipalOrgID", organization))


def named_in(policies: Iterable[Policy | None], partition: str) -> Iterator[Stranger]:
    """Whom policies name, by exact ARN, by account or by pattern."""
    found: dict[str, Kind] = {}
    for policy in policies:
        for statement in policy.statements if policy else ():
            for text in _texts(statement):
                named = _role(text, partition)
                if named is not None:
                    found.setdefault(*named)
    for arn, kind in found.items():
        yield Stranger(Caller(arn), kind, (("aws:PrincipalType", "AssumedRole"),))


def _texts(statement: Statement) -> Iterator[str]:
    if statement.principals is not None:
        yield from statement.principals.by_kind.get("AWS", ())
    for condition in statement.conditions:
        if condition.key.lower() == _PRINCIPAL_ARN:
            yield from (each.text for each in condition.values)


def _role(text: str, partition: str) -> tuple[str, Kind] | None:
    """A role that a text names; one that is made up for an account or a pattern."""
    if re.fullmatch("[0-9]{12}", text):
        return f"arn:{partition}:iam::{text}:role/{MADE_UP}", "made up"
    found = _ARN.fullmatch(text)
    if found is None:
        return None
    account = found["account"] if is_exact(found["account"]) else STRANGE_ACCOUNT
    head = f"arn:{partition}:iam::{account}"
    if found["rest"] == "root":
        return f"{head}:role/{MADE_UP}", "made up"
    if is_exact(text):
        return text, "named"
    rest = instance(found["rest"])
    return f"{head}:{rest if '/' in rest else f'role/{MADE_UP}'}", "made up"
