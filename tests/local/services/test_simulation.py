"""Simulated policies: what is allowed, and what the answers say of why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from moto.organizations.models import organizations_backends

from meshkit.local.services.positions import line_and_column, statement_spans
from tests.local.services.conftest import CONSUMER, MANAGEMENT, OWNER, Cloud

if TYPE_CHECKING:
    from collections.abc import Callable

BUCKET = "arn:aws:s3:::bucket"
ROLE = f"arn:aws:iam::{OWNER}:role/r"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ec2.amazonaws.com"},
        },
    }
)


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> str:
    return json.dumps({"Version": version, "Statement": list(statements)})


def statement(effect: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


def allow(action: str = "s3:*", **more: Any) -> str:
    return policy(statement("Allow", action, **more))


def deny(action: str = "s3:*", **more: Any) -> str:
    return policy(statement("Deny", action, **more))


@pytest.fixture
def custom(cloud: Cloud) -> Callable[..., dict[str, Any]]:
    """Simulate policies for s3:GetObject on a bucket, and get the one result."""

    def simulate(*policies: str, **more: Any) -> dict[str, Any]:
        params = {"ActionNames": ["s3:GetObject"], "ResourceArns": [BUCKET], **more}
        (result,) = cloud("iam").simulate_custom_policy(PolicyInputList=list(policies), **params)[
            "EvaluationResults"
        ]
        return dict(result)

    return simulate


@pytest.fixture
def iam(cloud: Cloud) -> Any:
    """IAM of the owner, which has a role `r`."""
    client = cloud("iam")
    client.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    return client


def principal(iam: Any, arn: str = ROLE, **more: Any) -> dict[str, Any]:
    """Simulate s3:GetObject on a bucket for a principal."""
    params = {"ActionNames": ["s3:GetObject"], "ResourceArns": [BUCKET], **more}
    (result,) = iam.simulate_principal_policy(PolicySourceArn=arn, **params)["EvaluationResults"]
    return dict(result)


def sources(result: dict[str, Any]) -> list[str]:
    return [each["SourcePolicyId"] for each in result["MatchedStatements"]]


@pytest.mark.parametrize(
    ("policies", "decision", "matched"),
    [
        ((allow(),), "allowed", ["PolicyInputList.1"]),
        ((allow("ec2:*"), allow("s3:Get*")), "allowed", ["PolicyInputList.2"]),
        ((allow(), allow()), "allowed", ["PolicyInputList.1", "PolicyInputList.2"]),
        ((allow(), deny()), "explicitDeny", ["PolicyInputList.2"]),
        ((allow("ec2:*"),), "implicitDeny", []),
    ],
)
def test_policies_that_are_given_decide(
    policies: tuple[str, ...],
    decision: str,
    matched: list[str],
    custom: Callable[..., dict[str, Any]],
) -> None:
    result = custom(*policies)

    assert result["EvalActionName"] == "s3:GetObject"
    assert result["EvalResourceName"] == BUCKET
    assert (result["EvalDecision"], sources(result)) == (decision, matched)
    assert result["MissingContextValues"] == []
    assert result["EvalDecisionDetails"] == {}
    (specific,) = result["ResourceSpecificResults"]
    assert (specific["EvalResourceName"], specific["EvalResourceDecision"]) == (BUCKET, decision)
    assert specific["MatchedStatements"] == result["MatchedStatements"]


def test_without_resources_all_of_them_are_meant(cloud: Cloud) -> None:
    (result,) = cloud("iam").simulate_custom_policy(
        PolicyInputList=[allow()], ActionNames=["s3:GetObject"]
    )["EvaluationResults"]
    assert (result["EvalResourceName"], result["EvalDecision"]) == ("*", "allowed")
    assert "ResourceSpecificResults" not in result


def test_each_action_is_asked_of_each_resource(cloud: Cloud) -> None:
    only = policy(statement("Allow", "s3:GetObject", Resource=f"{BUCKET}/a"))
    results = cloud("iam").simulate_custom_policy(
        PolicyInputList=[only],
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=[f"{BUCKET}/a", f"{BUCKET}/b"],
    )["EvaluationResults"]
    assert [
        (each["EvalActionName"], each["EvalResourceName"][-1], each["EvalDecision"])
        for each in results
    ] == [
        ("s3:GetObject", "a", "allowed"),
        ("s3:GetObject", "b", "implicitDeny"),
        ("s3:PutObject", "a", "implicitDeny"),
        ("s3:PutObject", "b", "implicitDeny"),
    ]


def test_pages_follow_each_other(cloud: Cloud) -> None:
    iam = cloud("iam")
    actions = [f"s3:Action{number}" for number in range(7)]
    first = iam.simulate_custom_policy(PolicyInputList=[allow()], ActionNames=actions, MaxItems=3)
    assert (first["IsTruncated"], len(first["EvaluationResults"])) == (True, 3)
    pages = iam.get_paginator("simulate_custom_policy").paginate(
        PolicyInputList=[allow()], ActionNames=actions, PaginationConfig={"PageSize": 3}
    )
    found = [each["EvalActionName"] for page in pages for each in page["EvaluationResults"]]
    assert found == actions


def test_a_page_has_a_hundred_results(cloud: Cloud) -> None:
    actions = [f"s3:Action{number}" for number in range(101)]
    answer = cloud("iam").simulate_custom_policy(PolicyInputList=[allow()], ActionNames=actions)
    assert (len(answer["EvaluationResults"]), answer["IsTruncated"]) == (100, True)


def test_conditions_take_the_given_keys(custom: Callable[..., dict[str, Any]]) -> None:
    mfa = allow(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    entry = {
        "ContextKeyName": "aws:MultiFactorAuthPresent",
        "ContextKeyType": "boolean",
        "ContextKeyValues": ["true"],
    }
    assert custom(mfa, ContextEntries=[entry])["EvalDecision"] == "allowed"
    entry["ContextKeyValues"] = ["false"]
    assert custom(mfa, ContextEntries=[entry])["EvalDecision"] == "implicitDeny"


def test_a_list_of_values_is_for_keys_that_have_several(
    custom: Callable[..., dict[str, Any]],
) -> None:
    tagged = allow(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}})
    entry = {
        "ContextKeyName": "aws:TagKeys",
        "ContextKeyType": "stringList",
        "ContextKeyValues": ["a", "b"],
    }
    assert custom(tagged, ContextEntries=[entry])["EvalDecision"] == "allowed"
    entry["ContextKeyValues"] = ["a", "c"]
    assert custom(tagged, ContextEntries=[entry])["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("text", "decision", "lacking"),
    [
        (
            allow(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
            "implicitDeny",
            ["aws:SourceVpce"],
        ),
        (
            policy(
                statement("Allow", "s3:*"),
                statement("Deny", "s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
            ),
            "allowed",
            ["aws:SecureTransport"],
        ),
        (
            policy(statement("Allow", "s3:*", Resource="arn:aws:s3:::${aws:PrincipalTag/team}")),
            "implicitDeny",
            ["aws:PrincipalTag/team"],
        ),
    ],
)
def test_keys_that_nobody_gave_are_absent_and_named(
    text: str, decision: str, lacking: list[str], custom: Callable[..., dict[str, Any]]
) -> None:
    result = custom(text)
    (specific,) = result["ResourceSpecificResults"]
    assert result["EvalDecision"] == decision
    # IAM API, EvaluationResult: with the resource where one is named, else with the action.
    assert (result["MissingContextValues"], specific["MissingContextValues"]) == ([], lacking)
    everything = custom(text, ResourceArns=["*"])
    assert everything["MissingContextValues"] == lacking
    assert "ResourceSpecificResults" not in everything


@pytest.mark.parametrize(
    ("boundary", "decision", "inside"),
    [
        (allow("s3:Get*"), "allowed", True),
        (allow("ec2:*"), "implicitDeny", False),
        (policy(statement("Allow", "*"), statement("Deny", "s3:*")), "explicitDeny", False),
    ],
)
def test_a_permissions_boundary_limits(
    boundary: str, decision: str, inside: bool, custom: Callable[..., dict[str, Any]]
) -> None:
    result = custom(allow(), PermissionsBoundaryPolicyInputList=[boundary])
    assert result["EvalDecision"] == decision
    detail = {"AllowedByPermissionsBoundary": inside}
    assert result["PermissionsBoundaryDecisionDetail"] == detail
    (specific,) = result["ResourceSpecificResults"]
    assert specific["PermissionsBoundaryDecisionDetail"] == detail


@pytest.mark.parametrize(
    ("levels", "decision", "inside"),
    [
        ([allow("*"), allow("s3:*")], "allowed", True),
        ([allow("*"), allow("ec2:*")], "implicitDeny", False),
        ([policy(statement("Allow", "*"), statement("Deny", "s3:*"))], "explicitDeny", False),
    ],
)
def test_every_level_of_an_organization_limits(
    levels: list[str], decision: str, inside: bool, custom: Callable[..., dict[str, Any]]
) -> None:
    given = [{"ServiceControlPolicyInputList": [each]} for each in levels]
    result = custom(allow(), OrderedOrganizationPolicyInputList=given)
    assert result["EvalDecision"] == decision
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": inside}


def test_a_resource_policy_allows_a_user_of_its_account(
    custom: Callable[..., dict[str, Any]],
) -> None:
    user = f"arn:aws:iam::{OWNER}:user/mateo"
    attached = policy(statement("Allow", "s3:*", Principal={"AWS": user}))
    result = custom(
        allow("iam:*"),
        ResourcePolicy=attached,
        CallerArn=user,
        ResourceOwner=f"arn:aws:iam::{OWNER}:root",
    )
    assert (result["EvalDecision"], sources(result)) == ("allowed", ["ResourcePolicy"])
    assert result["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"


def test_across_accounts_both_sides_must_allow(custom: Callable[..., dict[str, Any]]) -> None:
    user = f"arn:aws:iam::{CONSUMER}:user/mateo"
    attached = policy(statement("Allow", "s3:*", Principal={"AWS": user}))
    more = {
        "ResourcePolicy": attached,
        "CallerArn": user,
        "ResourceOwner": f"arn:aws:iam::{OWNER}:root",
    }
    assert custom(allow("iam:*"), **more)["EvalDecision"] == "implicitDeny"
    assert custom(allow("s3:*"), **more)["EvalDecision"] == "allowed"


def test_inline_and_attached_policies_of_a_role_decide(iam: Any) -> None:
    assert principal(iam)["EvalDecision"] == "implicitDeny"
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=allow())
    made = iam.create_policy(PolicyName="managed", PolicyDocument=allow())["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=made)
    result = principal(iam)
    assert (result["EvalDecision"], sources(result)) == ("allowed", ["role_r_inline", "managed"])
    assert {each["SourcePolicyType"] for each in result["MatchedStatements"]} == {"IAM Policy"}


def test_the_default_version_of_a_policy_counts(iam: Any) -> None:
    made = iam.create_policy(PolicyName="managed", PolicyDocument=allow())["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=made)
    iam.create_policy_version(PolicyArn=made, PolicyDocument=deny(), SetAsDefault=True)
    assert principal(iam)["EvalDecision"] == "explicitDeny"
    iam.set_default_policy_version(PolicyArn=made, VersionId="v1")
    assert principal(iam)["EvalDecision"] == "allowed"


def test_the_boundary_of_a_role_limits_it_until_another_is_given(iam: Any) -> None:
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=allow())
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=allow("ec2:*"))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="r", PermissionsBoundary=made)
    assert principal(iam)["EvalDecision"] == "implicitDeny"
    other = principal(iam, PermissionsBoundaryPolicyInputList=[allow()])
    assert other["EvalDecision"] == "allowed"


def test_policies_that_are_given_count_beside_those_of_the_role(iam: Any) -> None:
    result = principal(iam, PolicyInputList=[allow()])
    assert (result["EvalDecision"], sources(result)) == ("allowed", ["PolicyInputList.1"])


def test_a_user_has_the_policies_of_its_groups(iam: Any) -> None:
    iam.create_user(UserName="u")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="u")
    iam.put_group_policy(GroupName="g", PolicyName="inline", PolicyDocument=allow())
    user = principal(iam, f"arn:aws:iam::{OWNER}:user/u")
    assert (user["EvalDecision"], sources(user)) == ("allowed", ["group_g_inline"])
    group = principal(iam, f"arn:aws:iam::{OWNER}:group/g")
    assert (group["EvalDecision"], sources(group)) == ("allowed", ["group_g_inline"])


def test_policy_variables_know_the_user(iam: Any) -> None:
    iam.create_user(UserName="bucket")
    own = policy(statement("Allow", "s3:*", Resource="arn:aws:s3:::${aws:username}"))
    iam.put_user_policy(UserName="bucket", PolicyName="own", PolicyDocument=own)
    result = principal(iam, f"arn:aws:iam::{OWNER}:user/bucket")
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("allowed", [])


def test_control_policies_of_the_organization_limit_its_members(
    cloud: Cloud, iam: Any, organization: Any
) -> None:
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=allow())
    assert "OrganizationsDecisionDetail" not in principal(iam)
    client = cloud("organizations", MANAGEMENT)
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    assert principal(iam)["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}
    made = client.create_policy(
        Name="no-s3", Description="", Type="SERVICE_CONTROL_POLICY", Content=deny()
    )["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=made, TargetId=OWNER)
    result = principal(iam)
    assert result["EvalDecision"] == "explicitDeny"
    assert (sources(result), result["OrganizationsDecisionDetail"]) == (
        ["no-s3"],
        {"AllowedByOrganizations": False},
    )
    assert organizations_backends.master_accounts


def test_the_management_account_is_not_limited(cloud: Cloud, organization: Any) -> None:
    client, iam = cloud("organizations", MANAGEMENT), cloud("iam", MANAGEMENT)
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    result = principal(iam, f"arn:aws:iam::{MANAGEMENT}:role/r")
    assert "OrganizationsDecisionDetail" not in result


@pytest.mark.parametrize(
    ("arn", "more", "code"),
    [
        (f"{ROLE}-none", {}, "NoSuchEntity"),
        (f"arn:aws:iam::{CONSUMER}:role/r", {}, "NoSuchEntity"),
        (f"arn:aws:iam::{OWNER}:role/path/r", {}, "NoSuchEntity"),
        (f"arn:aws:iam::{OWNER}:policy/some", {}, "InvalidInput"),
        (ROLE, {"ResourcePolicy": allow()}, "InvalidInput"),
        (ROLE, {"PolicyInputList": ["no JSON"]}, "InvalidInput"),
        (ROLE, {"PermissionsBoundaryPolicyInputList": [allow(), allow()]}, "InvalidInput"),
        (ROLE, {"Marker": "%%%"}, "InvalidInput"),
        (ROLE, {"ResourceHandlingOption": "EC2-VPC-EBS"}, "NotImplemented"),
        (ROLE, {"MaxItems": 0}, "ValidationError"),
        ("short", {}, "ValidationError"),
    ],
)
def test_what_can_not_be_simulated_is_refused(
    arn: str,
    more: dict[str, Any],
    code: str,
    cloud: Cloud,
    iam: Any,
    error_of: Callable[..., tuple[str, str]],
) -> None:
    simulate = cloud("iam", validate=False).simulate_principal_policy
    params = {"PolicySourceArn": arn, "ActionNames": ["s3:GetObject"], **more}
    found, message = error_of(simulate, **params)
    assert found == code
    assert message


def test_what_the_evaluator_can_not_decide_is_an_error_and_no_allow(
    custom: Callable[..., dict[str, Any]], error_of: Callable[..., tuple[str, str]]
) -> None:
    odd = allow(Condition={"StringSounds": {"aws:SourceVpce": "vpce-1"}})
    code, message = error_of(lambda: custom(odd))
    assert code == "PolicyEvaluation"
    assert "StringSounds" in message


def test_a_matched_statement_is_found_in_the_text(custom: Callable[..., dict[str, Any]]) -> None:
    text = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
    {
      "Effect": "Allow", "Action": "s3:*",
      "Resource": "*"
    }
  ]
}"""
    (matched,) = custom(text)["MatchedStatements"]
    assert matched["StartPosition"] == {"Line": 5, "Column": 5}
    assert matched["EndPosition"] == {"Line": 8, "Column": 5}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('{"Statement":{"a":1}}', ['{"a":1}']),
        ('{"Statement" : [ {"a":"]}"} , {} ], "Version": "x"}', ['{"a":"]}"}', "{}"]),
        ('  {"Id": "Statement", "Statement": [\n{}]}', ["{}"]),
        ('{"Statement":[]}', []),
        ("{}", []),
    ],
)
def test_statements_stand_where_the_spans_say(text: str, spans: list[str]) -> None:
    assert [text[span.start : span.end + 1] for span in statement_spans(text)] == spans


def test_lines_and_columns_are_counted_from_one() -> None:
    assert line_and_column("ab\ncd", 0) == {"Line": 1, "Column": 1}
    assert line_and_column("ab\ncd", 4) == {"Line": 2, "Column": 2}
