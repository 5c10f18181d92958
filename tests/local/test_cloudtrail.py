from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud
from meshkit.local.services.clock import CLOCK
from meshkit.local.services.cloudtrail import history
from tests.local.making import CONSUMER, OWNER, TRUST
from tests.local.serving import serving
from tests.local.sign_in import assertion, token, unsigned_sts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.local.serving import Server

Lookup = dict[str, Any]
NOT_FOUND = "NotFoundException"


def events(cloud: Cloud, account: str = OWNER, region: str | None = None, **asked: Any) -> Any:
    """Return what is told of each event in CloudTrail's own record, newest first."""
    answer = cloud.client("cloudtrail", account, region).lookup_events(**asked)
    return [json.loads(each["CloudTrailEvent"]) for each in answer["Events"]]


def by(key: str, value: str) -> list[dict[str, str]]:
    return [{"AttributeKey": key, "AttributeValue": value}]


def test_a_call_is_told_with_caller_parameters_and_answer(cloud: Cloud) -> None:
    cloud.client("appmesh", OWNER).create_mesh(
        meshName="shop", spec={"egressFilter": {"type": "DROP_ALL"}}, clientToken="t"
    )

    (told,) = events(cloud, LookupAttributes=by("EventName", "CreateMesh"))

    assert told["eventSource"] == "appmesh.amazonaws.com"
    assert (told["awsRegion"], told["recipientAccountId"]) == ("eu-west-1", OWNER)
    assert told["requestParameters"] == {
        "clientToken": "t",
        "meshName": "shop",
        "spec": {"egressFilter": {"type": "DROP_ALL"}},
    }
    assert told["responseElements"]["mesh"]["status"] == {"status": "ACTIVE"}
    assert told["readOnly"] is False
    assert "errorCode" not in told
    identity = told["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["arn"] == f"arn:aws:sts::{OWNER}:assumed-role/LocalCloud/meshkit"
    issuer = identity["sessionContext"]["sessionIssuer"]
    assert issuer["arn"] == f"arn:aws:iam::{OWNER}:role/LocalCloud"


def test_a_refused_call_is_told_with_its_error(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match=NOT_FOUND):
        cloud.client("appmesh", OWNER).describe_mesh(meshName="gone")

    told = events(cloud)[0]

    assert (told["eventName"], told["errorCode"]) == ("DescribeMesh", NOT_FOUND)
    assert "gone" in told["errorMessage"]
    assert (told["readOnly"], told["responseElements"]) == (True, None)


@pytest.mark.parametrize(
    ("service", "operation", "given"),
    [
        ("appmesh", "list_meshes", {}),  # rest-json
        ("ram", "get_resource_shares", {"resourceOwner": "SELF"}),
        ("cloudwatch", "describe_alarms", {}),  # json with the errors of query
        ("config", "describe_configuration_recorders", {}),  # json
        ("s3", "list_buckets", {}),  # rest-xml
        ("ec2", "describe_vpcs", {}),  # ec2
    ],
)
def test_calls_of_every_protocol_are_told(
    cloud: Cloud, service: str, operation: str, given: dict[str, Any]
) -> None:
    client = cloud.client(service, OWNER)
    getattr(client, operation)(**given)

    told = events(cloud)[0]

    assert told["eventName"] == client.meta.method_to_api_mapping[operation]


def test_global_services_are_told_in_one_region(cloud: Cloud) -> None:
    cloud.client("iam", OWNER).create_role(RoleName="web", AssumeRolePolicyDocument=TRUST)

    asked: Lookup = {"LookupAttributes": by("ResourceName", "web")}
    assert [each["eventName"] for each in events(cloud, OWNER, "us-east-1", **asked)] == [
        "CreateRole"
    ]
    assert events(cloud, OWNER, "eu-west-1", **asked) == []


def test_secrets_are_hidden(cloud: Cloud) -> None:
    iam = cloud.client("iam", OWNER)
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]
    cloud.client("ssm", OWNER).put_parameter(Name="/p", Value="hush-1", Type="SecureString")
    cloud.client("secretsmanager", OWNER).create_secret(Name="s", SecretString="hush-2")
    given = cloud.client("sts", OWNER).assume_role(
        RoleArn=f"arn:aws:iam::{CONSUMER}:role/r", RoleSessionName="me", ExternalId="hush-3"
    )["Credentials"]
    cloud.client("ecs", OWNER).register_task_definition(
        family="f",
        containerDefinitions=[
            {
                "name": "c",
                "image": "i",
                "memory": 64,
                "environment": [{"name": "A", "value": "hush-4"}],
            }
        ],
    )

    text = json.dumps(events(cloud) + events(cloud, OWNER, "us-east-1"))

    assert "HIDDEN_DUE_TO_SECURITY_REASONS" in text
    secrets = (key["SecretAccessKey"], given["SecretAccessKey"], given["SessionToken"], "hush-")
    assert [secret for secret in secrets if secret in text] == []


def test_the_use_of_data_is_not_told(cloud: Cloud) -> None:
    s3 = cloud.client("s3", OWNER)
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="data", Key="k", Body=b"data")
    s3.get_object(Bucket="data", Key="k")
    s3.get_bucket_location(Bucket="data")

    assert [each["eventName"] for each in events(cloud)] == ["GetBucketLocation", "CreateBucket"]


def test_taking_a_role_is_told_in_both_accounts_and_the_other_not_told_by_whom(
    cloud: Cloud,
) -> None:
    role = f"arn:aws:iam::{CONSUMER}:role/deploy"
    cloud.client("sts", OWNER).assume_role(RoleArn=role, RoleSessionName="ci")
    asked: Lookup = {"LookupAttributes": by("ResourceName", role)}

    (own,), (other,) = (events(cloud, account, **asked) for account in (OWNER, CONSUMER))

    assert (own["recipientAccountId"], other["recipientAccountId"]) == (OWNER, CONSUMER)
    assert own["userIdentity"]["arn"] == f"arn:aws:sts::{OWNER}:assumed-role/LocalCloud/meshkit"
    principal = own["userIdentity"]["principalId"]
    assert other["userIdentity"] == {
        "type": "AWSAccount",
        "principalId": principal,
        "accountId": OWNER,
    }


def test_the_begin_of_a_session_is_found_by_its_key(cloud: Cloud) -> None:
    role = f"arn:aws:iam::{OWNER}:role/deploy"
    given = cloud.client("sts", OWNER).assume_role(RoleArn=role, RoleSessionName="ci")
    cloud.client("sts", OWNER).assume_role(RoleArn=role, RoleSessionName="other")

    key = given["Credentials"]["AccessKeyId"]
    for name in (key, given["AssumedRoleUser"]["Arn"], given["AssumedRoleUser"]["AssumedRoleId"]):
        told = events(cloud, LookupAttributes=by("ResourceName", name))
        assert "ci" in [each["requestParameters"]["roleSessionName"] for each in told]
    assert told[0]["responseElements"]["credentials"]["accessKeyId"] == key


def test_who_signs_in_by_oidc_is_told_by_subject_and_provider(cloud: Cloud) -> None:
    role, given = f"arn:aws:iam::{OWNER}:role/deploy", token(iss="https://ci.example", sub="main")
    for each in (given, "no token"):
        unsigned_sts(cloud).assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=each
        )

    odd, told = events(cloud, OWNER, "us-east-1", LookupAttributes=by("ResourceName", role))

    provider = f"arn:aws:iam::{OWNER}:oidc-provider/ci.example"
    assert told["userIdentity"] == {
        "type": "WebIdentityUser",
        "principalId": f"{provider}:sts.amazonaws.com:main",
        "userName": "main",
        "identityProvider": provider,
    }
    assert given not in json.dumps(told)
    assert odd["userIdentity"] == {"type": "Unknown"}


def test_who_signs_in_by_saml_is_told_by_subject_and_provider(cloud: Cloud) -> None:
    role, provider = f"arn:aws:iam::{OWNER}:role/r", f"arn:aws:iam::{OWNER}:saml-provider/Okta"
    given = assertion(role, provider, "ann@example.org")
    unsigned_sts(cloud).assume_role_with_saml(
        RoleArn=role, PrincipalArn=provider, SAMLAssertion=given
    )

    (told,) = events(cloud, OWNER, "us-east-1", LookupAttributes=by("ResourceName", role))

    identity = told["userIdentity"]
    assert (identity["type"], identity["userName"]) == ("SAMLUser", "ann@example.org")
    assert identity["principalId"] == f"{identity['identityProvider']}:ann@example.org"
    assert told["requestParameters"]["principalArn"] == provider
    assert given not in json.dumps(told)


def test_accounts_do_not_see_each_other(cloud: Cloud) -> None:
    cloud.client("appmesh", OWNER).list_meshes()

    assert events(cloud, CONSUMER, LookupAttributes=by("EventName", "ListMeshes")) == []


def test_pages_hold_each_event_once_while_more_come(cloud: Cloud) -> None:
    appmesh = cloud.client("appmesh", OWNER)
    for name in "abcde":
        appmesh.create_mesh(meshName=name)
    client = cloud.client("cloudtrail", OWNER)
    asked: Lookup = {"LookupAttributes": by("EventName", "CreateMesh"), "MaxResults": 2}

    found: list[str] = []
    answer = client.lookup_events(**asked)
    while True:
        found += [each["Resources"][0]["ResourceName"] for each in answer["Events"]]
        if "NextToken" not in answer:
            break
        appmesh.create_mesh(meshName=f"later-{len(found)}")
        answer = client.lookup_events(**asked, NextToken=answer["NextToken"])

    assert found == ["e", "d", "c", "b", "a"]


ATTRIBUTES = {
    "EventName": "CreateMesh",
    "EventSource": "appmesh.amazonaws.com",
    "ReadOnly": "false",
    "ResourceName": "shop",
    "ResourceType": "AWS::AppMesh::Mesh",
    "Username": "meshkit",
}


@pytest.mark.parametrize("key", [*ATTRIBUTES, "EventId", "AccessKeyId"])
def test_events_are_looked_up_by_each_attribute(cloud: Cloud, key: str) -> None:
    cloud.client("appmesh", OWNER).create_mesh(meshName="shop")
    client = cloud.client("cloudtrail", OWNER)
    whole = client.lookup_events(LookupAttributes=by("EventName", "CreateMesh"))["Events"][0]
    value = ATTRIBUTES.get(key) or whole[key]

    found = client.lookup_events(LookupAttributes=by(key, value))["Events"]

    assert whole["EventId"] in [each["EventId"] for each in found]
    assert client.lookup_events(LookupAttributes=by(key, "other"))["Events"] == []


MANY = [*by("EventName", "a"), *by("EventName", "b")]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"MaxResults": 0}, "InvalidMaxResultsException"),
        ({"LookupAttributes": MANY}, "InvalidLookupAttributesException"),
        ({"LookupAttributes": by("Colour", "a")}, "InvalidLookupAttributesException"),
        ({"LookupAttributes": by("EventName", "a" * 2001)}, "InvalidLookupAttributesException"),
        ({"NextToken": "?"}, "InvalidNextTokenException"),
        ({"NextToken": "YWJjIDE="}, "InvalidNextTokenException"),
        ({"StartTime": 2, "EndTime": 1}, "InvalidTimeRangeException"),
    ],
)
def test_a_request_that_aws_refuses(cloud: Cloud, asked: Lookup, code: str) -> None:
    client = cloud._session.client(
        "cloudtrail", region_name="eu-west-1", config=Config(parameter_validation=False)
    )
    with pytest.raises(ClientError) as refused:
        client.lookup_events(**asked)
    assert refused.value.response["Error"]["Code"] == code


def at(days: int) -> Callable[[], datetime]:
    instant = datetime(2026, 6, 1, tzinfo=timezone.utc) + timedelta(days=days)
    return lambda: instant


def test_the_history_goes_back_ninety_days(cloud: Cloud) -> None:
    for day in (0, 10):
        with CLOCK.stopped(at(day)()):
            cloud.client("appmesh", OWNER).create_mesh(meshName=f"day-{day}")
    asked: Lookup = {"LookupAttributes": by("EventName", "CreateMesh")}

    with CLOCK.stopped(at(95)()):
        kept = [each["requestParameters"]["meshName"] for each in events(cloud, **asked)]
        none = events(cloud, **asked, StartTime=at(11)(), EndTime=at(20)())
        one = events(cloud, **asked, StartTime=at(9)(), EndTime=at(20)())

    assert kept == ["day-10"]
    assert none == []
    assert [each["requestParameters"]["meshName"] for each in one] == ["day-10"]


def test_what_is_kept_is_bounded(cloud: Cloud) -> None:
    client = cloud.client("s3", OWNER)
    client.create_bucket(
        Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    client.put_object(Bucket="data", Key="k", Body=b"x" * (history.LONGEST_REQUEST + 1))

    seen = next(history.HISTORY.newest_first())

    assert seen.method == "PUT"
    assert seen.body == b""
    assert history.HISTORY._calls.maxlen == history.KEPT


def test_another_cloud_begins_without_history() -> None:
    for mesh in ("first", "second"):
        with Cloud(account=OWNER, region="eu-west-1") as cloud:
            cloud.client("appmesh", OWNER).create_mesh(meshName=mesh)
            asked: Lookup = {"LookupAttributes": by("EventName", "CreateMesh")}
            named = [each["requestParameters"]["meshName"] for each in events(cloud, **asked)]
            assert named == [mesh]


def test_a_served_cloud_remembers_what_it_was_asked_and_what_its_state_tells(
    tmp_path: Path,
) -> None:
    state = str(tmp_path / "state.jsonl")
    with serving(tmp_path, "--port", "0", "--state", state) as server:
        server.client("appmesh", OWNER).create_mesh(meshName="shop")
        server.client("appmesh", OWNER).list_meshes()
        first = served_events(server, OWNER)
    with serving(tmp_path, "--port", "0", "--state", state) as server:
        again = served_events(server, OWNER)

    assert [(each["eventName"], each["readOnly"]) for each in first] == [
        ("ListMeshes", True),
        ("CreateMesh", False),
    ]
    assert again[-1]["eventID"] == first[-1]["eventID"]
    assert "ListMeshes" not in [each["eventName"] for each in again]


def served_events(server: Server, account: str) -> list[dict[str, Any]]:
    asked = by("EventSource", "appmesh.amazonaws.com")
    answer = server.client("cloudtrail", account).lookup_events(LookupAttributes=asked)
    return [json.loads(each["CloudTrailEvent"]) for each in answer["Events"]]


def test_a_call_that_iam_refuses_is_told_with_who_was_refused() -> None:
    with Cloud(account=OWNER, region="eu-west-1", enforce_iam=True) as cloud:
        trusting = TRUST.replace("Service", "AWS").replace("ecs-tasks.amazonaws.com", OWNER)
        cloud.client("iam").create_role(RoleName="weak", AssumeRolePolicyDocument=trusting)
        role = f"arn:aws:iam::{OWNER}:role/weak"
        given = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="ann")
        weak = cloud._session.client(
            "appmesh",
            region_name="eu-west-1",
            aws_access_key_id=given["Credentials"]["AccessKeyId"],
            aws_secret_access_key=given["Credentials"]["SecretAccessKey"],
            aws_session_token=given["Credentials"]["SessionToken"],
        )
        with pytest.raises(ClientError, match="AccessDeniedException"):
            weak.create_mesh(meshName="shop")

        (told,) = events(cloud, LookupAttributes=by("EventName", "CreateMesh"))

    assert told["errorCode"] == "AccessDeniedException"
    assert told["userIdentity"]["arn"] == f"arn:aws:sts::{OWNER}:assumed-role/weak/ann"
    assert told["requestParameters"]["meshName"] == "shop"
