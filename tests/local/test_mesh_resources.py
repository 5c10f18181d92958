from __future__ import annotations

import json

import pytest

from meshkit.local.cloud import Cloud
from meshkit.local.providers import Provider
from meshkit.local.resources.model import Aws
from tests.local.making import CONSUMER, OWNER, POLICY, REGION, TRUST, make


def test_iam(aws: Aws, cloud: Cloud) -> None:
    role = make(aws, "aws:iam/role:Role", "storefront", assumeRolePolicy=TRUST, tags={"a": "b"})
    policy = make(aws, "aws:iam/policy:Policy", policy=POLICY, path="/mesh/")
    make(aws, "aws:iam/rolePolicy:RolePolicy", role=role.id, policy=POLICY, name="inline")
    attached = {"role": role.id, "policyArn": policy.outputs["arn"]}
    make(aws, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", **attached)
    profile = make(aws, "aws:iam/instanceProfile:InstanceProfile", role=role.id)
    user = make(aws, "aws:iam/user:User")
    make(aws, "aws:iam/userPolicy:UserPolicy", user=user.id, policy=POLICY)
    of_user = {"user": user.id, "policyArn": policy.outputs["arn"]}
    make(aws, "aws:iam/userPolicyAttachment:UserPolicyAttachment", **of_user)
    key = make(aws, "aws:iam/accessKey:AccessKey", user=user.id)
    provider = make(
        aws,
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        url="https://oidc.eks.eu-west-1.amazonaws.com/id/ABC",
        clientIdLists=["sts.amazonaws.com"],
        thumbprintLists=["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    )

    iam = cloud.client("iam", OWNER)
    assert role.id.startswith("storefront-")
    assert role.outputs["arn"] == f"arn:aws:iam::{OWNER}:role/{role.id}"
    assert iam.get_role(RoleName=role.id)["Role"]["Tags"] == [{"Key": "a", "Value": "b"}]
    assert iam.list_role_policies(RoleName=role.id)["PolicyNames"] == ["inline"]
    attachments = iam.list_attached_role_policies(RoleName=role.id)["AttachedPolicies"]
    assert [found["PolicyArn"] for found in attachments] == [policy.outputs["arn"]]
    found = iam.get_instance_profile(InstanceProfileName=profile.id)["InstanceProfile"]
    assert [of_profile["RoleName"] for of_profile in found["Roles"]] == [role.id]
    assert iam.list_user_policies(UserName=user.id)["PolicyNames"]
    assert key.outputs["secret"]
    assert provider.id.endswith("/id/ABC")


def test_a_role_takes_inline_and_managed_policies(aws: Aws, cloud: Cloud) -> None:
    policy = make(aws, "aws:iam/policy:Policy", policy=POLICY)
    role = make(
        aws,
        "aws:iam/role:Role",
        assumeRolePolicy=json.loads(TRUST),
        inlinePolicies=[{"name": "one", "policy": POLICY}],
        managedPolicyArns=[policy.outputs["arn"]],
    )

    iam = cloud.client("iam", OWNER)
    assert iam.list_role_policies(RoleName=role.id)["PolicyNames"] == ["one"]
    assert len(iam.list_attached_role_policies(RoleName=role.id)["AttachedPolicies"]) == 1


@pytest.mark.parametrize("name", ["AWSAppMeshEnvoyAccess", "AWSXRayDaemonWriteAccess"])
def test_policies_that_aws_manages_can_be_attached(aws: Aws, name: str) -> None:
    role = make(aws, "aws:iam/role:Role", assumeRolePolicy=TRUST)
    attached = {"role": role.id, "policyArn": f"arn:aws:iam::aws:policy/{name}"}

    make(aws, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", **attached)


def test_policies_of_aws_are_listed_apart_from_an_account_s_own(aws: Aws, cloud: Cloud) -> None:
    own = make(aws, "aws:iam/policy:Policy", name="own", policy=POLICY)
    iam = cloud.client("iam", OWNER)

    local = iam.list_policies(Scope="Local")["Policies"]
    read_only = iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/AWSAppMeshReadOnly")["Policy"]
    listed = iam.get_paginator("list_policies").paginate(Scope="AWS")

    assert [policy["Arn"] for policy in local] == [own.id]
    assert read_only["PolicyName"] == "AWSAppMeshReadOnly"
    assert sum(len(page["Policies"]) for page in listed) > 1000


def test_app_mesh(aws: Aws, cloud: Cloud) -> None:
    listener = {"portMapping": {"port": 8080, "protocol": "http"}}
    make(aws, "aws:appmesh/mesh:Mesh", name="shop", spec={"egressFilter": {"type": "DROP_ALL"}})
    node_spec = {
        "backends": [{"virtualService": {"virtualServiceName": "catalog.local"}}],
        "listeners": [{**listener, "connectionPool": {"https": [{"maxConnections": 5}]}}],
        "serviceDiscovery": {
            "awsCloudMap": {"namespaceName": "n", "serviceName": "s", "attributes": {"k": "v"}}
        },
        "logging": {"accessLog": {"file": {"path": "/dev/stdout"}}},
    }
    node = make(
        aws, "aws:appmesh/virtualNode:VirtualNode", name="n", meshName="shop", spec=node_spec
    )
    router = make(
        aws,
        "aws:appmesh/virtualRouter:VirtualRouter",
        name="r",
        meshName="shop",
        spec={"listeners": [listener]},
    )
    target = {"virtualNode": "n", "weight": 100}
    route_spec = {"httpRoute": {"match": {"prefix": "/"}, "action": {"weightedTargets": [target]}}}
    make(
        aws,
        "aws:appmesh/route:Route",
        meshName="shop",
        virtualRouterName=router.outputs["name"],
        spec=route_spec,
    )
    service = make(
        aws,
        "aws:appmesh/virtualService:VirtualService",
        name="catalog.local",
        meshName="shop",
        spec={"provider": {"virtualRouter": {"virtualRouterName": "r"}}},
    )
    make(
        aws,
        "aws:appmesh/virtualGateway:VirtualGateway",
        name="g",
        meshName="shop",
        spec={"listeners": [listener]},
    )
    to_service = {"target": {"virtualService": {"virtualServiceName": service.outputs["name"]}}}
    make(
        aws,
        "aws:appmesh/gatewayRoute:GatewayRoute",
        meshName="shop",
        virtualGatewayName="g",
        spec={"httpRoute": {"match": {"prefix": "/"}, "action": to_service}},
    )

    described = cloud.client("appmesh", OWNER).describe_virtual_node(
        meshName="shop", virtualNodeName="n"
    )["virtualNode"]
    assert node.outputs["arn"] == f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop/virtualNode/n"
    assert described["spec"]["listeners"][0]["connectionPool"] == {"http": {"maxConnections": 5}}
    discovery = described["spec"]["serviceDiscovery"]["awsCloudMap"]
    assert discovery["attributes"] == [{"key": "k", "value": "v"}]


def test_a_mesh_is_shared_with_another_account_and_used_there(aws: Aws, cloud: Cloud) -> None:
    consumer = Provider(CONSUMER, REGION).aws(cloud)
    mesh = make(aws, "aws:appmesh/mesh:Mesh", name="shop")
    share = make(aws, "aws:ram/resourceShare:ResourceShare", allowExternalPrincipals=True).id
    of_share = {"resourceShareArn": share}
    arn = mesh.outputs["arn"]
    make(aws, "aws:ram/resourceAssociation:ResourceAssociation", resourceArn=arn, **of_share)
    make(aws, "aws:ram/principalAssociation:PrincipalAssociation", principal=CONSUMER, **of_share)
    accepted = make(consumer, "aws:ram/resourceShareAccepter:ResourceShareAccepter", shareArn=share)
    node = make(
        consumer,
        "aws:appmesh/virtualNode:VirtualNode",
        name="n",
        meshName="shop",
        meshOwner=OWNER,
        spec={},
    )

    assert accepted.outputs["senderAccountId"] == OWNER
    assert accepted.outputs["receiverAccountId"] == CONSUMER
    assert accepted.outputs["resources"] == [mesh.outputs["arn"]]
    assert node.outputs["arn"].startswith(f"arn:aws:appmesh:{REGION}:{CONSUMER}:mesh/shop@{OWNER}/")
    assert (node.outputs["meshOwner"], node.outputs["resourceOwner"]) == (OWNER, CONSUMER)


def test_accepting_a_share_that_nobody_offered_is_refused(aws: Aws) -> None:
    arn = f"arn:aws:ram:{REGION}:{CONSUMER}:resource-share/00000000-0000-0000-0000-000000000000"
    with pytest.raises(Exception, match=r"no pending invitation|does not exist|not be found"):
        make(aws, "aws:ram/resourceShareAccepter:ResourceShareAccepter", shareArn=arn)


def test_organizations(aws: Aws, cloud: Cloud) -> None:
    organization = make(
        aws,
        "aws:organizations/organization:Organization",
        awsServiceAccessPrincipals=["ram.amazonaws.com"],
        enabledPolicyTypes=["SERVICE_CONTROL_POLICY"],
    )
    root = organization.outputs["roots"][0]["id"]
    unit = make(
        aws, "aws:organizations/organizationalUnit:OrganizationalUnit", name="ou", parentId=root
    )
    account = make(
        aws,
        "aws:organizations/account:Account",
        name="orders",
        email="orders@example.com",
        parentId=unit.id,
    )
    make(aws, "aws:ram/sharingWithOrganization:SharingWithOrganization")

    parents = cloud.client("organizations", OWNER).list_parents(ChildId=account.id)["Parents"]
    assert [parent["Id"] for parent in parents] == [unit.id]
    assert len(account.id) == 12


def test_default_tags_join_the_resource_s_own(cloud: Cloud) -> None:
    aws = Provider(OWNER, REGION, {"team": "net", "a": "default"}).aws(cloud)

    role = make(aws, "aws:iam/role:Role", name="r", assumeRolePolicy=TRUST, tags={"a": "own"})

    assert role.outputs["tags"] == {"a": "own"}
    assert role.outputs["tagsAll"] == {"team": "net", "a": "own"}
    tags = cloud.client("iam", OWNER).list_role_tags(RoleName="r")["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "net", "a": "own"}
