"""Who may assume a role, and what the session then may do."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud
from tests.local.enforcement.people import (
    ALLOWED,
    OWNER,
    REGION,
    TEAM,
    allow,
    document,
    make_role,
    refused,
    role_arn,
    said,
    session,
    signed_in,
    trusting,
    user,
)

ISSUER = "token.actions.githubusercontent.com"
SUBJECT = "repo:example/mesh:ref:refs/heads/main"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def assumed(of: boto3.session.Session, role: str, **given: Any) -> str:
    return said(of, "sts", "assume_role", RoleArn=role, RoleSessionName="me", **given)


CONDITIONS: list[tuple[str, Mapping[str, Any], Mapping[str, Any], bool]] = [
    ("no external id", {"StringEquals": {"sts:ExternalId": "s3cret"}}, {}, False),
    ("another external id", {"StringEquals": {"sts:ExternalId": "s3cret"}},
     {"ExternalId": "guess"}, False),
    ("the external id", {"StringEquals": {"sts:ExternalId": "s3cret"}},
     {"ExternalId": "s3cret"}, True),
    ("a session name", {"StringLike": {"sts:RoleSessionName": "ci-*"}}, {}, False),
    ("the organization", {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}}, {}, True),
    ("another organization", {"StringEquals": {"aws:PrincipalOrgID": "o-another000"}}, {}, False),
    ("no source identity", {"StringLike": {"sts:SourceIdentity": "?*"}}, {}, False),
    ("a source identity", {"StringLike": {"sts:SourceIdentity": "?*"}},
     {"SourceIdentity": "alice"}, True),
    ("no code", MFA, {}, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "given", "allowed"), [pytest.param(*case[1:], id=case[0]) for case in CONDITIONS]
)
def test_a_trust_policy_decides_by_its_conditions(
    cloud: Cloud, condition: Mapping[str, Any], given: Mapping[str, Any], allowed: bool
) -> None:
    actions = "sts:AssumeRole", "sts:SetSourceIdentity"
    make_role(cloud, "there", account=TEAM, trust=trusting({"AWS": OWNER}, *actions, **condition))
    caller = session(cloud, make_role(cloud, "here", allow("sts:*")))
    answer = assumed(caller, role_arn("there", TEAM), **given)
    assert (answer == ALLOWED) is allowed, answer
    assert allowed or "because no role trust policy allows the sts:AssumeRole action" in answer


def test_the_callers_own_policies_must_allow_it_too(cloud: Cloud) -> None:
    there = make_role(cloud, "there", account=TEAM)
    answer = assumed(session(cloud, make_role(cloud, "here")), there)
    assert answer.startswith(
        f"403 AccessDenied: User: arn:aws:sts::{OWNER}:assumed-role/here/me is not authorized to "
        f"perform: sts:AssumeRole on resource: {there} because no identity-based policy allows"
    )


def test_in_one_account_a_role_named_by_the_trust_policy_needs_no_policy(cloud: Cloud) -> None:
    here = make_role(cloud, "here")
    there = make_role(cloud, "there", trust=trusting({"AWS": here}))
    assert assumed(session(cloud, here), there) == ALLOWED
    elsewhere = make_role(cloud, "elsewhere", account=TEAM, trust=trusting({"AWS": here}))
    assert refused(assumed(session(cloud, here), elsewhere))


def test_tags_and_a_source_identity_need_actions_of_their_own(cloud: Cloud) -> None:
    there = make_role(cloud, "there", trust=trusting({"AWS": OWNER}))
    caller = session(cloud, make_role(cloud, "here", allow("sts:*")))
    assert assumed(caller, there) == ALLOWED
    tagged = assumed(caller, there, Tags=[{"Key": "team", "Value": "web"}])
    assert "no role trust policy allows the sts:TagSession action" in tagged
    named = assumed(caller, there, SourceIdentity="alice")
    assert "no role trust policy allows the sts:SetSourceIdentity action" in named


def test_the_tags_of_a_session_are_its_principals(cloud: Cloud) -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    role = make_role(cloud, "r", allow("iam:ListRoles", Condition=condition))
    web = session(cloud, role, Tags=[{"Key": "team", "Value": "web"}])
    assert said(web, "iam", "list_roles") == ALLOWED
    assert refused(said(session(cloud, role), "iam", "list_roles"))


def test_a_role_that_is_not_there_is_assumed_by_nobody(cloud: Cloud) -> None:
    caller = session(cloud, make_role(cloud, "here", allow("*")))
    for name in ("gone", "LocalCloud"):
        assert refused(assumed(caller, role_arn(name)))


def test_a_session_ends_with_its_role(cloud: Cloud) -> None:
    caller = session(cloud, make_role(cloud, "brief", allow("*")))
    iam = cloud.client("iam")
    iam.delete_role_policy(RoleName="brief", PolicyName="own")
    iam.delete_role(RoleName="brief")
    assert said(caller, "iam", "list_roles").startswith("403 InvalidClientTokenId")


def test_a_code_counts_for_a_users_session_and_only_of_the_users_device(cloud: Cloud) -> None:
    alice = user(cloud, "alice", allow("iam:ListRoles", Condition=MFA))
    iam = cloud.client("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]
    serial = made["SerialNumber"]
    code = {"SerialNumber": serial, "TokenCode": "123456"}
    assert "MultiFactorAuthentication failed" in said(alice, "sts", "get_session_token", **code)
    iam.enable_mfa_device(
        UserName="alice",
        SerialNumber=serial,
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    assert refused(said(alice, "iam", "list_roles"))
    with_code = signed_in(alice.client("sts").get_session_token(**code)["Credentials"])
    assert said(with_code, "iam", "list_roles") == ALLOWED
    without = signed_in(alice.client("sts").get_session_token()["Credentials"])
    assert refused(said(without, "iam", "list_roles"))


def test_a_code_lets_a_user_take_a_role_that_asks_for_one(cloud: Cloud) -> None:
    alice = user(cloud, "alice", allow("sts:AssumeRole"))
    iam = cloud.client("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]
    code = {"SerialNumber": made["SerialNumber"], "TokenCode": "123456"}
    iam.enable_mfa_device(
        UserName="alice",
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    role = make_role(cloud, "careful", trust=trusting({"AWS": OWNER}, **MFA))
    assert refused(assumed(alice, role))
    assert assumed(alice, role, **code) == ALLOWED


def test_a_federated_user_has_what_both_policies_allow(cloud: Cloud) -> None:
    alice = user(cloud, "alice", allow(["sts:GetFederationToken", "iam:ListRoles"]))
    sts = alice.client("sts")
    bare = signed_in(sts.get_federation_token(Name="bob")["Credentials"])
    assert refused(said(bare, "iam", "list_roles"))
    given = sts.get_federation_token(Name="bob", Policy=document(allow("iam:*")))["Credentials"]
    assert said(signed_in(given), "iam", "list_roles") == ALLOWED
    assert refused(said(signed_in(given), "iam", "list_users"))


def test_a_session_of_a_role_begins_no_session_of_a_user(cloud: Cloud) -> None:
    caller = session(cloud, make_role(cloud, "r", allow("*")))
    assert refused(said(caller, "sts", "get_session_token"))


def test_everybody_may_ask_who_they_are(cloud: Cloud) -> None:
    caller = session(cloud, make_role(cloud, "r"))
    identity = caller.client("sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{OWNER}:assumed-role/r/me"


def token(**claims: Any) -> str:
    parts = ({"alg": "RS256"}, {"iss": f"https://{ISSUER}", "aud": "sts.amazonaws.com", **claims})
    text = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )
    return f"{text}.signature"


def by_token(role: str, given: str) -> str:
    sts = boto3.client("sts", region_name=REGION, config=Config(signature_version=UNSIGNED))
    try:
        credentials = sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=given
        )["Credentials"]
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return said(signed_in(credentials), "iam", "list_roles")


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        pytest.param(token(sub=SUBJECT), ALLOWED, id="as trusted"),
        pytest.param(
            token(sub="repo:example/other:ref:refs/heads/main"),
            "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
            id="another subject",
        ),
        pytest.param(
            token(sub=SUBJECT, aud="elsewhere"),
            "InvalidIdentityToken: Incorrect token audience",
            id="another audience",
        ),
        pytest.param(
            token(sub=SUBJECT, iss="https://id.example.com"),
            "InvalidIdentityToken: No OpenIDConnect provider found in your account for "
            "https://id.example.com",
            id="another issuer",
        ),
        pytest.param(
            "no token",
            "InvalidIdentityToken: The ID Token provided is not a valid JWT.",
            id="no token",
        ),
    ],
)
def test_a_token_takes_a_role_whose_trust_policy_fits_its_claims(
    cloud: Cloud, given: str, answer: str
) -> None:
    iam = cloud.client("iam")
    provider = iam.create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
    )["OpenIDConnectProviderArn"]
    claims = {f"{ISSUER}:sub": SUBJECT, f"{ISSUER}:aud": "sts.amazonaws.com"}
    trust = trusting({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", StringEquals=claims)
    role = make_role(cloud, "ci", allow("iam:ListRoles"), trust=trust)
    assert by_token(role, given) == answer


def test_a_signature_is_no_token(cloud: Cloud) -> None:
    role = make_role(cloud, "ci", allow("*"))
    caller = session(cloud, make_role(cloud, "here", allow("sts:*")))
    sts: Any = caller.client("sts", config=Config(signature_version="v4"))
    sts.meta.events.register("choose-signer.sts.AssumeRoleWithWebIdentity", lambda **_: "v4")
    with pytest.raises(ClientError, match="The ID Token provided is not a valid JWT"):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="me", WebIdentityToken="none"
        )


def test_a_request_without_a_signature_is_refused(cloud: Cloud) -> None:
    unsigned = Config(signature_version=UNSIGNED)
    iam = boto3.client("iam", region_name=REGION, config=unsigned)
    with pytest.raises(ClientError, match="missing Authentication Token") as refusal:
        iam.list_roles()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
