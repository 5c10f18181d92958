"""A table of roles with policies, and what becomes of their calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from meshkit.local.cloud import Cloud
from tests.local.enforcement.conftest import enforcing
from tests.local.enforcement.people import (
    ALLOWED,
    MANAGER,
    MESH_ARNS,
    OWNER,
    REGION,
    ROUTER,
    SHARE,
    SHOP,
    Statement,
    allow,
    deny,
    make_role,
    make_shop,
    refused,
    role_arn,
    said,
    session,
    trusting,
)

TO_WEB: dict[str, Any] = {
    "httpRoute": {
        "match": {"prefix": "/"},
        "action": {"weightedTargets": [{"virtualNode": "web", "weight": 1}]},
    }
}
ROUTE = {**ROUTER, "routeName": "all", "spec": TO_WEB}
MESH_POLICY = ["appmesh:PutMeshPolicy", "appmesh:GetMeshPolicy", "appmesh:DeleteMeshPolicy"]
LATTICE = f"arn:aws:vpc-lattice:{REGION}:{OWNER}"
EC2 = f"arn:aws:ec2:{REGION}:{OWNER}"
ELB = f"arn:aws:elasticloadbalancing:{REGION}:{OWNER}"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
BOUNDARY = f"arn:aws:iam::{OWNER}:policy/b"


def when(operator: str, key: str, value: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


CALLS: list[tuple[str, list[Statement], str, str, dict[str, Any], bool]] = [
    # what, statements, service, operation, parameters, allowed
    ("no policy", [], "appmesh", "list_meshes", {}, False),
    ("any of a service", [allow("appmesh:*")], "appmesh", "list_meshes", {}, True),
    ("one question mark", [allow("appmesh:ListMeshe?")], "appmesh", "list_meshes", {}, True),
    ("other case", [allow("AppMesh:listmeshes")], "appmesh", "list_meshes", {}, True),
    (
        "this mesh",
        [allow("appmesh:*", SHOP)],
        "appmesh",
        "describe_mesh",
        {"meshName": "shop"},
        True,
    ),
    (
        "another mesh",
        [allow("appmesh:*", f"{MESH_ARNS}/other")],
        "appmesh",
        "describe_mesh",
        {"meshName": "shop"},
        False,
    ),
    (
        "a node is no mesh",
        [allow("appmesh:*", SHOP)],
        "appmesh",
        "describe_virtual_node",
        {"meshName": "shop", "virtualNodeName": "web"},
        False,
    ),
    (
        "a node",
        [allow("appmesh:*", f"{SHOP}/virtualNode/web")],
        "appmesh",
        "describe_virtual_node",
        {"meshName": "shop", "virtualNodeName": "web"},
        True,
    ),
    (
        "a deny beside an allow",
        [allow("*"), deny("appmesh:Delete*")],
        "appmesh",
        "delete_mesh",
        {"meshName": "shop"},
        False,
    ),
    (
        "a route without its target",
        [allow("appmesh:CreateRoute", f"{SHOP}/virtualRouter/*")],
        "appmesh",
        "create_route",
        ROUTE,
        False,
    ),
    (
        "a route and its target",
        [allow("appmesh:CreateRoute", [f"{SHOP}/virtualRouter/*", f"{SHOP}/virtualNode/web"])],
        "appmesh",
        "create_route",
        ROUTE,
        True,
    ),
    (
        "a service without its provider",
        [allow("appmesh:*", f"{SHOP}/virtualService/*")],
        "appmesh",
        "create_virtual_service",
        {
            "meshName": "shop",
            "virtualServiceName": "s",
            "spec": {"provider": {"virtualNode": {"virtualNodeName": "web"}}},
        },
        False,
    ),
    (
        "tags need tagging",
        [allow("appmesh:CreateMesh")],
        "appmesh",
        "create_mesh",
        {"meshName": "new", "tags": [{"key": "a", "value": "b"}]},
        False,
    ),
    (
        "tags as asked for",
        [
            allow(
                ["appmesh:CreateMesh", "appmesh:TagResource"],
                **when("StringEquals", "aws:RequestTag/a", "b"),
            )
        ],
        "appmesh",
        "create_mesh",
        {"meshName": "new", "tags": [{"key": "a", "value": "b"}]},
        True,
    ),
    (
        "other tags than asked for",
        [allow("appmesh:*", **when("StringEquals", "aws:RequestTag/a", "c"))],
        "appmesh",
        "create_mesh",
        {"meshName": "new", "tags": [{"key": "a", "value": "b"}]},
        False,
    ),
    (
        "the tags of the mesh",
        [allow("appmesh:*", **when("StringEquals", "aws:ResourceTag/team", "web"))],
        "appmesh",
        "describe_mesh",
        {"meshName": "shop"},
        True,
    ),
    (
        "other tags of the mesh",
        [allow("appmesh:*", **when("StringEquals", "aws:ResourceTag/team", "ops"))],
        "appmesh",
        "describe_mesh",
        {"meshName": "shop"},
        False,
    ),
    (
        "the region",
        [allow("*"), deny("*", **when("StringNotEquals", "aws:RequestedRegion", "us-east-1"))],
        "appmesh",
        "list_meshes",
        {},
        False,
    ),
    (
        "who asks",
        [allow("*", **when("ArnLike", "aws:PrincipalArn", role_arn("who-*")))],
        "appmesh",
        "list_meshes",
        {},
        True,
    ),
    (
        "its tags",
        [allow("*", **when("StringEquals", "aws:PrincipalTag/team", "web"))],
        "appmesh",
        "list_meshes",
        {},
        True,
    ),
    (
        "the organization",
        [allow("*", **when("StringEquals", "aws:PrincipalOrgID", "o-exampleorg"))],
        "appmesh",
        "list_meshes",
        {},
        True,
    ),
    (
        "from here",
        [allow("*", **when("IpAddress", "aws:SourceIp", "127.0.0.0/8"))],
        "iam",
        "list_roles",
        {},
        True,
    ),
    (
        "from elsewhere",
        [allow("*", **when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))],
        "iam",
        "list_roles",
        {},
        False,
    ),
    (
        "long ago",
        [allow("*", **when("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"))],
        "iam",
        "list_roles",
        {},
        False,
    ),
    (
        "in the clear",
        [allow("*"), deny("*", **when("Bool", "aws:SecureTransport", "false"))],
        "iam",
        "list_roles",
        {},
        True,
    ),
    (
        "a role by its path",
        [allow("iam:GetRole", f"arn:aws:iam::{OWNER}:role/team/*")],
        "iam",
        "get_role",
        {"RoleName": "pathed"},
        True,
    ),
    (
        "a role on another path",
        [allow("iam:GetRole", f"arn:aws:iam::{OWNER}:role/ops/*")],
        "iam",
        "get_role",
        {"RoleName": "pathed"},
        False,
    ),
    (
        "only with this boundary",
        [allow("iam:CreateRole", **when("StringEquals", "iam:PermissionsBoundary", BOUNDARY))],
        "iam",
        "create_role",
        {"RoleName": "n", "AssumeRolePolicyDocument": trusting({"AWS": OWNER})},
        False,
    ),
    (
        "with this boundary",
        [allow("iam:CreateRole", **when("StringEquals", "iam:PermissionsBoundary", BOUNDARY))],
        "iam",
        "create_role",
        {
            "RoleName": "n",
            "AssumeRolePolicyDocument": trusting({"AWS": OWNER}),
            "PermissionsBoundary": BOUNDARY,
        },
        True,
    ),
    (
        "attach only this",
        [allow("iam:AttachRolePolicy", **when("ArnEquals", "iam:PolicyARN", BOUNDARY))],
        "iam",
        "attach_role_policy",
        {"RoleName": "taken", "PolicyArn": ADMINISTRATOR},
        False,
    ),
    (
        "share without the mesh policy",
        [allow("ram:*")],
        "ram",
        "create_resource_share",
        SHARE,
        False,
    ),
    (
        "share with it",
        [allow("ram:*"), allow(MESH_POLICY, SHOP)],
        "ram",
        "create_resource_share",
        SHARE,
        True,
    ),
    (
        "share with nobody else",
        [
            allow(MESH_POLICY, SHOP),
            allow("ram:*", **when("StringEquals", "ram:Principal", MANAGER)),
        ],
        "ram",
        "create_resource_share",
        SHARE,
        False,
    ),
    (
        "share outside",
        [
            allow("*"),
            deny(
                "ram:CreateResourceShare",
                **when("Bool", "ram:RequestedAllowsExternalPrincipals", "true"),
            ),
        ],
        "ram",
        "create_resource_share",
        {"name": "x"},
        False,
    ),
    (
        "share inside",
        [
            allow("*"),
            deny(
                "ram:CreateResourceShare",
                **when("Bool", "ram:RequestedAllowsExternalPrincipals", "true"),
            ),
        ],
        "ram",
        "create_resource_share",
        {"name": "x", "allowExternalPrincipals": False},
        True,
    ),
    (
        "pass no role",
        [allow(["ecs:*"])],
        "ecs",
        "register_task_definition",
        {"family": "f", "taskRoleArn": role_arn("taken"), "containerDefinitions": []},
        False,
    ),
    (
        "pass to tasks",
        [
            allow("ecs:*"),
            allow(
                "iam:PassRole",
                role_arn("taken"),
                **when("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"),
            ),
        ],
        "ecs",
        "register_task_definition",
        {"family": "f", "taskRoleArn": role_arn("taken"), "containerDefinitions": []},
        True,
    ),
    (
        "pass to others",
        [
            allow("ecs:*"),
            allow(
                "iam:PassRole",
                role_arn("taken"),
                **when("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"),
            ),
        ],
        "ecs",
        "register_task_definition",
        {"family": "f", "taskRoleArn": role_arn("taken"), "containerDefinitions": []},
        False,
    ),
    (
        "a bucket by name",
        [allow("s3:CreateBucket", "arn:aws:s3:::mine-*")],
        "s3",
        "create_bucket",
        {"Bucket": "mine-1", "CreateBucketConfiguration": {"LocationConstraint": REGION}},
        True,
    ),
    (
        "list by another name",
        [allow("s3:ListObjectsV2")],
        "s3",
        "list_objects_v2",
        {"Bucket": "logs-of-all"},
        False,
    ),
    (
        "list",
        [allow("s3:ListBucket", "arn:aws:s3:::logs-of-all")],
        "s3",
        "list_objects_v2",
        {"Bucket": "logs-of-all"},
        True,
    ),
    ("read all of EC2", [allow("ec2:Describe*")], "ec2", "describe_vpcs", {}, True),
    (
        "a VPC",
        [allow("ec2:*", f"arn:aws:ec2:{REGION}:{OWNER}:subnet/*")],
        "ec2",
        "create_vpc",
        {"CidrBlock": "10.0.0.0/16"},
        False,
    ),
    (
        "a tag that looks like an id",
        [allow("ec2:*", [f"{EC2}:vpc/*"])],
        "ec2",
        "create_vpc",
        {
            "CidrBlock": "10.0.0.0/16",
            "TagSpecifications": [
                {"ResourceType": "vpc", "Tags": [{"Key": "next-to", "Value": "sg-0abc"}]}
            ],
        },
        True,
    ),
    (
        "a launch template by its name",
        [allow("ec2:*", f"{EC2}:launch-template/lt-none")],
        "ec2",
        "modify_launch_template",
        {"LaunchTemplateName": "fleet", "DefaultVersion": "1"},
        False,
    ),
    (
        "a key without its tags",
        [allow("kms:CreateKey")],
        "kms",
        "create_key",
        {"Tags": [{"TagKey": "a", "TagValue": "b"}]},
        False,
    ),
    (
        "a key with its tags",
        [allow("kms:CreateKey"), allow("kms:TagResource", f"arn:aws:kms:*:{OWNER}:key/*")],
        "kms",
        "create_key",
        {"Tags": [{"TagKey": "a", "TagValue": "b"}]},
        True,
    ),
    (
        "targets of a load balancer",
        [allow("elasticloadbalancing:*", f"{ELB}:targetgroup/web/*")],
        "elbv2",
        "create_target_group",
        {"Name": "web", "TargetType": "lambda"},
        True,
    ),
    (
        "a load balancer of another type",
        [allow("elasticloadbalancing:*", f"{ELB}:loadbalancer/net/*")],
        "elbv2",
        "create_load_balancer",
        {"Name": "web", "Subnets": ["subnet-1"]},
        False,
    ),
    (
        "a function",
        [allow("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{OWNER}:function:f")],
        "lambda",
        "invoke",
        {"FunctionName": "g"},
        False,
    ),
    (
        "the name of an account",
        [allow("account:PutAccountName", f"arn:aws:account::{MANAGER}:account/o-other/*")],
        "account",
        "put_account_name",
        {"AccountId": OWNER, "AccountName": "shop"},
        False,
    ),
    (
        "a cluster",
        [allow("ecs:CreateCluster", f"arn:aws:ecs:{REGION}:{OWNER}:cluster/a")],
        "ecs",
        "create_cluster",
        {"clusterName": "a"},
        True,
    ),
    (
        "a network of services",
        [allow("vpc-lattice:Create*", f"{LATTICE}:servicenetwork/*")],
        "vpc-lattice",
        "create_service_network",
        {"name": "net"},
        True,
    ),
    (
        "a target group without a look at the VPC",
        [allow("vpc-lattice:*")],
        "vpc-lattice",
        "create_target_group",
        {"name": "group", "type": "LAMBDA"},
        False,
    ),
    (
        "a target group",
        [allow("vpc-lattice:*"), allow("ec2:DescribeVpcs")],
        "vpc-lattice",
        "create_target_group",
        {"name": "group", "type": "LAMBDA"},
        True,
    ),
    (
        "an old version of an object",
        [allow("s3:GetObject")],
        "s3",
        "get_object",
        {"Bucket": "logs-of-all", "Key": "k", "VersionId": "1"},
        False,
    ),
    (
        "an object for everybody",
        [allow("s3:PutObject")],
        "s3",
        "put_object",
        {"Bucket": "logs-of-all", "Key": "k", "ACL": "public-read"},
        False,
    ),
    (
        "an object with tags",
        [allow(["s3:PutObject", "s3:PutObjectTagging"])],
        "s3",
        "put_object",
        {"Bucket": "logs-of-all", "Key": "k", "Tagging": "a=b"},
        True,
    ),
    (
        "a copy of what may not be read",
        [allow("s3:PutObject")],
        "s3",
        "copy_object",
        {"Bucket": "logs-of-all", "Key": "k", "CopySource": "logs-of-all/other"},
        False,
    ),
    (
        "one object too many",
        [allow("s3:DeleteObject", "arn:aws:s3:::logs-of-all/a*")],
        "s3",
        "delete_objects",
        {"Bucket": "logs-of-all", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}]}},
        False,
    ),
    (
        "a list below a prefix",
        [allow("s3:ListBucket", **when("StringLike", "s3:prefix", "home/*"))],
        "s3",
        "list_objects_v2",
        {"Bucket": "logs-of-all", "Prefix": "home/me"},
        True,
    ),
    (
        "a list of all",
        [allow("s3:ListBucket", **when("StringLike", "s3:prefix", "home/*"))],
        "s3",
        "list_objects_v2",
        {"Bucket": "logs-of-all"},
        False,
    ),
    (
        "no service",
        [allow("vpc-lattice:*", f"{LATTICE}:servicenetwork/*")],
        "vpc-lattice",
        "create_service",
        {"name": "svc"},
        False,
    ),
    (
        "a quota",
        [allow("servicequotas:ListServiceQuotas")],
        "service-quotas",
        "list_service_quotas",
        {"ServiceCode": "appmesh"},
        True,
    ),
]


@pytest.fixture(scope="module")
def prepared() -> Iterator[Cloud]:
    """A cloud for all cases of the table: each has a role of its own."""
    with enforcing() as cloud:
        make_shop(cloud)
        trust = trusting({"AWS": OWNER})
        cloud.client("iam").create_role(
            RoleName="pathed", Path="/team/", AssumeRolePolicyDocument=trust
        )
        where = {"LocationConstraint": REGION}
        cloud.client("s3").create_bucket(Bucket="logs-of-all", CreateBucketConfiguration=where)
        make_role(cloud, "taken")
        cloud.client("ec2").create_launch_template(
            LaunchTemplateName="fleet", LaunchTemplateData={"ImageId": "ami-12345678"}
        )
        yield cloud


@pytest.mark.parametrize("case", [pytest.param(case[1:], id=case[0]) for case in CALLS])
def test_a_role_may_do_what_its_policies_allow(
    request: pytest.FixtureRequest, prepared: Cloud, case: Any
) -> None:
    statements, service, operation, params, allowed = case
    name = request.node.callspec.id.replace(" ", "-")
    role = make_role(prepared, name, *statements, tags={"team": "web"})
    answer = said(session(prepared, role), service, operation, **params)
    assert (answer == ALLOWED) is allowed, answer
    assert allowed or refused(answer), answer


@pytest.mark.parametrize(("given", "segment"), [({}, "app"), ({"Type": "network"}, "net")])
def test_a_load_balancer_has_its_type_in_its_arn(
    prepared: Cloud, given: dict[str, str], segment: str
) -> None:
    caller = session(prepared, make_role(prepared, f"balances-{segment}"))
    answer = said(caller, "elbv2", "create_load_balancer", Name="web", **given)
    assert f"on resource: {ELB}:loadbalancer/{segment}/web/* because" in answer
