"""What AWS's documents say by example, with data of our own.

Each test names the page of the IAM User Guide (or another) that it follows.
"""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.evaluation import Caller, Layers, Request, evaluate
from tests.policy.evaluation.questions import (
    ACCOUNT,
    ALLOW_ALL,
    OTHER,
    ROLE,
    SESSION,
    USER,
    decide,
    policy,
    statement,
)


def met(operator: str, key: str, values: Any, **context: Any) -> bool:
    """Whether a statement with this one condition allows."""
    return decide(statement(Condition={operator: {key: values}}), **context).allowed


STAR_IN_PATH = "arn:aws:s3:::meshes/*/routes/*"


@pytest.mark.parametrize(
    ("key", "covered"),
    [
        ("shop/routes/a.json", True),
        ("shop/eu/routes/a.json", True),
        ("shop///routes///a.json", True),
        ("/routes/a.json", True),
        ("shop/routes/", True),
        ("shop-routes/a.json", False),
        ("routes/a.json", False),
        ("shop/eu/routes.json", False),
    ],
)
def test_a_star_expands_over_slashes(key: str, covered: bool) -> None:
    """JSON policy elements: Resource, wildcards in resource ARNs."""
    reads = statement(Action="s3:GetObject", Resource=STAR_IN_PATH)

    asked = decide(reads, action="s3:GetObject", resource=f"arn:aws:s3:::meshes/{key}")
    assert asked.allowed is covered


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("arn:aws:sqs:eu-west-1:111111111111:orders", True),
        ("arn:aws:sqs:eu-west-1:111111111111:Orders", False),
        ("arn:aws:sqs:eu-west-1:111111111111:order?", True),
        ("arn:aws:sqs:*:111111111111:orders", True),
        ("arn:aws:sqs:*:orders", True),
        ("arn:aws:sqs:eu-*-1:111111111111:orders", True),
        ("arn:aws:sqs:eu-*1:orders", False),
        ("arn:aws:sqs:eu?west-1:111111111111:orders", True),
        ("arn:aws:sqs:eu-west-1?111111111111:orders", False),
        ("arn:aws:sqs", True),
        ("arn:aws:sqs:eu-w*t-1", True),
        ("arn:aws:sqs:eu-w*t-1:111111111111", True),
        ("arn:aws:sqs:us-*t-1", False),
        ("arn:aws:s?s:eu-west-1", True),
        ("arn:aws:sqs:us-east-1", False),
        ("arn:aws:sns", False),
        ("arn:aws:sqs:*", True),
        ("*", True),
    ],
)
def test_stars_and_the_parts_of_an_arn(pattern: str, covered: bool) -> None:
    """JSON policy elements: Resource; IAM identifiers, incomplete ARNs."""
    queue = "arn:aws:sqs:eu-west-1:111111111111:orders"

    asked = decide(statement(Resource=pattern), action="sqs:SendMessage", resource=queue)
    assert asked.allowed is covered


def test_actions_are_blind_to_case() -> None:
    """JSON policy elements: Action."""
    assert decide(statement(Action="IAM:listaccesskeys"), action="iam:ListAccessKeys").allowed
    assert decide(statement(Action="iam:*AccessKey*"), action="iam:UpdateAccessKey").allowed
    assert not decide(statement(Action="iam:*AccessKey*"), action="iam:CreateUser").allowed


def test_not_action_allows_all_the_rest() -> None:
    """JSON policy elements: NotAction."""
    but_iam = statement(NotAction=["iam:*", "organizations:*"])

    assert decide(but_iam, action="appmesh:CreateMesh").allowed
    assert decide(but_iam, action="IAM:CreateUser").outcome == "implicit-deny"


def test_deny_with_not_resource_spares_only_what_it_names() -> None:
    """JSON policy elements: NotResource."""
    own = ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]
    policies = statement(Action="s3:*"), statement("Deny", Action="s3:*", NotResource=own)

    assert decide(*policies, action="s3:GetObject", resource="arn:aws:s3:::logs/a").allowed
    outside = decide(*policies, action="s3:GetObject", resource="arn:aws:s3:::other/a")
    assert outside.outcome == "explicit-deny"


def test_a_user_reads_the_folder_of_the_same_name() -> None:
    """Condition operators, string; Variables and tags."""
    lists = statement(
        Action="s3:ListBucket",
        Resource="arn:aws:s3:::homes",
        Condition={"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}},
    )
    reads = statement(Action="s3:*", Resource="arn:aws:s3:::homes/home/${aws:username}/*")

    def list_(prefix: str) -> bool:
        asked: dict[str, Any] = {
            "action": "s3:ListBucket",
            "resource": "arn:aws:s3:::homes",
            "caller": USER,
        }
        return decide(lists, reads, **asked, s3__prefix=prefix).allowed

    def read(key: str) -> bool:
        asked: dict[str, Any] = {"action": "s3:GetObject", "resource": f"arn:aws:s3:::homes/{key}"}
        return decide(lists, reads, **asked, caller=USER).allowed

    assert list_("")
    assert list_("home/ana/")
    assert not list_("home/eve/")
    assert read("home/ana/notes")
    assert not read("home/eve/notes")


def test_without_the_version_of_2012_a_variable_is_plain_text() -> None:
    """Variables and tags, introduction."""
    resource = "arn:aws:s3:::homes/${aws:username}"
    old = Layers((policy(statement(Resource=resource), version="2008-10-17"),))

    assert evaluate(Request("s3:GetObject", resource, Caller(USER)), old).allowed
    named = Request("s3:GetObject", "arn:aws:s3:::homes/ana", Caller(USER))
    assert not evaluate(named, old).allowed


def test_a_variable_can_have_a_default() -> None:
    """Variables and tags, specifying default values."""
    team = statement(Resource="arn:aws:s3:::${aws:PrincipalTag/team, 'company-wide'}")

    assert decide(team, resource="arn:aws:s3:::company-wide").allowed
    tagged: dict[str, Any] = {"aws__PrincipalTag/team": "yellow"}
    assert decide(team, resource="arn:aws:s3:::yellow", **tagged).allowed
    assert not decide(team, resource="arn:aws:s3:::company-wide", **tagged).allowed


def test_the_special_variables_stand_for_the_characters_themselves() -> None:
    """Variables and tags, special characters."""
    odd = statement(Resource="arn:aws:s3:::b/${*}-${?}-${$}{x}")

    assert decide(odd, resource="arn:aws:s3:::b/*-?-${x}").allowed
    assert not decide(odd, resource="arn:aws:s3:::b/a-b-${x}").allowed


def test_numbers_of_a_condition() -> None:
    """Condition operators, numeric."""
    assert met("NumericLessThanEquals", "s3:max-keys", "10", **{"s3__max-keys": "10"})
    assert not met("NumericLessThanEquals", "s3:max-keys", "10", **{"s3__max-keys": "10.5"})
    assert not met("NumericLessThanEquals", "s3:max-keys", "10")
    assert met("NumericEquals", "s3:max-keys", 10, **{"s3__max-keys": "10.0"})


def test_dates_of_a_condition() -> None:
    """Condition operators, date and time."""
    after = ("DateGreaterThan", "aws:TokenIssueTime", "2026-01-01T00:00:01Z")

    assert met(*after, aws__TokenIssueTime="2026-01-01T00:00:02Z")
    assert not met(*after, aws__TokenIssueTime="2026-01-01T01:00:00+01:00")
    assert met(*after, aws__TokenIssueTime="1767225602")
    assert not met(*after)
    assert met("DateEquals", "k:at", "2026-02-03T04:05:06Z", k__at="1770091506")
    assert met("DateEquals", "k:at", "2026-02-03T04:05:06.5Z", k__at="1770091506.5")
    assert met("DateEquals", "k:at", "2026-02", k__at="2026-02-01T02:00:00+02:00")


def test_truths_of_a_condition() -> None:
    """Condition operators, Boolean: a Deny without TLS."""
    plain = statement("Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})

    assert decide(statement(), plain, aws__SecureTransport=True).allowed
    assert decide(statement(), plain, aws__SecureTransport="False").outcome == "explicit-deny"


def test_bytes_of_a_condition() -> None:
    """Condition operators, binary."""
    assert met("BinaryEquals", "k:data", "bWVzaA==", k__data="bWVzaA==")
    assert not met("BinaryEquals", "k:data", "bWVzaA==", k__data="bWVzaGE=")


@pytest.mark.parametrize(
    ("address", "inside"),
    [("203.0.113.7", True), ("203.0.114.7", False), ("2001:db8:1234:5678::1", True)],
)
def test_addresses_of_a_condition(address: str, inside: bool) -> None:
    """Condition operators, IP address, of both versions."""
    ranges = ["203.0.113.0/24", "2001:DB8:1234:5678::/64"]

    assert met("IpAddress", "aws:SourceIp", ranges, aws__SourceIp=address) is inside
    assert met("NotIpAddress", "aws:SourceIp", ranges, aws__SourceIp=address) is not inside
    assert met("IpAddress", "aws:SourceIp", "203.0.113.7", aws__SourceIp=address) is (
        address == "203.0.113.7"
    )


def test_an_arn_is_compared_part_by_part_where_a_string_is_not() -> None:
    """Condition operators, ARN."""
    pattern = f"arn:aws:sns:*:{ACCOUNT}:finance/*"
    odd = f"arn:aws:sns:eu-west-1:{OTHER}:store/a:{ACCOUNT}:finance/doc"
    plain = f"arn:aws:sns:eu-west-1:{ACCOUNT}:finance/doc"

    for operator in ("ArnLike", "ArnEquals"):
        assert met(operator, "aws:SourceArn", pattern, aws__SourceArn=plain)
        assert not met(operator, "aws:SourceArn", pattern, aws__SourceArn=odd)
    assert met("StringLike", "aws:SourceArn", pattern, aws__SourceArn=odd)
    assert met("ArnNotEquals", "aws:SourceArn", pattern, aws__SourceArn=odd)


@pytest.mark.parametrize(
    ("operator", "met_without_the_key"),
    [
        ("StringLike", False),
        ("StringNotLike", True),
        ("StringLikeIfExists", True),
        ("StringNotLikeIfExists", True),
        ("ForAllValues:StringLike", True),
        ("ForAnyValue:StringLike", False),
        ("ForAnyValue:StringNotLike", False),
        ("ForAnyValue:StringLikeIfExists", True),
        ("ForAllValues:StringNotLike", True),
    ],
)
def test_a_key_that_is_absent(operator: str, met_without_the_key: bool) -> None:
    """Condition operators, ...IfExists; Single-valued vs. multivalued context keys."""
    assert met(operator, "ec2:InstanceType", ["t2.*", "m3.*"]) is met_without_the_key
    assert met(operator, "ec2:InstanceType", ["t2.*"], ec2__InstanceType=()) is met_without_the_key


def test_null_asks_whether_a_key_is_absent() -> None:
    """Condition operators, Null: long-lived credentials have no issue time."""
    assert met("Null", "aws:TokenIssueTime", "true")
    assert not met("Null", "aws:TokenIssueTime", "true", aws__TokenIssueTime="2026-01-01T00:00:00Z")
    assert met("Null", "aws:TokenIssueTime", False, aws__TokenIssueTime="2026-01-01T00:00:00Z")
    assert met("Null", "aws:TagKeys", "true", aws__TagKeys=())


def test_several_values_of_a_request() -> None:
    """Single-valued vs. multivalued context keys."""
    allowed = ["environment", "cost-center"]
    both, odd = ("environment", "cost-center"), ("environment", "owner")

    assert met("ForAllValues:StringEquals", "aws:TagKeys", allowed, aws__TagKeys=both)
    assert not met("ForAllValues:StringEquals", "aws:TagKeys", allowed, aws__TagKeys=odd)
    assert met("ForAnyValue:StringEquals", "aws:TagKeys", allowed, aws__TagKeys=odd)
    assert not met("ForAnyValue:StringEquals", "aws:TagKeys", allowed, aws__TagKeys=("owner",))
    assert met("ForAnyValue:StringNotEquals", "aws:TagKeys", allowed, aws__TagKeys=odd)
    assert not met("ForAllValues:StringNotEquals", "aws:TagKeys", allowed, aws__TagKeys=odd)


def test_values_are_alternatives_and_keys_and_operators_are_all_needed() -> None:
    """Conditions with multiple context keys or values."""
    condition = {
        "StringEquals": {"k:team": ["red", "blue"], "k:stage": "live"},
        "StringNotEquals": {"k:name": ["eve", "mallory"]},
    }

    def asked(**context: str) -> bool:
        keys: dict[str, Any] = {f"k__{key}": value for key, value in context.items()}
        return decide(statement(Condition=condition), **keys).allowed

    assert asked(team="blue", stage="live", name="ana")
    assert not asked(team="green", stage="live", name="ana")
    assert not asked(team="blue", stage="test", name="ana")
    assert not asked(team="blue", stage="live", name="mallory")
    assert not asked(team="Blue", stage="live", name="ana")


def test_key_names_are_blind_to_case() -> None:
    """JSON policy elements: Condition."""
    assert met("StringEquals", "AWS:sourcevpc", "vpc-1", aws__SourceVpc="vpc-1")
    assert met("StringEqualsIgnoreCase", "aws:SourceVpc", "VPC-1", aws__SourceVpc="vpc-1")


def test_who_calls_is_a_condition_key_too() -> None:
    """AWS global condition context keys."""
    assert met("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/mesh/*")
    assert met("StringEquals", "aws:PrincipalAccount", ACCOUNT)
    assert met("Bool", "aws:PrincipalIsAWSService", "false")
    assert met("StringEquals", "aws:PrincipalArn", ROLE, caller=SESSION, aws__PrincipalArn=ROLE)


def test_a_boundary_is_what_an_identity_can_have_at_most() -> None:
    """Permissions boundaries for IAM entities."""
    boundary = policy(statement(Action=["s3:*", "cloudwatch:*", "ec2:*"]))
    grants = policy(statement(Action=["iam:CreateUser", "s3:GetObject"]))

    def asked(action: str) -> str:
        return evaluate(Request(action, "*", Caller(USER)), Layers((grants,), boundary)).layer

    assert asked("iam:CreateUser") == "boundary"
    assert asked("ec2:RunInstances") == "identity"
    assert evaluate(Request("s3:GetObject", "*"), Layers((grants,), boundary)).allowed


def test_service_control_policies_can_list_what_is_denied() -> None:
    """AWS Organizations User Guide, SCP evaluation."""
    full = policy(statement(), name="FullAWSAccess")
    deny = policy(statement("Deny", Action="appmesh:Delete*"), name="KeepMeshes")
    layers = Layers((ALLOW_ALL,), scps=((full,), (full, deny), (full,)))

    decision = evaluate(Request("appmesh:DeleteMesh", "*", Caller(ROLE)), layers)
    assert (decision.outcome, decision.policy) == ("explicit-deny", "KeepMeshes")
    assert evaluate(Request("appmesh:CreateMesh", "*", Caller(ROLE)), layers).allowed
