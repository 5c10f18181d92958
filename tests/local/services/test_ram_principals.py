"""Whom a share reaches: accounts, units, roles, and who has to accept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from meshkit.local.services.ram.backend import backend
from tests.local.services.conftest import (
    CONSUMER,
    MANAGEMENT,
    ORGANIZATION,
    OWNER,
    REGION,
    STRANGER,
    Cloud,
)

ErrorOf = Callable[..., tuple[str, str]]
Share = Callable[..., str]
SHARED = {"meshName": "shop", "meshOwner": OWNER}
MESH_ARN = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"
ORGANIZATION_ARN = f"arn:aws:organizations::{MANAGEMENT}:organization/{ORGANIZATION}"
PERMISSION_ARN = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"


def principals(ram: Any, arn: str) -> dict[str, tuple[str, bool]]:
    """Return status and `external` of each principal of a share."""
    found = ram.get_resource_share_associations(
        associationType="PRINCIPAL", resourceShareArns=[arn]
    )["resourceShareAssociations"]
    return {each["associatedEntity"]: (each["status"], each["external"]) for each in found}


def can_use(cloud: Cloud, account: str, *, role: str = "test") -> bool:
    return bool(cloud("appmesh", account, role=role).list_meshes()["meshes"])


def test_an_account_of_the_organization_is_in_at_once(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share
) -> None:
    arn = share(CONSUMER, allowExternalPrincipals=False)
    assert principals(ram_mesh, arn) == {CONSUMER: ("ASSOCIATED", False)}
    consumer = cloud("ram", CONSUMER)
    assert consumer.get_resource_share_invitations()["resourceShareInvitations"] == []
    seen = consumer.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    assert [(each["resourceShareArn"], each["owningAccountId"]) for each in seen] == [(arn, OWNER)]
    assert can_use(cloud, CONSUMER)


def test_an_outside_account_accepts_first(cloud: Cloud, ram_mesh: Any, share: Share) -> None:
    arn = share(STRANGER)
    assert principals(ram_mesh, arn) == {STRANGER: ("ASSOCIATING", True)}
    assert not can_use(cloud, STRANGER)
    outside = cloud("ram", STRANGER)
    assert outside.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"] == []
    (invitation,) = outside.get_resource_share_invitations(resourceShareArns=[arn])[
        "resourceShareInvitations"
    ]
    assert (invitation["senderAccountId"], invitation["receiverAccountId"]) == (OWNER, STRANGER)
    assert invitation["status"] == "PENDING"
    name = {"resourceShareInvitationArn": invitation["resourceShareInvitationArn"]}
    (offered,) = outside.list_pending_invitation_resources(**name)["resources"]
    assert (offered["arn"], offered["type"]) == (MESH_ARN, "appmesh:Mesh")
    assert ram_mesh.get_resource_share_invitations()["resourceShareInvitations"] == []

    accepted = outside.accept_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )["resourceShareInvitation"]
    assert accepted["status"] == "ACCEPTED"
    assert principals(ram_mesh, arn) == {STRANGER: ("ASSOCIATED", True)}
    assert can_use(cloud, STRANGER)


def test_a_rejected_invitation_gives_nothing(
    cloud: Cloud, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    arn = share(STRANGER)
    outside = cloud("ram", STRANGER)
    (invitation,) = outside.get_resource_share_invitations()["resourceShareInvitations"]
    name = {"resourceShareInvitationArn": invitation["resourceShareInvitationArn"]}
    assert (
        outside.reject_resource_share_invitation(**name)["resourceShareInvitation"]["status"]
        == "REJECTED"
    )
    assert principals(ram_mesh, arn) == {STRANGER: ("FAILED", True)}
    code, _ = error_of(outside.accept_resource_share_invitation, **name)
    assert code == "ResourceShareInvitationAlreadyRejectedException"
    assert not can_use(cloud, STRANGER)


def test_an_invitation_is_closed_once_and_by_its_receiver(
    cloud: Cloud, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    share(STRANGER)
    outside = cloud("ram", STRANGER)
    (invitation,) = outside.get_resource_share_invitations()["resourceShareInvitations"]
    name = {"resourceShareInvitationArn": invitation["resourceShareInvitationArn"]}
    for run in (
        cloud("ram", CONSUMER).accept_resource_share_invitation,
        ram_mesh.accept_resource_share_invitation,
    ):
        assert error_of(run, **name)[0] == "ResourceShareInvitationArnNotFoundException"
    outside.accept_resource_share_invitation(**name)
    code, _ = error_of(outside.reject_resource_share_invitation, **name)
    assert code == "ResourceShareInvitationAlreadyAcceptedException"


def accept_all(cloud: Cloud, account: str) -> None:
    ram = cloud("ram", account)
    for invitation in ram.get_resource_share_invitations()["resourceShareInvitations"]:
        name = invitation["resourceShareInvitationArn"]
        ram.accept_resource_share_invitation(resourceShareInvitationArn=name)


def test_an_invited_account_can_leave_and_others_can_not_be_taken_out(
    cloud: Cloud, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    arn = share(STRANGER, CONSUMER, meshes=())
    accept_all(cloud, STRANGER)
    leave = cloud("ram", STRANGER).disassociate_resource_share
    code, _ = error_of(leave, resourceShareArn=arn, principals=[CONSUMER])
    assert code == "OperationNotPermittedException"
    leave(resourceShareArn=arn, principals=[STRANGER])
    assert principals(ram_mesh, arn)[STRANGER] == ("DISASSOCIATED", True)


def test_nobody_leaves_a_share_that_has_a_mesh(
    cloud: Cloud, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    arn = share(STRANGER)
    accept_all(cloud, STRANGER)
    leave = cloud("ram", STRANGER).disassociate_resource_share
    for what in ({"principals": [STRANGER]}, {"resourceArns": [MESH_ARN]}):
        code, _ = error_of(leave, resourceShareArn=arn, **what)
        assert code == "OperationNotPermittedException"
    assert can_use(cloud, STRANGER)


def test_an_account_of_the_organization_can_not_leave(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    arn = share(CONSUMER)
    run = cloud("ram", CONSUMER).disassociate_resource_share
    code, _ = error_of(run, resourceShareArn=arn, principals=[CONSUMER])
    assert code == "OperationNotPermittedException"
    assert can_use(cloud, CONSUMER)


def test_outside_accounts_are_refused_where_the_share_keeps_them_out(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    code, _ = error_of(lambda: share(STRANGER, allowExternalPrincipals=False))
    assert code == "OperationNotPermittedException"
    assert ram_mesh.get_resource_shares(resourceOwner="SELF")["resourceShares"] == []
    arn = share(allowExternalPrincipals=False)
    add = {"resourceShareArn": arn, "principals": [CONSUMER, STRANGER]}
    code, _ = error_of(ram_mesh.associate_resource_share, **add)
    assert code == "OperationNotPermittedException"
    assert principals(ram_mesh, arn) == {}
    ram_mesh.update_resource_share(resourceShareArn=arn, allowExternalPrincipals=True)
    ram_mesh.associate_resource_share(**add)
    assert principals(ram_mesh, arn) == {
        CONSUMER: ("ASSOCIATED", False),
        STRANGER: ("ASSOCIATING", True),
    }


def test_before_sharing_is_turned_on_everybody_is_outside(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share
) -> None:
    backend(MANAGEMENT, REGION).organization_sharing = False
    arn = share(CONSUMER)
    assert principals(ram_mesh, arn) == {CONSUMER: ("ASSOCIATING", True)}
    assert not can_use(cloud, CONSUMER)


def test_the_organization_as_principal_covers_its_members_only(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share
) -> None:
    arn = share(ORGANIZATION_ARN)
    assert principals(ram_mesh, arn) == {ORGANIZATION_ARN: ("ASSOCIATED", False)}
    assert [can_use(cloud, each) for each in (CONSUMER, MANAGEMENT, STRANGER)] == [
        True,
        True,
        False,
    ]


def test_a_unit_as_principal_covers_accounts_at_any_depth(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share
) -> None:
    organizations = cloud("organizations", MANAGEMENT)
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="apps")[
        "OrganizationalUnit"
    ]
    inner = organizations.create_organizational_unit(ParentId=unit["Id"], Name="team")
    share(unit["Arn"])
    assert not can_use(cloud, CONSUMER)
    organizations.move_account(
        AccountId=CONSUMER,
        SourceParentId=root,
        DestinationParentId=inner["OrganizationalUnit"]["Id"],
    )
    assert can_use(cloud, CONSUMER)
    assert not can_use(cloud, MANAGEMENT)


def test_a_role_as_principal_covers_that_role_only(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share
) -> None:
    share(f"arn:aws:iam::{CONSUMER}:role/deploy")
    assert can_use(cloud, CONSUMER, role="deploy")
    assert not can_use(cloud, CONSUMER, role="other")
    assert not can_use(cloud, STRANGER, role="deploy")


def test_a_user_as_principal_covers_that_user_only(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share
) -> None:
    iam = cloud("iam", CONSUMER)
    clients = {}
    for name in ("ann", "bob"):
        iam.create_user(UserName=name)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        clients[name] = boto3.client(
            "appmesh",
            region_name=REGION,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
    share(f"arn:aws:iam::{CONSUMER}:user/ann")
    assert len(clients["ann"].list_meshes()["meshes"]) == 1
    assert clients["bob"].list_meshes()["meshes"] == []


@pytest.mark.parametrize(
    ("principal", "code", "part"),
    [
        ("1234", "InvalidParameterException", "malformed"),
        ("not an arn", "InvalidParameterException", "malformed"),
        ("arn:aws:iam::222222222222:group/g", "InvalidParameterException", "malformed"),
        ("ec2.amazonaws.com", "InvalidParameterException", "service"),
        (
            f"arn:aws:organizations::{MANAGEMENT}:organization/o-otherorg00",
            "UnknownResourceException",
            "Organization o-otherorg00 could not be found.",
        ),
        (
            f"arn:aws:organizations::{MANAGEMENT}:ou/{ORGANIZATION}/ou-abcd-12345678",
            "UnknownResourceException",
            "OrganizationalUnit ou-abcd-12345678 in unknown organization could not be found.",
        ),
    ],
)
@pytest.mark.usefixtures("organization", "ram_mesh")
def test_principals_that_a_share_can_not_take(
    share: Share,
    error_of: ErrorOf,
    principal: str,
    code: str,
    part: str,
) -> None:
    answered, message = error_of(lambda: share(principal))
    assert answered == code
    assert part in message


def test_the_organization_needs_sharing_turned_on(
    cloud: Cloud, organization: Any, ram_mesh: Any, share: Share, error_of: ErrorOf
) -> None:
    backend(MANAGEMENT, REGION).organization_sharing = False
    code, message = error_of(lambda: share(ORGANIZATION_ARN))
    assert code == "OperationNotPermittedException"
    assert "not enabled sharing" in message


def test_only_the_management_account_turns_on_sharing(
    cloud: Cloud, organization: Any, error_of: ErrorOf
) -> None:
    for account in (OWNER, STRANGER):
        run = cloud("ram", account).enable_sharing_with_aws_organization
        assert error_of(run)[0] == "OperationNotPermittedException"
    again = cloud("ram", MANAGEMENT).enable_sharing_with_aws_organization()
    assert again["returnValue"] is True
    role = cloud("iam", MANAGEMENT).get_role(RoleName="AWSServiceRoleForResourceAccessManager")
    assert role["Role"]["Path"] == "/aws-service-role/ram.amazonaws.com/"
