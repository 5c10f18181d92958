"""How accounts get into a share: by invitation, by the organization, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import (
    MeshkitError,
    MeshServiceRole,
    MeshServiceRoleArgs,
    MeshShare,
    MeshShareArgs,
    OrganizationSharing,
    OrganizationSharingArgs,
    ShareAcceptance,
    ShareAcceptanceArgs,
    SharedMesh,
)
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.local.services.organization import found_organization
from tests.programs import run_program
from tests.test_mesh import mesh_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Graph

OWNER, CONSUMER, MANAGEMENT = "111111111111", "222222222222", "999999999999"
MESH = f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop"
ACCEPTER = "aws:ram/resourceShareAccepter:ResourceShareAccepter"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"
IN_SHARE = "aws:ram/resourceAssociation:ResourceAssociation"
NODE = "aws:appmesh/virtualNode:VirtualNode"


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(account=OWNER, region="eu-west-1") as running:
        running.client("appmesh").create_mesh(meshName="shop")
        yield running


def provider(account: str) -> aws.Provider:
    role = f"arn:aws:iam::{account}:role/deployer"
    return aws.Provider(account, region="eu-west-1", assume_roles=[{"role_arn": role}])


def test_an_invited_account_accepts_after_it_is_a_principal(cloud: Cloud) -> None:
    def program() -> None:
        share = MeshShare(
            "shop",
            MeshShareArgs(mesh_arn=MESH, principals=[CONSUMER], allow_external_principals=True),
        )
        accepted = ShareAcceptance(
            "in",
            ShareAcceptanceArgs(share_arn=share.share_arn, region="eu-west-1"),
            pulumi.ResourceOptions(provider=provider(CONSUMER), depends_on=[share]),
        )
        pulumi.export("arn", accepted.share_arn)

    outcome = run(program, cloud=cloud)

    assert (outcome.failures, outcome.skipped) == ((), ())
    theirs = cloud.client("appmesh", CONSUMER)
    assert theirs.describe_mesh(meshName="shop", meshOwner=OWNER)["mesh"]["meshName"] == "shop"
    assert outcome.outputs["arn"].startswith(f"arn:aws:ram:eu-west-1:{OWNER}:resource-share/")


def test_sharing_with_the_organization_is_enabled_by_its_management_account(cloud: Cloud) -> None:
    found_organization(MANAGEMENT, [OWNER, CONSUMER], "o-exampleorg1")

    def program(account: str) -> None:
        OrganizationSharing(
            "sharing",
            OrganizationSharingArgs(management_account=MANAGEMENT),
            pulumi.ResourceOptions(provider=provider(account)),
        )

    refused = run(lambda: program(OWNER), cloud=cloud)
    assert f"only the management account {MANAGEMENT} enables" in refused.failures[0].message

    enabled = run(lambda: program(MANAGEMENT), cloud=cloud)
    assert enabled.ok
    (made,) = enabled.graph.of_type("aws:ram/sharingWithOrganization:SharingWithOrganization")
    assert made.protect
    ram = cloud.client("ram")
    organization = f"arn:aws:organizations::{MANAGEMENT}:organization/o-exampleorg1"
    ram.create_resource_share(name="all", resourceArns=[MESH], principals=[organization])
    assert cloud.client("appmesh", CONSUMER).list_virtual_nodes(meshName="shop", meshOwner=OWNER)


def test_the_role_of_app_mesh_is_made_once(cloud: Cloud) -> None:
    def program() -> None:
        role = MeshServiceRole(
            "role",
            MeshServiceRoleArgs(tags={"a": "1"}),
            pulumi.ResourceOptions(provider=provider(CONSUMER)),
        )
        pulumi.export("arn", role.role_arn)

    made = run(program, cloud=cloud)
    again = run(program, cloud=cloud)

    assert made.outputs["arn"].endswith(
        "role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh"
    )
    assert "has been taken" in again.failures[0].message


def external(**share: Any) -> dict[str, Any]:
    accounts = {**mesh_file()["accounts"]}
    accounts["orders"] = {**accounts["orders"], "external": True}
    given = {"principals": ["orders"], "allow_external_principals": True, **share}
    return mesh_file(accounts=accounts, share=given)


def deployed(file: dict[str, Any]) -> Graph:
    return run_program(lambda: SharedMesh("shop", file))


def test_a_mesh_accepts_for_an_external_account_and_builds_after_it() -> None:
    graph = deployed(external())

    (accepter,) = graph.of_type(ACCEPTER)
    (principal,) = graph.of_type(PRINCIPAL)
    assert accepter.name == "shop-acceptance-orders"
    assert graph[accepter.provider or ""].name == "shop-orders"
    assert principal.urn in accepter.dependencies
    (consumers,) = (each for each in graph.of_type(NODE) if "meshOwner" in each.inputs)
    assert consumers.dependencies == (accepter.urn,)


@pytest.mark.parametrize("file", [mesh_file(), external(accept=False)], ids=["inside", "by hand"])
def test_a_mesh_accepts_nothing_where_no_invitation_comes_or_a_person_accepts(
    file: dict[str, Any],
) -> None:
    assert deployed(file).of_type(ACCEPTER) == ()


def test_without_sharing_in_the_organization_its_accounts_are_invited() -> None:
    organization = {**mesh_file()["organization"], "sharing_enabled": False}
    share = {"principals": ["orders"], "allow_external_principals": True}

    graph = deployed(mesh_file(organization=organization, share=share))

    assert [each.name for each in graph.of_type(ACCEPTER)] == ["shop-acceptance-orders"]


def test_an_adopted_share_gets_the_mesh_and_its_principals() -> None:
    arn = f"arn:aws:ram:eu-west-1:{OWNER}:resource-share/1"
    graph = deployed(mesh_file(share={"arn": arn, "principals": ["orders"]}))

    assert graph.of_type("aws:ram/resourceShare:ResourceShare") == ()
    assert {each.inputs["resourceShareArn"] for each in graph.of_type(PRINCIPAL)} == {arn}
    assert [each.inputs["resourceArn"] for each in graph.of_type(IN_SHARE)] == [MESH]


def test_subnets_are_in_a_share_of_their_own_with_the_same_principals() -> None:
    graph = deployed(mesh_file(share={"principals": ["orders"], "subnets": ["subnet-1"]}))

    assert {each.name: each.inputs["resourceArn"] for each in graph.of_type(IN_SHARE)} == {
        "shop-share": MESH,
        "shop-subnets-subnet-1": f"arn:aws:ec2:eu-west-1:{OWNER}:subnet/subnet-1",
    }
    assert {each.name: each.inputs["principal"] for each in graph.of_type(PRINCIPAL)} == {
        "shop-share-222222222222": CONSUMER,
        "shop-subnets-222222222222": CONSUMER,
    }


def test_a_subnet_that_is_there_twice_is_told() -> None:
    share = {"principals": ["orders"], "subnets": ["subnet-1", "subnet-1"]}

    with pytest.raises(MeshkitError, match='"subnet-1" is there twice; remove one'):
        deployed(mesh_file(share=share))


def test_a_subnet_known_late_keeps_the_name_of_its_variable() -> None:
    file = mesh_file(share={"principals": ["orders"], "subnets": ["${var.subnet}"]})

    def program() -> None:
        SharedMesh("shop", file, values={"subnet": pulumi.Output.from_input("subnet-9")})

    arns = {
        each.name: each.inputs["resourceArn"] for each in run_program(program).of_type(IN_SHARE)
    }
    assert arns["shop-subnets-subnet"].endswith(":subnet/subnet-9")


def test_a_principal_comes_and_goes_without_touching_the_others() -> None:
    share = {"allow_external_principals": True, "accept": False}
    one = deployed(external(principals=["orders"], **share))
    two = deployed(external(principals=["444444444444", "orders"], **share))

    own = {each.urn: each.inputs for each in one if each.custom}
    assert {each.urn: each.inputs for each in two if each.urn in own} == own
    assert {each.name for each in two if each.urn not in {e.urn for e in one}} == {
        "shop-share-444444444444"
    }


def test_a_service_linked_role_comes_before_what_the_account_builds() -> None:
    accounts = {**mesh_file()["accounts"]}
    accounts["orders"] = {**accounts["orders"], "service_linked_role": True}
    graph = deployed(mesh_file(accounts=accounts))

    (role,) = graph.of_type("aws:iam/serviceLinkedRole:ServiceLinkedRole")
    assert role.inputs == {"awsServiceName": "appmesh.amazonaws.com", "tags": {"mesh": "shop"}}
    assert graph[role.provider or ""].name == "shop-orders"
    (consumers,) = (each for each in graph.of_type(NODE) if "meshOwner" in each.inputs)
    assert role.urn in consumers.dependencies


@pytest.mark.parametrize("component", [ShareAcceptance, OrganizationSharing])
def test_a_component_names_the_arguments_it_takes(component: Any) -> None:
    with pytest.raises(MeshkitError, match="takes"):
        component("a", {})
