from __future__ import annotations

import json

import pytest

from meshkit.local.cloud import Cloud
from meshkit.local.providers import Provider
from meshkit.local.resources.model import Aws, RefusedError
from tests.local.making import OWNER, REGION, TRUST, invoke, make


def test_look_ups_of_what_exists(aws: Aws) -> None:
    role = make(aws, "aws:iam/role:Role", name="r", assumeRolePolicy=TRUST)
    make(aws, "aws:appmesh/mesh:Mesh", name="shop", spec={"egressFilter": {"type": "DROP_ALL"}})
    make(aws, "aws:eks/cluster:Cluster", name="main", roleArn=role.outputs["arn"], vpcConfig={})
    share = make(aws, "aws:ram/resourceShare:ResourceShare", name="mesh")
    url = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC"
    make(aws, "aws:iam/openIdConnectProvider:OpenIdConnectProvider", url=url, clientIdLists=["a"])

    assert invoke(aws, "getRole", name="r")["arn"] == role.outputs["arn"]
    assert json.loads(invoke(aws, "getRole", name="r")["assumeRolePolicy"]) == json.loads(TRUST)
    assert invoke(aws, "getMesh", name="shop")["meshOwner"] == OWNER
    assert invoke(aws, "getCluster", name="main")["roleArn"] == role.outputs["arn"]
    found = invoke(aws, "getResourceShare", name="mesh", resourceOwner="SELF")
    assert found["arn"] == share.id
    assert invoke(aws, "getOpenIdConnectProvider", url=url)["clientIdLists"] == ["a"]
    with pytest.raises(RefusedError, match="no OpenID Connect provider"):
        invoke(aws, "getOpenIdConnectProvider", url="https://elsewhere")


def test_look_ups_of_the_surroundings(aws: Aws, cloud: Cloud) -> None:
    china = Provider(OWNER, "cn-north-1").aws(cloud)

    assert invoke(aws, "getCallerIdentity")["accountId"] == OWNER
    assert invoke(aws, "getRegion")["name"] == REGION
    assert invoke(aws, "getPartition")["dnsSuffix"] == "amazonaws.com"
    assert invoke(china, "getPartition")["partition"] == "aws-cn"
    assert invoke(china, "getPartition")["reverseDnsPrefix"] == "cn.com.amazonaws"


def test_a_policy_document_is_built_like_the_official_provider_does(aws: Aws) -> None:
    statement = {
        "sid": "A",
        "actions": ["s3:GetObject", "s3:PutObject"],
        "resources": ["arn:aws:s3:::home/&{aws:username}"],
        "principals": [{"type": "AWS", "identifiers": ["111111111111"]}],
        "conditions": [{"test": "StringEquals", "variable": "aws:a", "values": ["x", "y"]}],
    }
    override = json.dumps({"Statement": [{"Sid": "B", "Effect": "Deny", "Action": "*"}]})

    document = invoke(
        aws,
        "getPolicyDocument",
        statements=[statement, {"sid": "B", "actions": ["sts:*"]}],
        overridePolicyDocuments=[override],
    )

    assert json.loads(document["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "A",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::home/${aws:username}",
                "Principal": {"AWS": "111111111111"},
                "Condition": {"StringEquals": {"aws:a": ["x", "y"]}},
            },
            {"Sid": "B", "Effect": "Deny", "Action": "*"},
        ],
    }


@pytest.mark.parametrize("kind", ["VirtualNode", "VirtualRouter", "VirtualService"])
def test_a_consumer_looks_up_what_the_owner_made(cloud: Cloud, aws: Aws, kind: str) -> None:
    mesh = make(aws, "aws:appmesh/mesh:Mesh", name="shop")
    member = f"{kind[0].lower()}{kind[1:]}"
    spec = {"listeners": [{"portMapping": {"port": 80, "protocol": "http"}}]}
    inputs = {"meshName": "shop", "name": "a", "spec": {} if kind == "VirtualService" else spec}
    made = make(aws, f"aws:appmesh/{member}:{kind}", **inputs)
    consumer = Provider("222222222222", REGION).aws(cloud)
    asked = {"name": "a", "meshName": "shop", "meshOwner": OWNER}

    with pytest.raises(Exception, match="Forbidden"):
        invoke(consumer, f"get{kind}", **asked)
    ram = cloud.client("ram", OWNER, REGION)
    ram.create_resource_share(
        name="mesh", resourceArns=[mesh.outputs["arn"]], principals=["222222222222"]
    )
    theirs = cloud.client("ram", "222222222222", REGION)
    (invitation,) = theirs.get_resource_share_invitations()["resourceShareInvitations"]
    theirs.accept_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )

    assert invoke(consumer, f"get{kind}", **asked)["arn"] == made.outputs["arn"]
    with pytest.raises(Exception, match="NotFound"):
        invoke(consumer, f"get{kind}", **{**asked, "name": "b"})
