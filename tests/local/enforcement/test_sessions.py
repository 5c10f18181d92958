"""What STS gives out, and for how long it is good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud
from tests.local.enforcement.people import (
    ALLOWED,
    OWNER,
    allow,
    document,
    make_role,
    new_session,
    role_arn,
    said,
    session,
    signed_in,
    trusting,
    user,
)
from tests.local.enforcement.test_served import keys
from tests.local.serving import serving

TRUSTING = trusting({"AWS": OWNER}, "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")


def taken(of: boto3.session.Session, role: str, **given: Any) -> str:
    return said(of, "sts", "assume_role", RoleArn=role, RoleSessionName="me", **given)


@pytest.mark.parametrize("token", ["another", None])
def test_temporary_credentials_are_no_good_without_their_token(
    cloud: Cloud, token: str | None
) -> None:
    alice = user(cloud, "alice", allow("*"))
    make_role(cloud, "r", allow("*"))
    asked = {"RoleArn": role_arn("r"), "RoleSessionName": "me"}
    for given in (
        cloud.client("sts").assume_role(**asked)["Credentials"],
        alice.client("sts").get_session_token()["Credentials"],
    ):
        assert said(signed_in(given), "iam", "list_groups") == ALLOWED
        caller = new_session(given["AccessKeyId"], given["SecretAccessKey"], token)
        assert said(caller, "iam", "list_groups").startswith("403 InvalidClientTokenId")


def test_a_role_of_the_same_name_does_not_revive_a_session(cloud: Cloud) -> None:
    caller = session(cloud, make_role(cloud, "brief"))
    cloud.client("iam").delete_role(RoleName="brief")
    make_role(cloud, "brief", allow("*"))
    assert said(caller, "iam", "list_roles").startswith("403 InvalidClientTokenId")


def test_a_session_is_as_long_as_its_role_lets_it_be(cloud: Cloud) -> None:
    make_role(cloud, "r", trust=TRUSTING)
    sts = cloud.client("sts")
    asked = {"RoleArn": role_arn("r"), "RoleSessionName": "me", "DurationSeconds": 7200}
    with pytest.raises(ClientError, match="exceeds the MaxSessionDuration set for this role"):
        sts.assume_role(**asked)
    cloud.client("iam").update_role(RoleName="r", MaxSessionDuration=7200)
    assert sts.assume_role(**asked)
    caller = session(cloud, make_role(cloud, "here", allow("sts:*")))
    answer = taken(caller, role_arn("r"), DurationSeconds=7200)
    assert "exceeds the 1 hour session limit for roles assumed by role chaining" in answer


@pytest.mark.parametrize(
    "policy",
    ["{", document({**allow("*"), "Principal": "*"}), document({"Effect": "Allow"})],
    ids=["no JSON", "a principal", "no action"],
)
def test_a_session_policy_that_is_none_begins_no_session(cloud: Cloud, policy: str) -> None:
    make_role(cloud, "r", trust=TRUSTING)
    with pytest.raises(ClientError) as refusal:
        session(cloud, role_arn("r"), Policy=policy)
    assert refusal.value.response["Error"]["Code"] == "MalformedPolicyDocument"


@pytest.mark.parametrize("name", ["a b", "a/b", "x" * 65])
def test_the_name_of_a_session_is_checked(cloud: Cloud, name: str) -> None:
    make_role(cloud, "r", trust=TRUSTING)
    with pytest.raises(ClientError, match="at 'RoleSessionName' failed to satisfy constraint"):
        session(cloud, role_arn("r"), RoleSessionName=name)


def test_what_a_chain_of_sessions_carries_is_not_overridden(cloud: Cloud) -> None:
    role = make_role(cloud, "r", allow("sts:*"), trust=TRUSTING)
    team = [{"Key": "team", "Value": "web"}]
    first = session(cloud, role, Tags=team, TransitiveTagKeys=["team"], SourceIdentity="alice")
    assert taken(first, role) == ALLOWED
    others = [{"Key": "Team", "Value": "ops"}]
    assert "conflicts with a transitive tag key" in taken(first, role, Tags=others)
    answer = taken(first, role, SourceIdentity="bob")
    assert "it can't be changed" in answer


def test_a_session_outlives_a_restart_with_its_token(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    with serving(tmp_path, "--enforce-iam", "--state", state) as server:
        iam = server.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=trusting({"AWS": "123456789012"}))
        policy = document(allow("iam:ListRoles"))
        iam.put_role_policy(RoleName="r", PolicyName="own", PolicyDocument=policy)
        given = keys(server, "r")
    with serving(tmp_path, "--enforce-iam", "--state", state) as server:
        assert server.client_with("iam", given).list_roles()["Roles"]
        wrong = {**given, "aws_session_token": "another"}
        with pytest.raises(ClientError, match="security token included in the request is invalid"):
            server.client_with("iam", wrong).list_roles()
