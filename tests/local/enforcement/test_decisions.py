"""Whose policies decide on a call: the caller's, the organization's, the resource's."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.local.cloud import Cloud
from tests.local.enforcement.people import (
    ALLOWED,
    MANAGER,
    OWNER,
    REGION,
    SHARE,
    SHOP,
    TEAM,
    Statement,
    allow,
    deny,
    document,
    make_role,
    make_shop,
    new_session,
    refused,
    role_arn,
    said,
    session,
    trusting,
    user,
)


@pytest.fixture
def shop(cloud: Cloud) -> Cloud:
    return make_shop(cloud)


def test_a_refused_call_changes_nothing(shop: Cloud) -> None:
    caller = session(shop, make_role(shop, "none"))
    assert refused(
        said(caller, "appmesh", "delete_virtual_node", meshName="shop", virtualNodeName="web")
    )
    shop.client("appmesh").describe_virtual_node(meshName="shop", virtualNodeName="web")


def test_a_refused_call_is_an_event_of_cloudtrail(shop: Cloud) -> None:
    said(session(shop, make_role(shop, "none")), "appmesh", "delete_mesh", meshName="shop")
    [event] = shop.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "DeleteMesh"}]
    )["Events"]
    assert '"errorCode":"AccessDenied' in event["CloudTrailEvent"].replace(" ", "")
    assert "assumed-role/none/me" in event["CloudTrailEvent"]


def test_a_boundary_limits_what_a_role_and_a_user_may_do(cloud: Cloud) -> None:
    policy = document(allow("appmesh:List*"))
    arn = cloud.client("iam").create_policy(PolicyName="b", PolicyDocument=policy)["Policy"]["Arn"]
    limited = (
        session(cloud, make_role(cloud, "r", allow("*"), boundary=arn)),
        user(cloud, "u", allow("*"), PermissionsBoundary=arn),
    )
    for caller in limited:
        assert said(caller, "appmesh", "list_meshes") == ALLOWED
        answer = said(caller, "appmesh", "create_mesh", meshName="m")
        assert "because no permissions boundary allows the appmesh:CreateMesh action" in answer


def test_a_session_policy_limits_a_session(cloud: Cloud) -> None:
    role = make_role(cloud, "r", allow("*"))
    caller = session(cloud, role, Policy=document(allow("appmesh:List*")))
    assert said(caller, "appmesh", "list_meshes") == ALLOWED
    answer = said(caller, "appmesh", "create_mesh", meshName="m")
    assert "because no session policy allows the appmesh:CreateMesh action" in answer
    assert said(session(cloud, role), "appmesh", "create_mesh", meshName="m") == ALLOWED


def attach_scp(cloud: Cloud, target: str, *statements: Statement) -> None:
    organizations = cloud.client("organizations", MANAGER)
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    made = organizations.create_policy(
        Name="guard", Description="", Type="SERVICE_CONTROL_POLICY", Content=document(*statements)
    )
    policy = made["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=root if target == "root" else target)


def test_a_control_policy_limits_members_even_their_root_users(cloud: Cloud) -> None:
    attach_scp(cloud, "root", deny("appmesh:CreateMesh"))
    caller = session(cloud, make_role(cloud, "r", allow("*")))
    answer = said(caller, "appmesh", "create_mesh", meshName="m")
    assert answer.endswith("with an explicit deny in a service control policy")
    with pytest.raises(Exception, match="explicit deny in a service control policy"):
        cloud.client("appmesh", TEAM).create_mesh(meshName="m")


def test_no_control_policy_limits_the_management_account(cloud: Cloud) -> None:
    attach_scp(cloud, "root", deny("appmesh:CreateMesh"))
    cloud.client("appmesh", MANAGER).create_mesh(meshName="m")


def test_another_accounts_mesh_needs_a_share_and_a_policy(shop: Cloud) -> None:
    owner_of_consumer = trusting({"AWS": OWNER})
    with_policy = make_role(shop, "with", allow("appmesh:*"), account=TEAM, trust=owner_of_consumer)
    without = make_role(shop, "without", account=TEAM, trust=owner_of_consumer)
    mesh = {"meshName": "shop", "meshOwner": OWNER}
    assert said(session(shop, with_policy), "appmesh", "describe_mesh", **mesh).startswith(
        "403 ForbiddenException"
    )
    shop.client("ram").create_resource_share(**SHARE)
    for invitation in shop.client("ram", TEAM).get_resource_share_invitations()[
        "resourceShareInvitations"
    ]:
        shop.client("ram", TEAM).accept_resource_share_invitation(
            resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
        )
    assert said(session(shop, with_policy), "appmesh", "describe_mesh", **mesh) == ALLOWED
    assert refused(said(session(shop, without), "appmesh", "describe_mesh", **mesh))


def test_a_consumers_node_is_in_its_own_account(shop: Cloud) -> None:
    shop.client("ram").create_resource_share(**SHARE)
    mine = f"arn:aws:appmesh:{REGION}:{TEAM}:mesh/shop@{OWNER}/virtualNode/*"
    role = make_role(shop, "r", allow("appmesh:*", mine), account=TEAM)
    answer = said(
        session(shop, role), "appmesh", "create_virtual_node",
        meshName="shop", meshOwner=OWNER, virtualNodeName="n", spec={},
    )  # fmt: skip
    assert not refused(answer), answer


def test_a_bucket_policy_allows_and_denies(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="shared-data", CreateBucketConfiguration={"LocationConstraint": REGION})
    named, other = make_role(cloud, "named"), make_role(cloud, "other", allow("s3:*"))
    bucket = "arn:aws:s3:::shared-data"
    allowing = {**allow("s3:PutObject", f"{bucket}/*"), "Principal": {"AWS": named}}
    s3.put_bucket_policy(Bucket="shared-data", Policy=document(allowing))
    put = {"Bucket": "shared-data", "Key": "k", "Body": b"1"}
    assert said(session(cloud, named), "s3", "put_object", **put) == ALLOWED
    denying = {**deny("s3:*", [bucket, f"{bucket}/*"]), "Principal": {"AWS": other}}
    s3.put_bucket_policy(Bucket="shared-data", Policy=document(denying))
    answer = said(session(cloud, other), "s3", "put_object", **put)
    assert f'on resource: "{bucket}/k" with an explicit deny in a resource-based policy' in answer


def test_a_key_is_closed_to_who_its_policy_does_not_name(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/data", TargetKeyId=key)
    caller = session(cloud, make_role(cloud, "r", allow("kms:DescribeKey")))
    for name in (key, "alias/data"):
        assert said(caller, "kms", "describe_key", KeyId=name) == ALLOWED
    only = document({**allow("kms:*"), "Principal": {"AWS": role_arn("somebody-else")}})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=only)
    for name in (key, "alias/data"):
        assert "because no resource-based policy" in said(caller, "kms", "describe_key", KeyId=name)


def test_what_cannot_be_decided_is_an_error_and_no_allow(cloud: Cloud) -> None:
    unknown = {"StringEquals": {"ecs:task-cpu": "1"}}
    caller = session(cloud, make_role(cloud, "r", allow("ecs:*", Condition=unknown)))
    answer = said(caller, "ecs", "list_clusters")
    assert answer.startswith("501 NotImplemented: The local cloud can't decide on ecs:ListClusters")
    assert 'the request does not tell its context key "ecs:task-cpu"' in answer


def test_a_header_of_motos_chooses_no_account(cloud: Cloud) -> None:
    caller = session(cloud, make_role(cloud, "r", allow("*")))
    client: Any = caller.client("iam")
    client.meta.events.register(
        "before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", TEAM)
    )
    with pytest.raises(client.exceptions.ClientError, match="x-moto-account-id"):
        client.list_roles()


def test_a_decision_can_be_asked_for_without_a_call(cloud: Cloud) -> None:
    node = f"{SHOP}/virtualNode/web"
    stream = "appmesh:StreamAggregatedResources"
    role = make_role(cloud, "envoy", allow(stream, node))
    assert cloud.decision(role, stream, node).allowed
    assert not cloud.decision(role, stream, f"{SHOP}/virtualNode/api").allowed


@pytest.mark.parametrize(
    ("caller", "action", "told"),
    [
        (role_arn("envoy"), "DescribeMesh", "'DescribeMesh' is no action"),
        (role_arn("envoy"), "appmesh:*", "'appmesh:\\*' is no action"),
        ("envoy", "appmesh:ListMeshes", "'envoy' is no ARN"),
        (role_arn("gone"), "appmesh:ListMeshes", "role with name gone cannot be found"),
        (f"arn:aws:iam::{OWNER}:root", "appmesh:ListMeshes", "does not clearly define entity"),
    ],
)
def test_a_question_that_makes_no_sense_has_no_answer(
    cloud: Cloud, caller: str, action: str, told: str
) -> None:
    make_role(cloud, "envoy")
    with pytest.raises(MeshkitError, match=told):
        cloud.decision(caller, action, "*")


def test_nothing_is_refused_unless_asked_for() -> None:
    with Cloud(account=OWNER, region=REGION) as cloud:
        caller = session(cloud, make_role(cloud, "none"))
        assert said(caller, "appmesh", "list_meshes") == ALLOWED


def test_made_up_credentials_are_the_root_users_and_revoked_ones_nobodys(cloud: Cloud) -> None:
    made_up = new_session("local", "local")
    assert said(made_up, "iam", "list_roles") == ALLOWED
    caller = user(cloud, "alice", allow("*"))
    iam = cloud.client("iam")
    [key] = iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]
    iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    assert said(caller, "iam", "list_roles").startswith("403 InvalidClientTokenId")
