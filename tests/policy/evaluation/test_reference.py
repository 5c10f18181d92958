"""The evaluator against a second one that shares no code with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis.strategies import DataObject, data, sampled_from

from meshkit.policy.evaluation import (
    Caller,
    Layers,
    Policy,
    Request,
    Undecidable,
    evaluate,
    matrix,
)
from tests.policy.evaluation import reference, strategies
from tests.policy.evaluation.questions import ROLE, USER

NOTHING_ELSE: dict[str, Any] = {
    "boundary": None,
    "scps": [],
    "session": None,
    "resource": None,
    "same_account": True,
}
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def parsed(documents: dict[str, Any]) -> Layers:
    session, boundary, resource = (documents[each] for each in ("session", "boundary", "resource"))
    return Layers(
        identity=tuple(map(Policy.parse, documents["identity"])),
        boundary=boundary and Policy.parse(boundary),
        scps=tuple(tuple(map(Policy.parse, level)) for level in documents["scps"]),
        session=None if session is None else tuple(map(Policy.parse, session)),
        resource=resource and Policy.parse(resource),
        same_account=documents["same_account"],
    )


def answer(request: dict[str, Any], layers: Layers) -> tuple[bool | None, str]:
    caller = Caller(request["caller"]["arn"], request["caller"]["kind"])
    asked = Request(**{**request, "caller": caller})
    try:
        decision = evaluate(asked, layers)
    except Undecidable:
        return None, "undecidable"
    return decision.allowed, decision.outcome


def names_a_session(documents: dict[str, Any], request: dict[str, Any]) -> bool:
    """A role as the caller, where a policy names a session: the reference does not go there."""
    return request["caller"]["arn"] == ROLE and ":assumed-role/" in str(documents["resource"])


def check(documents: dict[str, Any], request: dict[str, Any]) -> None:
    assume(not names_a_session(documents, request))
    allowed, outcome = answer(request, parsed(documents))
    event(outcome)

    assert allowed is reference.allowed(request, documents)
    if allowed is False and reference.denied(request, documents) is not None:
        explicit = reference.denied(request, documents)
        assert outcome == ("explicit-deny" if explicit else "implicit-deny")


@SLOW
@given(strategies.layers(), strategies.requests())
def test_both_evaluators_agree(documents: dict[str, Any], request: dict[str, Any]) -> None:
    check(documents, request)


@pytest.mark.slow
@settings(parent=SLOW, max_examples=4_000)
@given(strategies.layers(), strategies.requests())
def test_both_evaluators_agree_for_long(documents: dict[str, Any], request: dict[str, Any]) -> None:
    check(documents, request)


@SLOW
@given(strategies.statements(), strategies.requests())
def test_both_evaluators_agree_on_one_statement(
    statement: dict[str, Any], request: dict[str, Any]
) -> None:
    """With few other parts, each of its own is what decides."""
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Effect": "Allow"}]}
    check({"identity": [document], **NOTHING_ELSE}, request)


@pytest.mark.parametrize("qualifier", ["", "ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize("operator", sorted(strategies.OPERATORS))
@SLOW
@given(data())
def test_both_evaluators_agree_on_each_operator(
    operator: str, qualifier: str, data: DataObject
) -> None:
    values = data.draw(strategies.lists(strategies.OPERATORS[operator]))
    name = qualifier + operator + data.draw(sampled_from(("", "IfExists")))
    key = data.draw(sampled_from(("t:name", "t:list")))
    condition = {name: {key: values}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    check({"identity": [document], **NOTHING_ELSE}, data.draw(strategies.requests()))


@SLOW
@given(strategies.layers(), strategies.layers(), strategies.requests())
def test_the_matrix_is_what_each_pair_gives(
    first: dict[str, Any], second: dict[str, Any], request: dict[str, Any]
) -> None:
    roles = {ROLE: parsed(first), USER: parsed(second)}
    undecided: dict[str, Undecidable] = {}
    found = matrix(
        request["action"],
        roles,
        strategies.RESOURCES,
        request["context"],
        complete=request["complete"],
        undecided=undecided,
    )

    for arn, layers in roles.items():
        asked = {**request, "caller": {"arn": arn, "kind": "AWS"}}
        cells = {
            resource: answer({**asked, "resource": resource}, layers)[0]
            for resource in strategies.RESOURCES
        }
        assert found[arn] == {resource for resource, allowed in cells.items() if allowed}
        assert (arn in undecided) is (None in cells.values())
