"""Answers of IAM's simulation, in all forms that its reference shows."""

from __future__ import annotations

from typing import Any, cast

import pytest

from meshkit.inspect.confirm.aws import Account
from meshkit.inspect.confirm.simulation import Verdict, simulate

ACTION, ONE, TWO = "s3:GetObject", "arn:aws:s3:::one", "arn:aws:s3:::two"


class Answering:
    """An account whose IAM gives the results of a test, and keeps what it was asked."""

    def __init__(self, *results: dict[str, Any]) -> None:
        self._results = list(results)
        self.asked: dict[str, Any] = {}

    def ask_all(self, *names: str, **params: Any) -> list[dict[str, Any]]:
        assert names == ("iam", "simulate_principal_policy", "EvaluationResults")
        self.asked = params
        return self._results


def result(decision: str, resource: str = ONE, **more: Any) -> dict[str, Any]:
    return {
        "EvalActionName": ACTION,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        "MissingContextValues": [],
        **more,
    }


def part(decision: str, resource: str, **more: Any) -> dict[str, Any]:
    return {"EvalResourceDecision": decision, "EvalResourceName": resource, **more}


def verdicts(*results: dict[str, Any]) -> dict[tuple[str, str], Verdict]:
    account = cast("Account", Answering(*results))
    found = simulate(account, "arn:aws:iam::111111111111:role/r", [ACTION], [ONE, TWO], {})
    assert isinstance(found, dict)
    return found


def test_a_result_for_each_resource_is_read() -> None:
    found = verdicts(result("allowed"), result("implicitDeny", TWO))
    assert {key: each.allowed for key, each in found.items()} == {
        (ACTION, ONE): True,
        (ACTION, TWO): False,
    }


def test_one_result_with_a_part_for_each_resource_is_read() -> None:
    parts = [part("allowed", ONE), part("explicitDeny", TWO, MatchedStatements=[])]
    found = verdicts(result("implicitDeny", "*", ResourceSpecificResults=parts))
    assert {key: each.allowed for key, each in found.items()} == {
        (ACTION, ONE): True,
        (ACTION, TWO): False,
    }


def test_what_a_condition_lacks_is_read_where_iam_tells_it() -> None:
    lacking = part("implicitDeny", ONE, MissingContextValues=["aws:SourceVpc"])
    found = verdicts(result("implicitDeny", ResourceSpecificResults=[lacking]))
    assert found[ACTION, ONE].lacking == ("aws:SourceVpc",)


@pytest.mark.parametrize(
    ("decision", "more", "why"),
    [
        ("implicitDeny", {}, "no policy that allows it"),
        (
            "explicitDeny",
            {"MatchedStatements": [{"SourcePolicyId": "p"}, {"SourcePolicyId": "p"}]},
            "an explicit deny in p",
        ),
        ("explicitDeny", {}, "an explicit deny in a policy that it does not name"),
        (
            "implicitDeny",
            {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
            "a service control policy of the organization",
        ),
        (
            "implicitDeny",
            {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}},
            "the permissions boundary",
        ),
    ],
)
def test_who_refuses_is_told(decision: str, more: dict[str, Any], why: str) -> None:
    assert verdicts(result(decision, **more))[ACTION, ONE].why == why


def test_condition_keys_go_along_with_their_types() -> None:
    account = Answering(result("allowed"))
    context: dict[str, str | bool | tuple[str, ...]] = {}
    context |= {"a:one": "x", "a:yes": True, "a:more": ("x", "y")}
    simulate(cast("Account", account), "arn", [ACTION], [ONE], context)
    assert account.asked["ContextEntries"] == [
        {"ContextKeyName": "a:one", "ContextKeyValues": ["x"], "ContextKeyType": "string"},
        {"ContextKeyName": "a:yes", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"},
        {
            "ContextKeyName": "a:more",
            "ContextKeyValues": ["x", "y"],
            "ContextKeyType": "stringList",
        },
    ]
