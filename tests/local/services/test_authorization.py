"""Encoded authorization messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.local.services.authorization import encoded
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from tests.local.services.conftest import OWNER, Cloud

if TYPE_CHECKING:
    from collections.abc import Callable

NODE = f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop/virtualNode/a"
ROLE = f"arn:aws:iam::{OWNER}:role/r"
REQUEST = Request(
    "appmesh:StreamAggregatedResources",
    NODE,
    Caller(ROLE),
    {"aws:RequestedRegion": "eu-west-1", "aws:TagKeys": ("a", "b"), "aws:SecureTransport": True},
)


def decoded(cloud: Cloud, layers: Layers) -> dict[str, Any]:
    message = encoded(REQUEST, evaluate(REQUEST, layers))
    answer = cloud("sts").decode_authorization_message(EncodedMessage=message)
    found: dict[str, Any] = json.loads(answer["DecodedMessage"])
    return found


def test_an_implicit_deny_has_no_statement(cloud: Cloud) -> None:
    told = decoded(cloud, Layers())
    assert (told["allowed"], told["explicitDeny"]) == (False, False)
    assert told["matchedStatements"] == {"items": []}
    assert told["context"] == {
        "principal": {"id": ROLE, "name": "r", "arn": ROLE},
        "action": "appmesh:StreamAggregatedResources",
        "resource": NODE,
        "conditions": {
            "items": [
                {"key": "aws:RequestedRegion", "values": {"items": [{"value": "eu-west-1"}]}},
                {"key": "aws:TagKeys", "values": {"items": [{"value": "a"}, {"value": "b"}]}},
                {"key": "aws:SecureTransport", "values": {"items": [{"value": "true"}]}},
            ]
        },
    }


def test_an_explicit_deny_shows_its_statement(cloud: Cloud) -> None:
    denying = Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Sid": "No",
                "Effect": "Deny",
                "Action": "appmesh:*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
            },
        }
    )
    told = decoded(cloud, Layers(identity=(denying,)))
    assert (told["allowed"], told["explicitDeny"]) == (False, True)
    (matched,) = told["matchedStatements"]["items"]
    assert (matched["statementId"], matched["effect"]) == ("No", "DENY")
    assert matched["actions"] == {"items": [{"value": "appmesh:*"}]}
    assert matched["resources"] == {"items": [{"value": "*"}]}
    (condition,) = matched["conditions"]["items"]
    assert condition == {
        "key": "aws:RequestedRegion",
        "values": {"items": [{"value": "eu-west-1"}]},
    }


@pytest.mark.parametrize(
    "message", ["nonsense", "bm9uc2Vuc2U=", encoded(REQUEST, evaluate(REQUEST, Layers()))[:-8]]
)
def test_what_it_did_not_encode_is_refused(
    message: str, cloud: Cloud, error_of: Callable[..., tuple[str, str]]
) -> None:
    code, _ = error_of(cloud("sts").decode_authorization_message, EncodedMessage=message)
    assert code == "InvalidAuthorizationMessageException"


def test_the_rest_of_sts_is_as_it_was(cloud: Cloud) -> None:
    assert cloud("sts").get_caller_identity()["Account"] == OWNER
