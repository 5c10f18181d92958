"""What sharing needs on VPC Lattice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.check import prerequisites

if TYPE_CHECKING:
    from meshkit.inspect.share.row import Row
    from tests.inspect.share.conftest import World

NETWORK, ORDERS, BILLING = "111111111111", "222222222222", "333333333333"
BOTH = ("sharing: network", "sharing: both")
SHARE = "share: {principals: [orders, billing]}"
DEFAULT = "AWSRAMPermissionVpcLatticeServiceNetworkReadWrite"
MANAGED = "arn:aws:ram::aws:permission"


def rows(world: World, subject: str) -> list[Row]:
    found = prerequisites(world.mesh(), world.accounts(), Texts())
    return [each for each in found if each.subject == subject]


def give_vpc(world: World, key: str, account: str, maker: str = "") -> str:
    """Makes the VPC of an account, or one of another maker, and writes it into the file."""
    ec2 = world.cloud.client("ec2", maker or account)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    number = {"network": 1, "orders": 2, "billing": 3}[key]
    world.edit(f"vpc-0123456789abcdef{number}", vpc)
    return str(vpc)


def test_the_network_is_its_owner_s(on_lattice: World) -> None:
    (before,) = rows(on_lattice, "service network")
    on_lattice.deploy()
    (after,) = rows(on_lattice, "service network")

    assert "the deployment makes shop-" in before.text
    assert after.text.startswith("network owns shop-")
    assert {before.outcome, after.outcome} == {"pass"}


def test_a_vpc_must_be_there_and_its_account_s_own(on_lattice: World) -> None:
    give_vpc(on_lattice, "network", NETWORK)
    give_vpc(on_lattice, "billing", BILLING, maker=NETWORK)

    network, orders, billing = sorted(
        rows(on_lattice, "VPC"), key=lambda row: row.outcome != "pass"
    )

    assert network.outcome == "pass"
    assert {orders.outcome, billing.outcome} == {"fail"}
    assert "is not there" in orders.text + billing.text


def test_a_vpc_is_in_one_network_alone(on_lattice: World) -> None:
    vpc = give_vpc(on_lattice, "network", NETWORK)
    lattice = on_lattice.cloud.client("vpc-lattice")
    other = lattice.create_service_network(name="other")["arn"]
    lattice.create_service_network_vpc_association(
        serviceNetworkIdentifier=other, vpcIdentifier=vpc
    )

    (row,) = [each for each in rows(on_lattice, "VPC") if vpc in each.text]

    assert row.outcome == "fail"
    assert "is in service network other" in row.text


def test_security_groups_are_of_the_vpc(on_lattice: World) -> None:
    vpc = give_vpc(on_lattice, "orders", ORDERS)
    assert [each.outcome for each in rows(on_lattice, "VPC") if vpc in each.text] == [
        "pass",
        "fail",
    ]

    ec2 = on_lattice.cloud.client("ec2", ORDERS)
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    on_lattice.edit("sg-0123456789abcdef2", group)

    assert [each.outcome for each in rows(on_lattice, "VPC") if vpc in each.text] == [
        "pass",
        "pass",
    ]


def test_ram_is_asked_which_permission_it_takes(on_lattice: World) -> None:
    on_lattice.edit(*BOTH)

    network, *services = rows(on_lattice, "permission")

    assert network.text.endswith(
        f"vpc-lattice:ServiceNetwork, shared by network: RAM takes {DEFAULT}"
    )
    assert [each.outcome for each in services] == ["pass", "pass"]
    assert "vpc-lattice:Service, shared by" in services[0].text


@pytest.mark.parametrize(
    ("key", "value", "outcomes"),
    [
        ("permissions", f"[{MANAGED}/{DEFAULT}]", ["pass", "pass", "pass"]),
        ("permissions", f"[{MANAGED}/SomethingElse]", ["fail", "pass", "pass"]),
    ],
)
def test_a_permission_that_the_file_names_is_looked_up(
    on_lattice: World, key: str, value: str, outcomes: list[str]
) -> None:
    on_lattice.edit(*BOTH)
    on_lattice.edit(SHARE, f"share: {{principals: [orders, billing], {key}: {value}}}")

    assert [each.outcome for each in rows(on_lattice, "permission")] == outcomes


def test_the_permission_of_services_is_looked_up_by_each_provider(on_lattice: World) -> None:
    on_lattice.edit("sharing: network", f"service_permission: {MANAGED}/Unheard\n  sharing: both")

    _, *services = rows(on_lattice, "permission")

    assert [each.outcome for each in services] == ["fail", "fail"]
    assert "name arn:aws:ram::aws:permission/" in services[0].mend


def test_what_is_only_of_app_mesh_is_not_asked(on_lattice: World) -> None:
    found = prerequisites(on_lattice.mesh(), on_lattice.accounts(), Texts())

    assert {each.subject for each in found} == {
        "service network",
        "quota",
        "organization",
        "VPC",
        "permission",
    }
