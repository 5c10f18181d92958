"""The policy document that people write: its findings, and which requests pass."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.config.role import Statement
from meshkit.errors import MeshkitError
from meshkit.policy.evaluation import PolicyError, Request
from meshkit.policy.typed import PolicyDocument

MESH = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
ROUTE = f"{MESH}/virtualRouter/web/route/all"
NODE = f"{MESH}/virtualNode/web"


def findings(**statement: Any) -> list[str]:
    return [str(each) for each in PolicyDocument((Statement(**statement),)).findings]


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        ("appmesh:UpdateRoute", ROUTE),
        (["appmesh:UpdateRoute", "appmesh:CreateRoute"], [ROUTE, NODE]),
        ("appmesh:UpdateRoute", NODE),  # a target: the route may stand in another statement
        ("appmesh:*", MESH),
        ("appmesh:describe*", f"{MESH}/*"),
        ("appmesh:ListMeshes", "*"),
        ("*", "arn:aws:s3:::settings/*"),
        ("s3:GetObjekt", "arn:aws:s3:::settings/*"),
        ("vpc-lattice:BatchUpdateRule", "arn:aws:s3:::settings"),  # nobody tells what it takes
        (["s3:GetObject", "appmesh:DescribeMesh"], ["arn:aws:s3:::settings/*", MESH]),
        ("iam:PassRole", "arn:aws:iam::111111111111:role/mesh/*"),
        ("brandnew:DoIt", "*"),
    ],
)
def test_a_sound_statement_has_no_finding(actions: Any, resources: Any) -> None:
    assert findings(actions=actions, resources=resources) == []


@pytest.mark.parametrize("element", ["actions", "not_actions"])
def test_a_misspelt_action_is_told_with_the_nearest(element: str) -> None:
    (found,) = findings(**{element: ["appmesh:UpdtaeRoute"], "resources": "*"})

    assert found == (
        f'statement 1: {element}[0]: AWS App Mesh has no action "appmesh:UpdtaeRoute" '
        '(did you mean "appmesh:UpdateRoute"?)'
    )


def test_a_misspelt_service_is_told() -> None:
    assert findings(actions="apmesh:ListMeshes", resources="*") == [
        'statement 1: actions[0]: no service "apmesh" (did you mean "appmesh"?)'
    ]


def test_a_pattern_that_matches_nothing_is_told() -> None:
    assert findings(actions="appmesh:Patch*", resources="*") == [
        'statement 1: actions[0]: no action of AWS App Mesh matches "appmesh:Patch*"'
    ]


def test_an_action_that_does_not_take_the_resource_is_told_with_what_it_takes() -> None:
    (found,) = findings(sid="Routes", actions="appmesh:DescribeMesh", resources=[ROUTE])

    assert found == (
        'statement "Routes": actions[0]: no resource of the statement is one that '
        '"appmesh:DescribeMesh" is made on: mesh '
        "(arn:${Partition}:appmesh:${Region}:${Account}:mesh/${MeshName})"
    )


def test_an_action_without_resources_needs_all() -> None:
    assert findings(actions=["appmesh:ListMeshes", "appmesh:DescribeMesh"], resources=MESH) == [
        'statement 1: actions[0]: "appmesh:ListMeshes" is not made on a resource: give "*"'
    ]


def test_a_resource_that_no_action_takes_is_told() -> None:
    bucket = "arn:aws:s3:::settings"
    assert findings(actions="appmesh:DescribeMesh", resources=[MESH, bucket]) == [
        f'statement 1: resources[1]: no action of the statement is made on "{bucket}"'
    ]


def test_a_deny_is_held_to_the_same() -> None:
    assert len(findings(effect="Deny", actions="appmesh:DescribeMesh", resources=ROUTE)) == 1


@pytest.mark.parametrize(
    ("operator", "key", "message"),
    [
        ("StringEqual", "aws:a", 'no such condition operator (did you mean "StringEquals"?)'),
        (
            "StringEquals",
            "sts:ExternlId",
            'no condition key "sts:ExternlId" (did you mean "sts:ExternalId"?)',
        ),
    ],
)
def test_a_misspelt_condition_is_told(operator: str, key: str, message: str) -> None:
    found = findings(actions="sts:AssumeRole", resources="*", conditions={operator: {key: "x"}})

    assert found == [f"statement 1: conditions.{operator}: {message}"]


@pytest.mark.parametrize(
    ("operator", "key"),
    [
        ("ForAnyValue:StringLikeIfExists", "aws:TagKeys"),
        ("Null", "aws:TokenIssueTime"),
        ("StringEquals", "STS:externalid"),
        ("StringEquals", "iam:ResourceTag/team"),
        ("StringEquals", "ram:SomethingQuiteNew"),
    ],
)
def test_a_condition_that_may_be_right_is_no_finding(operator: str, key: str) -> None:
    assert findings(actions="*", resources="*", conditions={operator: {key: "x"}}) == []


def test_a_document_tells_which_requests_pass() -> None:
    document = PolicyDocument(
        (
            Statement(
                actions=("appmesh:UpdateRoute",),
                resources=(ROUTE, NODE),
                conditions={"Bool": {"aws:MultiFactorAuthPresent": ("true",)}},
            ),
        ),
        name="router",
    )
    with_mfa = {"aws:MultiFactorAuthPresent": "true"}
    wanted = Request("appmesh:UpdateRoute", ROUTE, context=with_mfa)
    without = Request("appmesh:UpdateRoute", ROUTE)
    other = Request("appmesh:DeleteRoute", ROUTE, context=with_mfa)
    untold = Request("appmesh:UpdateRoute", ROUTE, complete=False)

    answers = document.check((wanted, without, other, untold))

    assert [each.allowed for each in answers] == [True, False, False, False]
    assert [each.decision and each.decision.outcome for each in answers] == [
        "allow",
        "implicit-deny",
        "implicit-deny",
        None,
    ]
    assert document.passing((other, wanted)) == (wanted,)


@pytest.mark.parametrize(
    ("action", "resource"),
    [("appmesh:DeletRoute", ROUTE), ("appmesh:DeleteRoute", ROUTE.partition("/route/")[0])],
)
def test_a_request_that_can_not_be_is_not_answered_with_a_denial(
    action: str, resource: str
) -> None:
    document = PolicyDocument((Statement(actions=("appmesh:ListMeshes",), resources=("*",)),))

    (answer,) = document.check([Request(action, resource)])

    assert answer.decision is None
    assert action in answer.reason


def test_a_document_is_read_and_written() -> None:
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Sid": "Own",
                "Effect": "Deny",
                "NotAction": "iam:GetRole",
                "NotResource": [ROUTE],
                "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}},
            },
        }
    )

    document = PolicyDocument.parse(text)

    assert document.statements[0].not_actions == ("iam:GetRole",)
    assert document.to_dict()["Statement"] == [
        {
            "Sid": "Own",
            "Effect": "Deny",
            "NotAction": "iam:GetRole",
            "NotResource": ROUTE,
            "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
        }
    ]
    assert PolicyDocument.parse(document.to_json()) == document


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}, "Principal belongs"),
        ({"Effect": "Allow", "Action": [], "Resource": "*"}, "actions"),
        ({"Effect": "Allow", "Action": "s3:GetObject"}, "Resource or NotResource is missing"),
    ],
)
def test_what_is_no_policy_of_an_identity_is_refused(statement: Any, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        PolicyDocument.parse({"Statement": [statement]})


def test_findings_can_stop_a_program() -> None:
    document = PolicyDocument((Statement(actions=("appmesh:X",), resources=("*",)),), name="people")

    with pytest.raises(MeshkitError, match=r"^people: statement 1: actions\[0\]: AWS App Mesh has"):
        document.require_sound()
    sound = PolicyDocument((Statement(actions=("appmesh:ListMeshes",), resources=("*",)),))
    assert sound.require_sound() is sound
