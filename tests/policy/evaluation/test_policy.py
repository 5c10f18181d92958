"""Reading documents: what IAM would not take is refused, in one line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.policy.evaluation import Policy, PolicyError
from tests.policy.evaluation.questions import ROLE, statement

GOOD = statement()


def document(*statements: Any, **elements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **elements}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "must be a JSON object"),
        ('{"Statement": NaN}', "NaN is no JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"Version": "2012-10-17", "Version": "2012-10-17"}', '"Version" stands twice'),
        ('{"Statement": {"Effect": "Deny", "Effect": "Allow"}}', '"Effect" stands twice'),
        ({}, "Statement must be"),
        (document(), "Statement must be"),
        (document(GOOD, Version="2012-10-18"), "Version must be one of"),
        (document(GOOD, Statements=[]), 'unknown element "Statements"'),
        (document("x"), "statement 1: must be a JSON object"),
        (document({**GOOD, "Actions": "*"}), 'unknown element "Actions"'),
        (document(without("Effect")), "Effect must be"),
        (document({**GOOD, "Effect": "allow"}), "Effect must be"),
        (document(without("Action")), "Action or NotAction is missing"),
        (document({**GOOD, "NotAction": "*"}), "Action and NotAction exclude"),
        (document({**GOOD, "Action": 1}), "Action must be text"),
        (document({**GOOD, "Action": ["s3"]}), '"s3" is no action'),
        (document({**without("Action"), "NotAction": []}), "NotAction names nothing"),
        (document(without("Resource")), "Resource or NotResource is missing"),
        (document({**GOOD, "NotResource": "*"}), "Resource and NotResource exclude"),
        (document({**GOOD, "Resource": "bucket"}), '"bucket" must be an ARN'),
        (document({**GOOD, "Sid": 1}), "Sid must be text"),
        (document({**GOOD, "Sid": "A"}, {**GOOD, "Sid": "A"}), 'have the Sid "A"'),
        (document({**GOOD, "Principal": "me"}), "Principal must be"),
        (document({**GOOD, "Principal": {"aws": "*"}}), 'unknown element "aws"'),
        (document({**GOOD, "Principal": {"AWS": []}}), "names nobody"),
        (document({**GOOD, "Principal": {"AWS": f"{ROLE}*"}}), "without wildcards"),
        (document({**GOOD, "Principal": "*", "NotPrincipal": "*"}), "exclude each other"),
        (document({**GOOD, "Condition": []}), "Condition must be a JSON object"),
        (document({**GOOD, "Condition": {"Bool": "x"}}), "Condition.Bool must name"),
        (document({**GOOD, "Condition": {"Bool": {1: "x"}}}), "Condition.Bool must name"),
        (document({**GOOD, "Condition": {1: {"k": "x"}}}), "Condition.1 must name"),
        (document({**GOOD, "Action": "a\nb" * 999}), "…$"),
        (document({**GOOD, "Condition": {"Bool": {"k": None}}}), "Condition.Bool.k must be"),
    ],
)
def test_a_faulty_document_is_refused(given: Any, reason: str) -> None:
    with pytest.raises(PolicyError, match=reason) as caught:
        Policy.parse(given, name="mesh")

    assert str(caught.value).startswith("mesh")
    assert "\n" not in str(caught.value)


def test_text_and_data_are_the_same_policy() -> None:
    given = document({**GOOD, "Sid": "One"}, statement("Deny", Action="s3:*"), Id="x")

    for form in (given, json.dumps(given)):
        first, second = Policy.parse(form).statements
        assert (first.index, first.sid, first.effect) == (0, "One", "Allow")
        assert (second.index, second.sid, second.effect) == (1, None, "Deny")
        assert second.document == given["Statement"][1]


def test_one_statement_needs_no_list() -> None:
    assert len(Policy.parse({"Statement": GOOD}).statements) == 1
