"""What sharing needs: each row passes, fails with what mends it, or can't be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.check import prerequisites
from meshkit.topology.check import check

if TYPE_CHECKING:
    from pathlib import Path

    from meshkit.inspect.share.row import Row
    from tests.inspect.share.conftest import World

BILLING = "333333333333"
VIA = "via: transit-gateway, id: tgw-0123456789abcdef0"


def rows(world: World, subject: str) -> list[Row]:
    texts = Texts()
    found = prerequisites(world.mesh(), Accounts(world.mesh(), texts), texts)
    return [each for each in found if each.subject == subject]


def outcomes(world: World, subject: str) -> list[str]:
    return [each.outcome for each in rows(world, subject)]


def test_the_mesh_is_the_owner_s_own(world: World) -> None:
    assert rows(world, "mesh")[0].text.endswith("yet; the deployment makes it")
    world.deploy()
    assert rows(world, "mesh")[0].text == "shop is owned by 111111111111"


def test_a_mesh_that_is_adopted_must_be_there(world: World) -> None:
    arn = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
    world.edit("owner: network\n", f"owner: network\nmesh: {{arn: '{arn}'}}\n")
    world.cloud.client("appmesh", BILLING).create_mesh(meshName="shop")

    (row,) = rows(world, "mesh")
    assert row.outcome == "fail"
    assert "can't be shared again" in row.text


def test_the_management_account_knows_whether_sharing_is_enabled(world: World) -> None:
    world.edit("accounts:\n", 'accounts:\n  root: {id: "999999999999", assume_role: {name: r}}\n')
    world.deploy()
    assert outcomes(world, "organization") == ["pass"] * 4

    world.cloud.client("organizations", "999999999999").disable_aws_service_access(
        ServicePrincipal="ram.amazonaws.com"
    )
    disabled = rows(world, "organization")[0]
    assert disabled.outcome == "fail"
    assert "enable-sharing-with-aws-organization" in disabled.mend


def test_without_the_management_account_it_can_t_be_told(world: World) -> None:
    world.deploy()

    assert outcomes(world, "organization") == ["can't tell", "pass", "pass", "pass"]


def test_an_account_outside_the_organization_is_found(world: World) -> None:
    world.deploy()
    organizations = world.cloud.client("organizations", "999999999999")
    organizations.remove_account_from_organization(AccountId=BILLING)

    row = rows(world, "organization")[-1]
    assert row.outcome == "fail"
    assert "billing is in organization none" in row.text


def test_accounts_that_call_each_other_are_connected(world: World) -> None:
    world.edit(f"connectivity: [{{between: [network, orders, billing], {VIA}}}]\n", "")

    found = rows(world, "network")
    assert {each.text.split(" call")[0] for each in found} == {
        "network and orders",
        "network and billing",
        "orders and billing",
    }
    assert {each.outcome for each in found} == {"fail"}


def test_a_transit_gateway_has_a_vpc_of_each(world: World) -> None:
    ec2 = world.cloud.client("ec2")
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    world.edit("tgw-0123456789abcdef0", gateway)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet]
    )

    found = {each.text: each.outcome for each in rows(world, "network")}
    assert found == {
        f"{vpc} of network is on {gateway}": "pass",
        f"no VPC of orders is on {gateway}": "fail",
        f"no VPC of billing is on {gateway}": "fail",
    }


def test_a_peering_is_active(world: World) -> None:
    ec2 = world.cloud.client("ec2")
    ours, theirs = (
        ec2.create_vpc(CidrBlock=f"10.{each}.0.0/16")["Vpc"]["VpcId"] for each in (1, 2)
    )
    made = ec2.create_vpc_peering_connection(VpcId=ours, PeerVpcId=theirs)
    name = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    world.edit(VIA, f"via: peering, id: {name}")
    assert set(outcomes(world, "network")) == {"fail"}

    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=name)

    assert set(outcomes(world, "network")) == {"pass"}


def test_shared_subnets_are_seen_by_each(world: World) -> None:
    ec2 = world.cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    world.edit(VIA, "via: shared-subnets")
    assert set(outcomes(world, "network")) == {"can't tell"}

    world.edit(
        "principals: [orders, billing]", f"principals: [orders, billing], subnets: [{subnet}]"
    )
    assert outcomes(world, "network") == ["pass", "can't tell", "can't tell"]

    world.deploy()
    assert set(outcomes(world, "network")) == {"pass"}

    world.edit("orders: {id:", "orders: {subnets: [subnet-9], id:")
    found = {each.text: each.outcome for each in rows(world, "network")}
    assert found["orders does not see subnet-9"] == "fail"


@pytest.mark.parametrize(
    ("via", "text"),
    [("other", "can't be looked at"), ("peering", "whose id the file does not give")],
)
def test_what_can_t_be_looked_at_is_said(world: World, via: str, text: str) -> None:
    world.edit(VIA, f"via: {via}")

    assert all(
        each.outcome == "can't tell" and text in each.text for each in rows(world, "network")
    )


CLOUD_MAP = "service_discovery: {cloud_map: {namespace: b.local, service: catalog}}"
DNS = "service_discovery: {dns: catalog.shop.local}"


@pytest.mark.parametrize(
    ("discovery", "namespace", "outcome", "text"),
    [
        (DNS, "", "can't tell", "can't be seen from here"),
        (DNS, "shop.local: {type: private-dns}", "can't tell", "a private name"),
        (DNS, "shop.local: {type: public-dns}", "pass", "a public name"),
        (DNS, "shop.local: {type: http}", "fail", "has no DNS names"),
        (CLOUD_MAP, "b.local: {account: billing, type: http}", "pass", "looks it up in Cloud Map"),
        (CLOUD_MAP, "", "can't tell", "does not say what kind"),
        (CLOUD_MAP, "b.local: {account: billing, type: private-dns}", "fail",
         "can't be made for a VPC that is only shared with billing"),
    ],
)  # fmt: skip
def test_callers_of_other_accounts_find_a_node(
    world: World, discovery: str, namespace: str, outcome: str, text: str
) -> None:
    world.edit(VIA, "via: shared-subnets")
    world.edit(DNS, discovery)
    world.edit("tags: {project: shop}", f"namespaces: {{{namespace}}}")

    (row,) = (each for each in rows(world, "discovery") if "node catalog" in each.text)
    assert row.outcome == outcome
    assert text in row.text


def test_a_consumer_needs_the_role_of_app_mesh(world: World) -> None:
    assert outcomes(world, "service-linked role") == ["pass", "fail", "fail"]

    world.edit("orders: {id:", "orders: {service_linked_role: true, id:")
    world.cloud.client("iam", BILLING).create_service_linked_role(
        AWSServiceName="appmesh.amazonaws.com"
    )

    assert outcomes(world, "service-linked role") == ["pass", "pass", "pass"]


def test_an_exceeded_quota_fails(world: World) -> None:
    world.deploy()
    world.cloud.client("appmesh").create_virtual_node(
        meshName="shop", virtualNodeName="extra", spec={}
    )
    world.edit("tags: {project: shop}", "quotas: {virtual_nodes_per_mesh: 3}")

    (row,) = (each for each in rows(world, "quota") if each.outcome == "fail")
    assert row.text == "virtual_nodes_per_mesh: 4 of 3"


def test_an_account_without_a_way_in_can_t_be_told(world: World, tmp_path: Path) -> None:
    world.deploy()
    text = world.file.read_text("utf-8").replace(
        'orders: {id: "222222222222", assume_role: {name: mesh-deployer}}',
        'orders: {id: "222222222222"}',
    )
    file = tmp_path / "no-way.yaml"
    file.write_text(text, "utf-8")
    mesh, texts = check(file).resolve(), Texts()

    found = prerequisites(mesh, Accounts(mesh, texts), texts)

    (role,) = (r for r in found if r.subject == "service-linked role" and "orders" in r.text)
    assert role.outcome == "can't tell"
