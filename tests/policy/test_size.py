"""Policies within the limits of IAM: nothing lost, nothing added, always the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshkit.config.deferred import Deferred, Hole
from meshkit.errors import MeshkitError
from meshkit.policy.document import Document, Statement
from meshkit.policy.size import (
    INLINE_LIMIT,
    MANAGED_LIMIT,
    TRUST_LIMIT,
    PolicySet,
    check_trust,
    fit,
    size,
    text_size,
)

PREFIX = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/"


def reading(count: int, *, length: int = 40, sid: str | None = "Read") -> Statement:
    arns = (f"{PREFIX}{number:0{length}}" for number in range(count))
    return Statement(sid=sid, actions=("a:One",), resources=tuple(arns))


def grants(*documents: Document) -> set[tuple[str, str, str]]:
    """Every single thing that documents say, by effect, actions and resource."""
    found = set()
    for document in documents:
        for each in document.to_dict()["Statement"]:
            resources = each["Resource"]
            for resource in [resources] if isinstance(resources, str) else resources:
                found.add((each["Effect"], json.dumps(each["Action"]), resource))
    return found


def documents(policies: PolicySet) -> tuple[Document, ...]:
    return (*((policies.inline,) if policies.inline else ()), *policies.managed)


def test_no_statements_need_no_policy() -> None:
    assert fit(()) == PolicySet()


def test_what_fits_is_one_inline_policy() -> None:
    policies = fit([reading(5)])

    assert policies.managed == ()
    assert policies.inline == Document((reading(5),))


def test_white_space_does_not_count() -> None:
    assert text_size(' {"a": "b c"}\n') == len('{"a":"bc"}')


def test_the_limit_of_the_inline_policy_is_exact() -> None:
    base = size(Document((Statement(actions=("a:One",), resources=("",)),)))
    full = Statement(actions=("a:One",), resources=("x" * (INLINE_LIMIT - base),))
    over = Statement(actions=("a:One",), resources=("x" * (INLINE_LIMIT - base + 1),))

    assert fit([full]).inline == Document((full,))
    with pytest.raises(MeshkitError, match="longer than the 6144 characters"):
        fit([over])


def test_one_statement_with_too_many_resources_is_parted() -> None:
    policies = fit([reading(150)])

    assert policies.inline is None
    assert len(policies.managed) == 3
    assert all(text_size(each.to_json()) <= MANAGED_LIMIT for each in policies.managed)
    assert grants(*policies.managed) == grants(Document((reading(150),)))
    # Every policy but the last is full: one resource more would not fit.
    for each in policies.managed[:-1]:
        assert text_size(each.to_json()) + len(PREFIX) + 43 > MANAGED_LIMIT


def test_more_than_ten_policies_are_refused() -> None:
    with pytest.raises(MeshkitError, match="give fewer proxies one role"):
        fit([reading(700)])


def test_policies_that_are_attached_anyway_count() -> None:
    assert len(fit([reading(400)], attached=3).managed) == 7

    with pytest.raises(MeshkitError, match="7 managed policies beside 4 others"):
        fit([reading(400)], attached=4)


def test_a_negated_list_is_never_parted() -> None:
    statement = Statement(
        actions=("a:One",), not_resources=tuple(f"arn:{n:060}" for n in range(180))
    )

    with pytest.raises(MeshkitError, match="write it as several"):
        fit([statement])


def test_a_value_not_known_yet_counts_as_a_long_one() -> None:
    holes = tuple(Deferred((Hole("value", "output", object()),)) for _ in range(90))
    policies = fit([Statement(actions=("a:One",), resources=holes)])

    assert policies.inline is None
    assert sum(len(each.statements[0].resources) for each in policies.managed) == 90


def test_values_not_known_yet_are_spread_alike_in_every_run() -> None:
    def spread() -> list[list[int]]:
        holes = [Deferred((Hole("value", "output", object()),)) for _ in range(90)]
        policies = fit([Statement(actions=("a:One",), resources=tuple(holes)), reading(40)])
        return [
            [
                holes.index(text)
                for each in document.statements
                for text in each.resources
                if isinstance(text, Deferred)
            ]
            for document in policies.managed
        ]

    assert spread() == spread()


@st.composite
def statement_lists(draw: st.DrawFn) -> list[Statement]:
    counts = draw(st.lists(st.integers(1, 120), min_size=1, max_size=4))
    return [
        Statement(
            effect=draw(st.sampled_from(["Allow", "Deny"])),
            sid=f"S{number}",
            actions=(f"a:Action{number}",),
            resources=tuple(
                f"{PREFIX}{number}-{i:0{draw(st.integers(1, 60))}}" for i in range(count)
            ),
        )
        for number, count in enumerate(counts)
    ]


@given(statement_lists(), st.randoms(use_true_random=False))
def test_split_policies_fit_and_say_the_same(statements: list[Statement], random: Any) -> None:
    policies = fit(statements)

    assert grants(*documents(policies)) == grants(Document(tuple(statements)))
    assert all(text_size(each.to_json()) <= MANAGED_LIMIT for each in policies.managed)
    assert policies.inline is None or text_size(policies.inline.to_json()) <= INLINE_LIMIT
    shuffled = list(statements)
    random.shuffle(shuffled)
    again = fit(shuffled)
    assert [each.to_json() for each in documents(again)] == [
        each.to_json() for each in documents(policies)
    ]


def test_a_trust_policy_has_its_own_limit() -> None:
    short = Document((Statement(actions=("sts:AssumeRole",)),))
    long = Document((Statement(actions=("sts:AssumeRole",), resources=("x" * TRUST_LIMIT,)),))

    assert check_trust(short) is short
    with pytest.raises(MeshkitError, match="IAM takes 2048"):
        check_trust(long)
