"""What the evaluator does not know, it says so; it never guesses an allow."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.evaluation import Caller, Request, Undecidable, alone
from tests.policy.evaluation.questions import USER, decide, node, policy, statement


@pytest.mark.parametrize(
    ("operator", "values", "value", "reason"),
    [
        ("StringMatches", "x", "x", 'unknown condition operator "StringMatches"'),
        ("stringequals", "x", "x", "unknown condition operator"),
        ("NullIfExists", "true", "x", "unknown condition operator"),
        ("ForAnyValue:Null", "true", "x", "unknown condition operator"),
        ("BoolNotEquals", "true", "true", "unknown condition operator"),
        ("StringEquals", [], "x", "no value to compare"),
        ("NumericEquals", "ten", "10", "not a number"),
        ("NumericEquals", "10", "ten", "not a number"),
        ("NumericEquals", "${k:x}", "10", "takes no variable"),
        ("DateEquals", "2026", "2026-01-01", "read one way"),
        ("DateEquals", "2026-02-30", "2026-01-01", "not a date"),
        ("Bool", "yes", "true", "neither true nor false"),
        ("BinaryEquals", "&", "QQ==", "not base64"),
        ("IpAddress", "10.0.0.0/33", "10.0.0.1", "not an address"),
        ("IpAddress", "10.0.0.0/8", "here", "not an address"),
        ("ArnLike", "*", node("a"), "not an ARN"),
        ("ArnLike", node("a"), "a", "not an ARN"),
        ("StringEquals", "a", ("a", "b"), "has several values"),
        ("StringEquals", "${k:key", "a", "no policy variable"),
        ("StringEquals", ["a", "${k:other}"], "a", "the request lacks"),
        ("StringNotEquals", "${k:other}", "a", "the request lacks"),
    ],
)
def test_a_condition_that_can_not_be_read(
    operator: str, values: Any, value: Any, reason: str
) -> None:
    bound = statement(Condition={operator: {"k:key": values}})

    with pytest.raises(Undecidable, match=reason):
        decide(bound, k__key=value)
    with pytest.raises(Undecidable, match=reason):
        decide(statement(), {**bound, "Effect": "Deny"}, k__key=value)


UNKNOWN = {"StringMatches": {"k:key": "x"}}


def test_the_doubt_names_policy_and_statement() -> None:
    with pytest.raises(Undecidable, match=r'^statement "Odd": unknown'):
        decide(statement(Sid="Odd", Condition=UNKNOWN))


@pytest.mark.parametrize(
    ("others", "outcome"),
    [
        ([statement(), statement(Condition=UNKNOWN)], "allow"),
        ([statement("Deny"), statement("Deny", Condition=UNKNOWN)], "explicit-deny"),
        ([statement("Deny", Condition=UNKNOWN)], "implicit-deny"),
        ([statement(Action="s3:*", Condition=UNKNOWN)], "implicit-deny"),
        ([statement(Resource=node("other"), Condition=UNKNOWN)], "implicit-deny"),
        (
            [statement(Condition={**UNKNOWN, "StringEquals": {"k:key": "y"}})],
            "implicit-deny",
        ),
    ],
)
def test_a_doubt_that_changes_nothing_is_none(others: list[dict[str, Any]], outcome: str) -> None:
    assert decide(*others, k__key="x").outcome == outcome


def test_the_time_of_a_request_is_not_guessed() -> None:
    ends = statement(Condition={"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}})

    with pytest.raises(Undecidable, match="aws:CurrentTime"):
        decide(ends)
    assert decide(ends, aws__CurrentTime="2029-01-01T00:00:00Z").allowed


def test_a_request_may_be_told_only_in_part() -> None:
    bound = statement(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})

    assert not decide(bound).allowed
    with pytest.raises(Undecidable, match="aws:SourceVpc"):
        decide(bound, complete=False)
    assert decide(bound, complete=False, aws__SourceVpc="vpc-1").allowed


def test_a_variable_that_the_request_lacks_matches_nothing() -> None:
    own = statement(Resource=node("${aws:PrincipalTag/node}"))

    assert decide(own).outcome == "implicit-deny"
    with pytest.raises(Undecidable, match="the request lacks"):
        decide({**statement(), "Resource": [node("orders"), node("${aws:PrincipalTag/node}")]})
    with pytest.raises(Undecidable, match="the request lacks"):
        decide(statement(), {"Effect": "Deny", "Action": "*", "NotResource": own["Resource"]})


def test_only_users_have_a_user_name_and_that_is_known() -> None:
    own = statement(Resource=node("${aws:username}"))

    assert decide(own, resource=node("ana"), caller=USER, complete=False).allowed
    assert decide(own, complete=False).outcome == "implicit-deny"


@pytest.mark.parametrize(
    ("caller", "known"),
    [
        (Caller("ecs-tasks.amazonaws.com", "Service"), True),
        (Caller(None, "Anonymous"), True),
        (Caller("arn:aws:iam::111111111111:root"), True),
        (Caller("arn:aws:iam::111111111111:something/new"), False),
        (None, False),
    ],
)
def test_whether_a_caller_has_a_user_name_is_known_of_its_kind(
    caller: Caller | None, known: bool
) -> None:
    nameless = statement(Principal="*", Condition={"Null": {"aws:username": "true"}})
    request = Request("s3:GetObject", "*", caller, complete=False)

    if known:
        assert alone(request, policy(nameless)).allowed
    else:
        with pytest.raises(Undecidable, match="aws:username"):
            alone(request, policy(nameless))


def test_a_doubt_is_one_line() -> None:
    with pytest.raises(Undecidable) as caught:
        decide(statement(Condition={"Odd\n" * 999: {"k": "v"}}))

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_variable_of_several_values_is_undecidable() -> None:
    with pytest.raises(Undecidable, match="several values"):
        decide(statement(Resource=node("${aws:TagKeys}")), aws__TagKeys=("a", "b"))


def test_a_variable_stands_only_in_the_last_part_of_an_arn() -> None:
    early = statement(Resource="arn:aws:s3::${aws:PrincipalAccount}:bucket")

    with pytest.raises(Undecidable, match="before the last part"):
        decide(early, caller=USER)


def test_what_a_variable_brings_is_no_wildcard() -> None:
    own = statement(Resource=node("${k:name}"))

    assert not decide(own, k__name="*").allowed
    assert decide(own, k__name="*", resource=node("*")).allowed
