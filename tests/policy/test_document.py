"""Documents: canonical JSON, holes, and what must never get into one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshkit.config.deferred import Deferred, Hole
from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Principal, Statement, concat

ARN = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/web"
HOLE = Deferred((Hole("value", "ARN"),))

texts = st.lists(st.text("abc:/-", min_size=1, max_size=8), min_size=1, max_size=4).map(tuple)
statements = st.builds(
    Statement,
    effect=st.sampled_from(["Allow", "Deny"]),
    actions=texts,
    resources=texts,
    conditions=st.lists(
        st.builds(
            Condition,
            operator=st.sampled_from(["StringEquals", "ArnEquals"]),
            key=st.sampled_from(["aws:SourceAccount", "aws:SourceArn"]),
            values=texts,
        ),
        max_size=2,
        unique_by=lambda each: (each.operator, each.key),
    ).map(tuple),
)


def test_a_document_is_written_as_iam_reads_it() -> None:
    document = Document(
        (
            Statement(
                sid="Read",
                actions=("b:Two", "a:One", "b:Two"),
                resources=(ARN,),
                conditions=(
                    Condition("StringEquals", "aws:SourceAccount", ("111111111111",)),
                    Condition("StringEquals", "aws:PrincipalTag/team", ("b", "a")),
                ),
            ),
        )
    )

    assert document.to_dict() == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["a:One", "b:Two"],
                "Resource": ARN,
                "Condition": {
                    "StringEquals": {
                        "aws:SourceAccount": "111111111111",
                        "aws:PrincipalTag/team": ["a", "b"],
                    }
                },
            }
        ],
    }


def test_the_json_has_no_white_space_between_its_parts() -> None:
    text = Document((Statement(actions=("a:One",), resources=("*",)),)).to_json()

    assert text == (
        '{"Statement":[{"Action":"a:One","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}'
    )


@given(st.lists(statements, max_size=5), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_change_the_json(each: list[Statement], random: object) -> None:
    def shuffled(items: tuple[str, ...]) -> tuple[str, ...]:
        doubled = [*items, *items]
        random.shuffle(doubled)  # type: ignore[attr-defined]  # a random.Random
        return tuple(doubled)

    other = [
        replace(
            statement,
            actions=shuffled(statement.actions),  # type: ignore[arg-type]  # no holes here
            resources=shuffled(statement.resources),  # type: ignore[arg-type]  # nor here
            conditions=tuple(reversed(statement.conditions)),
        )
        for statement in (*each, *each)
    ]
    random.shuffle(other)  # type: ignore[attr-defined]  # a random.Random

    assert Document(tuple(other)).to_json() == Document(tuple(each)).to_json()


@given(st.lists(statements, max_size=5))
def test_the_json_reads_back_as_the_document(each: list[Statement]) -> None:
    document = Document(tuple(each))

    assert json.loads(document.to_json()) == document.to_dict()


def test_two_statements_with_one_sid_are_refused() -> None:
    document = Document(
        (
            Statement(sid="Same", actions=("a:One",), resources=("*",)),
            Statement(sid="Same", actions=("a:Two",), resources=("*",)),
        )
    )

    with pytest.raises(MeshkitError, match='Sid "Same"'):
        document.to_dict()


@pytest.mark.parametrize("widening", ["web*", "we?", "${aws:PrincipalTag/node}"])
def test_a_literal_statement_takes_no_pattern(widening: str) -> None:
    arn = ARN.replace("web", widening)
    statement = Statement(actions=("a:One",), resources=(arn,), literal=True)
    condition = Condition("StringEquals", "aws:RequestTag/a", (widening,))

    with pytest.raises(MeshkitError, match="exact ARN or name"):
        statement.to_dict()
    with pytest.raises(MeshkitError, match="exact ARN or name"):
        replace(statement, resources=(ARN,), conditions=(condition,)).to_dict()


def test_a_pattern_is_what_it_says_where_it_is_asked_for() -> None:
    like = Condition("ArnLike", "aws:SourceArn", ("arn:aws:ecs:eu-west-1:111111111111:*",))
    literal = Statement(actions=("a:One",), conditions=(like,), literal=True)
    free = Statement(actions=("a:One",), resources=("arn:aws:s3:::bucket/*",))

    assert literal.to_dict()["Condition"]["ArnLike"]["aws:SourceArn"].endswith("*")
    assert free.to_dict()["Resource"] == "arn:aws:s3:::bucket/*"


def test_a_document_with_holes_has_no_json_yet() -> None:
    document = Document((Statement(actions=("a:One",), resources=(HOLE, ARN)),))

    assert document.deferred() == (HOLE,)
    with pytest.raises(TypeError, match="not known yet"):
        document.to_json()
    filled = document.map(lambda text: "arn:filled" if text == HOLE else text)
    assert filled.to_dict()["Statement"][0]["Resource"] == [
        ARN,
        "arn:filled",
    ]


def test_the_context_is_bound_everywhere() -> None:
    account = Deferred(("arn:aws:iam::", Hole("context", "account"), ":role/x"))
    document = Document(
        (
            Statement(
                actions=("sts:AssumeRole",),
                principal=Principal("AWS", account),
                conditions=(Condition("ArnEquals", "aws:PrincipalArn", (account,)),),
            ),
        )
    ).bind({"account": "111111111111"})

    arn = "arn:aws:iam::111111111111:role/x"
    (statement,) = document.to_dict()["Statement"]
    assert statement["Principal"] == {"AWS": arn}
    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": arn}}


def test_concat_joins_texts_and_keeps_their_holes() -> None:
    assert concat("a", "b") == "ab"
    assert concat("a:", HOLE, ":b") == Deferred(("a:", HOLE.holes[0], ":b"))


def test_where_a_statement_comes_from_makes_no_difference() -> None:
    one = Statement(actions=("a:One",), origin=(("nodes", "web"),))
    other = replace(one, origin=(("nodes", "api"),))

    assert one == other
    assert len(Document((one, other)).to_dict()["Statement"]) == 1
