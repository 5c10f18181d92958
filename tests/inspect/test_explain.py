"""Roles explained, and refusals held against a program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meshkit.errors import MeshkitError
from meshkit.graph import Secret
from meshkit.inspect.explain import explain, is_part_of
from meshkit.inspect.refusal import checked
from meshkit.policy.denial import Denial
from meshkit.policy.document import Statement
from tests.inspect.graphs import ORDERS, READ, case, document, node, role

OWN = {"Effect": "Allow", "Action": READ, "Resource": node("a")}
ROLE = f"arn:aws:iam::{ORDERS}:role/a"
SESSION = f"arn:aws:sts::{ORDERS}:assumed-role/a/task-1"


@pytest.mark.parametrize("name", [ROLE, "a", "A", f"{ORDERS}/a", SESSION])
def test_a_role_has_several_names(name: str) -> None:
    assert explain(case(*role("a"), *role("b")), name).subject.arn == ROLE


def test_a_hand_written_statement_came_from_the_line_of_its_policy() -> None:
    found = explain(case(*role("a", OWN)), "a")

    (statement,) = found.statements
    assert [str(each) for each in statement.origins] == [f"__main__.py:{len('a-policy')}:1"]
    assert found.trust == ("ecs-tasks.amazonaws.com",)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(MeshkitError, match=r'no role "ordrs" \(did you mean "orders"\?\)'):
        explain(case(*role("orders")), "ordrs")


def test_a_name_of_several_is_told_with_all() -> None:
    twice = case(*role("a"), *role("a", account="111111111111"))

    with pytest.raises(MeshkitError, match=r"is the name of several: arn.*, arn"):
        explain(twice, "a")
    assert explain(twice, f"{ORDERS}/a").subject.arn == ROLE


def refused(**parts: object) -> Denial:
    return Denial(**{"action": READ, "resource": node("a"), "caller": SESSION, **parts})  # type: ignore[arg-type]


def test_a_program_that_does_not_allow_it_either() -> None:
    found = checked(case(*role("a", {**OWN, "Resource": node("b")})), refused())

    assert found.outcome == "implicit-deny"
    assert found.told.startswith("no identity-based policy allows")


def test_a_program_that_allows_it_is_not_what_is_deployed() -> None:
    found = checked(case(*role("a", OWN)), refused())

    assert found.outcome == "allow"
    assert "what is deployed differs" in found.told


def test_a_refusal_by_trust_is_asked_of_the_trust_policy() -> None:
    trust = {"action": "sts:AssumeRole", "resource": ROLE, "refuser": "trust"}
    program = case(*role("a", OWN))

    ecs = checked(program, refused(**trust, caller="ecs-tasks.amazonaws.com"))
    assert ecs.outcome == "allow"
    ec2 = checked(program, refused(**trust, caller="ec2.amazonaws.com"))
    assert ec2.told == "no role trust policy allows sts:AssumeRole to ec2.amazonaws.com"


def test_what_is_open_says_what_it_depends_on_but_quotes_no_secret() -> None:
    bound = {**OWN, "Condition": {"StringEquals": {"k:hidden": "x"}}}
    plain = checked(case(*role("a", bound)), refused())
    secret = checked(case(*role("a", policy=Secret(document(bound)))), refused())

    assert (plain.outcome, secret.outcome) == ("undecidable", "undecidable")
    assert "k:hidden" in plain.told
    assert "hidden" not in secret.told


def test_a_split_statement_keeps_its_origins() -> None:
    endpoints = tuple(node(f"n{number}") for number in range(3))
    whole = Statement(sid="Read", actions=(READ,), resources=endpoints, origin=(("nodes", "n0"),))
    part = replace(whole, resources=endpoints[:2]).to_dict()

    assert is_part_of(part, whole)
    assert not is_part_of({**part, "Resource": node("other")}, whole)
    assert not is_part_of({**part, "Effect": "Deny"}, whole)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"action": None}, "does not tell the action"),
        ({"caller": None}, "does not tell the caller"),
        ({"refuser": "trust", "resource": None}, "does not tell the role"),
        ({"caller": SESSION.replace("/a/", "/b/")}, "the program has no role"),
    ],
)
def test_what_a_refusal_does_not_tell(parts: dict[str, object], told: str) -> None:
    found = checked(case(*role("a", OWN)), refused(**parts))

    assert found.outcome == "unknown"
    assert told in found.told
