"""Many roles and resources at once, and policies made to be slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from meshkit.policy.evaluation import (
    Caller,
    Layers,
    Policy,
    PolicyError,
    Request,
    Undecidable,
    evaluate,
    matrix,
)
from tests.policy.evaluation.questions import ACCOUNT, READ, node, policy, statement

NODES = [node(f"n{number}") for number in range(120)]
ROLES = [f"arn:aws:iam::{ACCOUNT}:role/mesh/r{number}" for number in range(120)]
NEVER = statement("Deny", Resource=node("n1?"))
BOUND = {"StringEquals": {"aws:PrincipalArn": ROLES[4]}}
OWN = statement(Resource=node("${k:node, 'n7'}"))


def own(number: int) -> dict[str, Any]:
    return statement(Action=READ, Resource=[NODES[number], node("elsewhere")])


KINDS: list[Callable[[int], Layers]] = [
    lambda number: Layers((policy(own(number)),)),
    lambda number: Layers((policy(statement()),)),
    lambda number: Layers((policy(statement(), NEVER),)),
    lambda number: Layers((policy(statement(Resource=node(f"*{number}"))),)),
    lambda number: Layers((policy(statement(NotResource=NODES[number:])),)),
    lambda number: Layers((policy(statement(), statement("Deny", NotResource=NODES[:9])),)),
    lambda number: Layers((policy(statement(Condition=BOUND)),)),
    lambda number: Layers((policy(OWN),)),
    lambda number: Layers((policy(statement()),), boundary=policy(own(number))),
    lambda number: Layers((policy(statement()),), scps=((policy(statement(), NEVER),),)),
    lambda number: Layers((policy(own(number)),), session=(policy(statement(Resource=NODES)),)),
    lambda number: Layers(
        (policy(own(number)),),
        resource=policy(statement(Principal={"AWS": ROLES[number]}, Resource=NODES[3])),
    ),
    lambda number: Layers(
        (policy(own(number)),),
        resource=policy(statement(Principal={"AWS": ACCOUNT}, Resource=NODES[:9])),
        same_account=False,
    ),
]


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_each_cell_is_what_evaluate_says(kind: int) -> None:
    roles = {arn: KINDS[kind](number) for number, arn in enumerate(ROLES[:12])}
    found = matrix(READ, roles, NODES)

    assert any(found.values())
    for arn, layers in roles.items():
        caller = Caller(arn)
        expected = {each for each in NODES if evaluate(Request(READ, each, caller), layers).allowed}
        assert found[arn] == expected


def test_resources_are_asked_about_once_and_in_any_order() -> None:
    roles = {ROLES[0]: Layers((policy(statement(Resource=node("n1*"))),))}

    assert matrix(READ, roles, NODES) == matrix(READ, roles, [*reversed(NODES), *NODES])
    assert matrix(READ, roles, []) == {ROLES[0]: frozenset()}
    assert matrix(READ, {}, NODES) == {}


def test_a_role_in_doubt_raises_or_keeps_what_is_sure() -> None:
    doubtful = Layers((policy(own(3), statement(Condition={"Odd": {"k": "v"}})),))
    roles = {ROLES[0]: doubtful, ROLES[1]: Layers((policy(own(1)),))}

    with pytest.raises(Undecidable, match='unknown condition operator "Odd"'):
        matrix(READ, roles, NODES)
    undecided: dict[str, Undecidable] = {}
    found = matrix(READ, roles, NODES, undecided=undecided)
    assert found == {ROLES[0]: {NODES[3]}, ROLES[1]: {NODES[1]}}
    assert list(undecided) == [ROLES[0]]


def test_the_context_may_be_known_only_in_part() -> None:
    bound = statement(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    roles = {ROLES[0]: Layers((policy(bound),))}

    assert matrix(READ, roles, NODES) == {ROLES[0]: frozenset()}
    assert matrix(READ, roles, NODES, {"aws:SourceVpc": "vpc-1"}) == {ROLES[0]: set(NODES)}
    with pytest.raises(Undecidable):
        matrix(READ, roles, NODES, complete=False)


LONG = node("a" * 2_000)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("*a" * 1_000 + "*b", False), ("*a" * 1_000, True), ("?" * 2_000, True), ("*?" * 500, True)],
)
def test_a_pattern_of_many_wildcards_takes_no_time(name: str, allowed: bool) -> None:
    """A matcher that goes back for every star would not end before the sun does."""
    layers = Layers((policy(statement(Action="*" * 300 + ":" + "*a" * 300, Resource=node(name))),))
    started = time.process_time()

    decision = evaluate(Request("appmesh:" + "a" * 300, LONG), layers)
    assert decision.allowed is allowed
    assert time.process_time() - started < 2


def test_two_thousand_patterns_against_a_thousand_resources_take_seconds() -> None:
    patterns = [f"arn:aws:appmesh:*:*:mesh/*/virtual*/n{number}*x" for number in range(2_000)]
    roles = {ROLES[0]: Layers((policy(statement(Resource=patterns)),))}
    nodes = [node(f"n{number}") for number in range(1_000)]
    started = time.process_time()

    assert matrix(READ, roles, [*nodes, node("n77xx")]) == {ROLES[0]: {node("n77xx")}}
    assert time.process_time() - started < 10


@pytest.mark.parametrize("key", ["Condition", "Statement"])
def test_a_document_of_great_depth_is_refused(key: str) -> None:
    deep: Any = "x"
    for _ in range(50_000):
        deep = [deep]

    with pytest.raises(PolicyError):
        Policy.parse({"Statement": [statement()], key: deep})
