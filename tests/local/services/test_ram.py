"""Resource shares: their resources, permissions, tags, and what each side sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.services.conftest import (
    CONSUMER,
    MANAGEMENT,
    ORGANIZATION,
    OWNER,
    REGION,
    STRANGER,
    Cloud,
)
from tests.local.services.test_ram_principals import can_use, principals

ErrorOf = Callable[..., tuple[str, str]]
Share = Callable[..., str]
SHARED = {"meshName": "shop", "meshOwner": OWNER}
MESH_ARN = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"
ORGANIZATION_ARN = f"arn:aws:organizations::{MANAGEMENT}:organization/{ORGANIZATION}"
PERMISSION_ARN = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        ("nonsense", "MalformedArnException"),
        (f"arn:aws:sqs:{REGION}:{OWNER}:queue", "MalformedArnException"),
        (f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/none", "UnknownResourceException"),
        (f"arn:aws:appmesh:us-east-1:{OWNER}:mesh/shop", "UnknownResourceException"),
        (f"{MESH_ARN}/virtualNode/n", "UnknownResourceException"),
        (
            f"arn:aws:appmesh:{REGION}:{CONSUMER}:mesh/shop",
            "OperationNotPermittedException",
        ),
    ],
)
def test_resources_that_can_not_be_shared(
    ram_mesh: Any, error_of: ErrorOf, arn: str, code: str
) -> None:
    assert error_of(ram_mesh.create_resource_share, name="s", resourceArns=[arn])[0] == code


def test_the_same_association_twice_is_one(ram_mesh: Any, share: Share, cloud: Cloud) -> None:
    arn = share(STRANGER)
    again = {"resourceShareArn": arn, "resourceArns": [MESH_ARN], "principals": [STRANGER]}
    made = ram_mesh.associate_resource_share(**again)["resourceShareAssociations"]
    assert [each["associatedEntity"] for each in made] == [MESH_ARN, STRANGER]
    invitations = cloud("ram", STRANGER).get_resource_share_invitations()
    assert len(invitations["resourceShareInvitations"]) == 1


def test_a_principal_can_come_back(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    arn = share(CONSUMER)
    one = {"resourceShareArn": arn, "principals": [CONSUMER]}
    gone = ram_mesh.disassociate_resource_share(**one)["resourceShareAssociations"]
    assert [each["status"] for each in gone] == ["DISASSOCIATED"]
    assert not can_use(cloud, CONSUMER)
    assert error_of(ram_mesh.disassociate_resource_share, **one)[0] == "UnknownResourceException"
    ram_mesh.associate_resource_share(**one)
    assert can_use(cloud, CONSUMER)


def test_taking_an_invited_account_out_withdraws_the_invitation(
    cloud: Cloud, ram_mesh: Any, share: Share
) -> None:
    arn = share(STRANGER)
    ram_mesh.disassociate_resource_share(resourceShareArn=arn, principals=[STRANGER])
    invitations = cloud("ram", STRANGER).get_resource_share_invitations()
    assert invitations["resourceShareInvitations"] == []


def test_a_deleted_share_ends_access_and_stays_visible_as_deleted(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    arn = share(CONSUMER, STRANGER)
    assert ram_mesh.delete_resource_share(resourceShareArn=arn)["returnValue"] is True
    assert not can_use(cloud, CONSUMER)
    (seen,) = ram_mesh.get_resource_shares(resourceOwner="SELF", resourceShareArns=[arn])[
        "resourceShares"
    ]
    assert seen["status"] == "DELETED"
    assert {status for status, _ in principals(ram_mesh, arn).values()} == {"DISASSOCIATED"}
    invitations = cloud("ram", STRANGER).get_resource_share_invitations()
    assert invitations["resourceShareInvitations"] == []
    for run in (ram_mesh.delete_resource_share, ram_mesh.update_resource_share):
        assert error_of(run, resourceShareArn=arn)[0] == "UnknownResourceException"


def test_a_share_is_changed_by_its_owner_alone(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    arn = share(CONSUMER)
    changed = ram_mesh.update_resource_share(resourceShareArn=arn, name="renamed")["resourceShare"]
    assert (changed["name"], changed["allowExternalPrincipals"]) == ("renamed", True)
    consumer = cloud("ram", CONSUMER)
    for run in (
        consumer.update_resource_share,
        consumer.delete_resource_share,
        consumer.list_resource_share_permissions,
    ):
        assert error_of(run, resourceShareArn=arn)[0] == "UnknownResourceException"
    code, _ = error_of(ram_mesh.update_resource_share, resourceShareArn="nonsense")
    assert code == "MalformedArnException"


def test_shares_are_filtered(ram_mesh: Any, share: Share) -> None:
    arn = share(tags=[{"key": "team", "value": "mesh"}])
    ram_mesh.create_resource_share(name="empty")

    def found(**filters: Any) -> list[str]:
        shares = ram_mesh.get_resource_shares(resourceOwner="SELF", **filters)["resourceShares"]
        return sorted(each["name"] for each in shares)

    assert found() == ["empty", "mesh"]
    assert found(name="empty") == ["empty"]
    assert found(resourceShareArns=[arn]) == ["mesh"]
    assert found(resourceShareStatus="DELETED") == []
    assert found(permissionArn=PERMISSION_ARN) == ["mesh"]
    assert found(tagFilters=[{"tagKey": "team"}]) == ["mesh"]
    assert found(tagFilters=[{"tagKey": "team", "tagValues": ["other"]}]) == []


def test_an_unknown_share_is_an_error(ram_mesh: Any, error_of: ErrorOf) -> None:
    arn = f"arn:aws:ram:{REGION}:{OWNER}:resource-share/none"
    asked = {"resourceOwner": "SELF", "resourceShareArns": [arn]}
    assert error_of(ram_mesh.get_resource_shares, **asked)[0] == "UnknownResourceException"
    asked = {"associationType": "PRINCIPAL", "resourceShareArns": [arn]}
    run = ram_mesh.get_resource_share_associations
    assert error_of(run, **asked)[0] == "UnknownResourceException"


def test_both_sides_list_resources_and_principals(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share
) -> None:
    arn = share(CONSUMER)
    consumer = cloud("ram", CONSUMER)
    for ram, side, principal in ((ram_mesh, "SELF", CONSUMER), (consumer, "OTHER-ACCOUNTS", OWNER)):
        (resource,) = ram.list_resources(resourceOwner=side, resourceShareArns=[arn])["resources"]
        assert (resource["arn"], resource["type"]) == (MESH_ARN, "appmesh:Mesh")
        (seen,) = ram.list_principals(resourceOwner=side, resourceArn=MESH_ARN)["principals"]
        assert (seen["id"], seen["resourceShareArn"]) == (principal, arn)
        assert ram.list_resources(resourceOwner=side, principal=STRANGER)["resources"] == []
        assert ram.list_resources(resourceOwner=side, resourceType="ec2:Subnet")["resources"] == []
        assert ram.list_principals(resourceOwner=side, principals=[STRANGER])["principals"] == []


def test_the_app_mesh_permission_has_its_23_actions(ram_mesh: Any, error_of: ErrorOf) -> None:
    permission = ram_mesh.get_permission(permissionArn=PERMISSION_ARN, permissionVersion=3)
    detail = permission["permission"]
    policy = json.loads(detail["permission"])
    assert policy["Effect"] == "Allow"
    assert len(policy["Action"]) == 23
    assert {"appmesh:DescribeMesh", "appmesh:CreateRoute", "appmesh:TagResource"} <= set(
        policy["Action"]
    )
    assert not [each for each in policy["Action"] if "Gateway" in each or "Stream" in each]
    assert (detail["resourceType"], detail["isResourceTypeDefault"]) == ("appmesh:Mesh", True)
    for asked in (
        {"permissionArn": f"{PERMISSION_ARN}X"},
        {"permissionArn": PERMISSION_ARN, "permissionVersion": 9},
    ):
        assert error_of(ram_mesh.get_permission, **asked)[0] == "UnknownResourceException"


def test_permissions_are_listed_by_type(ram_mesh: Any, error_of: ErrorOf) -> None:
    listed = ram_mesh.list_permissions(resourceType="appmesh:mesh")["permissions"]
    assert [each["arn"] for each in listed] == [PERMISSION_ARN]
    assert len(ram_mesh.list_permissions()["permissions"]) > 20
    assert ram_mesh.list_permissions(permissionType="CUSTOMER_MANAGED")["permissions"] == []
    code, _ = error_of(ram_mesh.list_permissions, resourceType="appmesh:Node")
    assert code == "InvalidParameterException"


def test_a_share_takes_the_default_permission_with_its_first_resource(
    ram_mesh: Any, error_of: ErrorOf
) -> None:
    arn = ram_mesh.create_resource_share(name="s")["resourceShare"]["resourceShareArn"]
    name = {"resourceShareArn": arn}
    permission = {**name, "permissionArn": PERMISSION_ARN}
    assert ram_mesh.list_resource_share_permissions(**name)["permissions"] == []
    run = ram_mesh.disassociate_resource_share_permission
    assert error_of(run, **permission)[0] == "UnknownResourceException"
    ram_mesh.associate_resource_share(**name, resourceArns=[MESH_ARN])
    (listed,) = ram_mesh.list_resource_share_permissions(**name)["permissions"]
    assert (listed["arn"], listed["status"]) == (PERMISSION_ARN, "ASSOCIATED")
    ram_mesh.associate_resource_share_permission(**permission)
    assert error_of(run, **permission)[0] == "InvalidStateTransitionException"
    ram_mesh.disassociate_resource_share(**name, resourceArns=[MESH_ARN])
    run(**permission)
    assert ram_mesh.list_resource_share_permissions(**name)["permissions"] == []


def test_a_share_has_one_permission_for_a_type(ram_mesh: Any, error_of: ErrorOf) -> None:
    base = "arn:aws:ram::aws:permission"
    database, other = (
        f"{base}/AWSRAMDefaultPermissionGlueDatabase",
        f"{base}/AWSRAMPermissionGlueDatabaseReadWrite",
    )
    code, _ = error_of(ram_mesh.create_resource_share, name="s", permissionArns=[database, other])
    assert code == "InvalidParameterException"
    made = ram_mesh.create_resource_share(name="s", permissionArns=[database])["resourceShare"]
    name = {"resourceShareArn": made["resourceShareArn"]}
    run = ram_mesh.associate_resource_share_permission
    assert error_of(run, **name, permissionArn=other)[0] == "InvalidParameterException"
    run(**name, permissionArn=other, replace=True)
    (listed,) = ram_mesh.list_resource_share_permissions(**name)["permissions"]
    assert listed["arn"] == other


def test_permission_arns_follow_the_partition(cloud: Cloud) -> None:
    china = cloud("ram", region="cn-north-1")
    (listed,) = china.list_permissions(resourceType="appmesh:Mesh")["permissions"]
    assert listed["arn"] == "arn:aws-cn:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"


def test_shares_carry_tags(ram_mesh: Any, share: Share, error_of: ErrorOf) -> None:
    arn = share(tags=[{"key": "a", "value": "1"}])
    ram_mesh.tag_resource(resourceShareArn=arn, tags=[{"key": "b", "value": "2"}])
    ram_mesh.untag_resource(resourceArn=arn, tagKeys=["a"])
    (seen,) = ram_mesh.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert seen["tags"] == [{"key": "b", "value": "2"}]
    many = [{"key": f"k{number}", "value": ""} for number in range(50)]
    code, _ = error_of(ram_mesh.tag_resource, resourceShareArn=arn, tags=many)
    assert code == "TagLimitExceededException"
    assert error_of(ram_mesh.tag_resource, tags=[])[0] == "InvalidParameterException"


def test_lists_come_in_pages(ram_mesh: Any, error_of: ErrorOf) -> None:
    names = {f"s{number}" for number in range(5)}
    for name in names:
        ram_mesh.create_resource_share(name=name)
    pages = ram_mesh.get_paginator("get_resource_shares").paginate(
        resourceOwner="SELF", PaginationConfig={"PageSize": 2}
    )
    sizes, found = [], set()
    for page in pages:
        sizes.append(len(page["resourceShares"]))
        found |= {each["name"] for each in page["resourceShares"]}
    assert (sizes, found) == ([2, 2, 1], names)
    asked = {"resourceOwner": "SELF", "nextToken": "%%%"}
    assert error_of(ram_mesh.get_resource_shares, **asked)[0] == "InvalidNextTokenException"


def test_associations_are_asked_for_by_one_side_at_a_time(
    ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    share()
    run = ram_mesh.get_resource_share_associations
    for asked in (
        {"associationType": "PRINCIPAL", "resourceArn": MESH_ARN},
        {"associationType": "RESOURCE", "principal": CONSUMER},
    ):
        assert error_of(run, **asked)[0] == "InvalidParameterException"
    found = run(associationType="RESOURCE", resourceArn=MESH_ARN, associationStatus="ASSOCIATED")
    assert len(found["resourceShareAssociations"]) == 1


def test_the_client_token_comes_back(ram_mesh: Any) -> None:
    assert ram_mesh.create_resource_share(name="s", clientToken="t")["clientToken"] == "t"


def test_resource_types_are_listed(ram_mesh: Any) -> None:
    types = ram_mesh.list_resource_types(resourceRegionScope="REGIONAL")["resourceTypes"]
    assert "appmesh:Mesh" in {each["resourceType"] for each in types}
    assert {each["resourceRegionScope"] for each in types} == {"REGIONAL"}
