"""Whatever is given, there is an answer, a doubt or a refusal; never another error."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from meshkit.errors import MeshkitError
from meshkit.policy.denial import Denial, denial_of, encoded_in
from meshkit.policy.evaluation import (
    Caller,
    Decision,
    Layers,
    Policy,
    PolicyError,
    Request,
    Undecidable,
    alone,
    evaluate,
)
from tests.policy.evaluation.questions import ROLE
from tests.policy.evaluation.strategies import OPERATORS


def arns(texts: str | list[str]) -> str | list[str]:
    if isinstance(texts, str):
        return f"arn:{texts}"
    return [f"arn:aws:s3:::{text}" for text in texts]


ODD = st.sampled_from(
    [
        *("", "*", "?", ":", "::::::", "a:b", "arn:", "arn:aws:s3:::${aws:username"),
        *("${", "${}", "${a}", "${*}", "${a, 'b'}", "${a,'}"),
        *("0", "-", "1e5", "٣", "true", "10.0.0."),
        *("\0", "\ud800", "é" * 9, "\n"),
    ]
)
TEXTS = ODD | st.text(max_size=12) | st.lists(ODD, max_size=4).map("".join)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
LISTED = TEXTS | st.lists(TEXTS, max_size=3)
NAMES = st.sampled_from(("", "ForAllValues:", "ForAnyValue:", "ForNo:")).flatmap(
    lambda prefix: st.sampled_from((*OPERATORS, "Null", "Odd")).map(prefix.__add__)
)
CONDITIONS = st.dictionaries(NAMES, st.dictionaries(TEXTS, LISTED | LEAVES, max_size=2), max_size=2)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(("Allow", "Deny"))},
    optional={
        "Sid": TEXTS | VALUES,
        "Action": st.just("*") | LISTED | VALUES,
        "NotAction": LISTED,
        "Resource": st.just("*") | LISTED.map(arns) | VALUES,
        "NotResource": LISTED.map(arns),
        "Principal": st.just("*") | st.fixed_dictionaries({"AWS": LISTED}) | VALUES,
        "Condition": CONDITIONS | VALUES,
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "Version": st.sampled_from(("2012-10-17", "2008-10-17")) | VALUES,
        "Statement": st.lists(STATEMENTS, max_size=3) | VALUES,
    }
)
CONTEXTS = st.dictionaries(TEXTS, TEXTS | st.booleans() | st.lists(TEXTS, max_size=3).map(tuple))


def result(ask: Callable[[], Any]) -> Any:
    """What comes of something: a value, or an error for people."""
    try:
        return ask()
    except MeshkitError as error:
        return error


@given(DOCUMENTS | VALUES, TEXTS, TEXTS, CONTEXTS)
def test_any_document_is_decided_doubted_or_refused(
    document: Any, action: str, resource: str, context: Any
) -> None:
    policy = result(lambda: Policy.parse(document))
    if isinstance(policy, PolicyError):
        assert "\n" not in str(policy)
        return
    request = Request(action, resource, Caller(ROLE), context)
    answers = [
        result(lambda: evaluate(request, Layers((policy,)))),
        result(lambda: alone(request, policy)),
    ]
    for answer in answers:
        assert isinstance(answer, Decision | Undecidable)
        assert isinstance(answer, Decision) or "\n" not in str(answer)


@given(DOCUMENTS)
def test_text_and_data_are_read_alike(document: Any) -> None:
    text = json.dumps(document)
    assume("NaN" not in text and "Infinity" not in text)
    of_text, of_data = (result(partial(Policy.parse, each)) for each in (text, document))

    assert isinstance(of_text, Policy) is isinstance(of_data, Policy)


@given(st.text() | st.lists(TEXTS | st.just("is not authorized to perform: a:B on")).map(" ".join))
def test_any_text_is_a_refusal_or_none(text: str) -> None:
    encoded_in(text)
    answer = result(lambda: denial_of(text))

    assert isinstance(answer, Denial) or "\n" not in str(answer)
