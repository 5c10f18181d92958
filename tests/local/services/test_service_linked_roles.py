"""Service-linked roles: their names, who makes them, and that there is one of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.local.services.conftest import CONSUMER, OWNER, Cloud

ErrorOf = Callable[..., tuple[str, str]]
APP_MESH = "AWSServiceRoleForAppMesh"


@pytest.mark.parametrize(
    ("service", "role"),
    [
        ("appmesh", APP_MESH),
        ("vpc-lattice", "AWSServiceRoleForVpcLattice"),
        ("config", "AWSServiceRoleForConfig"),
        ("ecs", "AWSServiceRoleForECS"),
        ("eks-nodegroup", "AWSServiceRoleForAmazonEKSNodegroup"),
        ("elasticloadbalancing", "AWSServiceRoleForElasticLoadBalancing"),
        ("autoscaling", "AWSServiceRoleForAutoScaling"),
    ],
)
def test_a_role_has_the_name_that_aws_gives_and_is_made_once(
    cloud: Cloud, error_of: ErrorOf, service: str, role: str
) -> None:
    principal = f"{service}.amazonaws.com"
    run = cloud("iam").create_service_linked_role
    made = run(AWSServiceName=principal)["Role"]
    assert made["RoleName"] == role
    assert made["Arn"] == f"arn:aws:iam::{OWNER}:role/aws-service-role/{principal}/{role}"
    assert error_of(run, AWSServiceName=principal) == (
        "InvalidInput",
        f"Service role name {role} has been taken in this account, please try a different suffix.",
    )


def test_other_roles_clash_as_before(cloud: Cloud, error_of: ErrorOf) -> None:
    asked = {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}
    cloud("iam").create_role(**asked)
    assert error_of(cloud("iam").create_role, **asked)[0] == "EntityAlreadyExists"


def test_a_mesh_makes_the_role_of_app_mesh_once(cloud: Cloud, error_of: ErrorOf) -> None:
    cloud("appmesh").create_mesh(meshName="a")
    first = cloud("iam").get_role(RoleName=APP_MESH)["Role"]
    assert first["Path"] == "/aws-service-role/appmesh.amazonaws.com/"
    cloud("appmesh").create_mesh(meshName="b")
    assert cloud("iam").get_role(RoleName=APP_MESH)["Role"] == first


def test_a_consumer_needs_no_role_to_create_and_gets_none(
    cloud: Cloud, organization: object, share: Callable[..., str], error_of: ErrorOf
) -> None:
    cloud("appmesh").create_mesh(meshName="shop")
    share(CONSUMER)
    node = {"meshName": "shop", "meshOwner": OWNER, "virtualNodeName": "n", "spec": {}}
    cloud("appmesh", CONSUMER).create_virtual_node(**node)
    assert error_of(cloud("iam", CONSUMER).get_role, RoleName=APP_MESH)[0] == "NoSuchEntity"
