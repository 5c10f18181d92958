"""Who is in a service network on AWS, what is missing and whose turn it is, what is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.status import status

if TYPE_CHECKING:
    from meshkit.inspect.share.model import ShareStatus
    from tests.inspect.share.conftest import World

NETWORK, ORDERS, BILLING = "111111111111", "222222222222", "333333333333"
SERVICES = {"catalog.shop.local", "invoices.shop.local", "storefront.shop.local"}
BOTH = ("sharing: network", "sharing: both")
OUTSIDE = ('billing: {id: "333333333333", ', 'billing: {id: "333333333333", external: true, ')
BY_HAND = (
    "share: {principals: [orders, billing]}",
    "share: {principals: [orders, billing], allow_external_principals: true, accept: false}",
)


def found(world: World) -> ShareStatus:
    return status(world.mesh(), world.accounts(), Texts())


def joined(told: ShareStatus) -> set[tuple[str, str, str]]:
    return {(each.built.kind, each.built.name, each.built.resource_owner)
            for each in told.standings}  # fmt: skip


def left(told: ShareStatus) -> set[tuple[str, str]]:
    return {(each.kind, each.name) for each in told.orphans}


def turns(told: ShareStatus) -> dict[str, list[str]]:
    """By what is not there, what it waits for."""
    return {
        f"{each.part.kind} {each.part.name}": [" ".join(ref) for ref in each.waits_for]
        for each in told.absent
    }


@pytest.mark.parametrize("edits", [(), (BOTH,)])
def test_all_that_is_joined_has_its_account(
    on_lattice: World, edits: tuple[tuple[str, str], ...]
) -> None:
    for edit in edits:
        on_lattice.edit(*edit)
    on_lattice.deploy()

    told = found(on_lattice)

    assert joined(told) == {
        ("service association", "catalog.shop.local", BILLING),
        ("service association", "invoices.shop.local", BILLING),
        ("service association", "storefront.shop.local", ORDERS),
        ("VPC association", "network", NETWORK),
        ("VPC association", "orders", ORDERS),
        ("VPC association", "billing", BILLING),
    }
    assert all(each.in_file for each in told.standings)
    assert (told.missing, told.orphans, told.absent, told.untold) == ((), (), (), ())
    assert {each.name for each in told.services} == (SERVICES if edits else set())
    assert {each.state for each in told.services} <= {"shared"}
    assert {each.key: each.used for each in told.quotas} == {
        "services_per_network": 3,
        "vpcs_per_network": 3,
        "principals_per_share": 2,
        "pending_invitations": 0,
    }


def test_a_network_that_is_not_there_is_told_with_what_makes_it(on_lattice: World) -> None:
    with pytest.raises(MeshkitError, match=r"network has no service network shop-.*foundation"):
        found(on_lattice)


def test_after_the_foundation_it_is_the_turn_of_the_teams(on_lattice: World) -> None:
    on_lattice.edit(*BOTH)
    on_lattice.deploy("foundation")

    told = turns(found(on_lattice))

    assert told["service catalog.shop.local"] == []
    assert told["VPC association orders"] == []
    assert told["service share orders"] == ["service storefront.shop.local"]
    assert told["service association storefront.shop.local"] == [
        "service storefront.shop.local",
        "service share orders",
    ]
    assert "share shop" not in told


def test_an_account_that_is_not_let_in_waits_for_the_owner(on_lattice: World) -> None:
    on_lattice.deploy("foundation")
    on_lattice.cloud.client("ram").disassociate_resource_share(
        resourceShareArn=on_lattice.share, principals=[ORDERS]
    )

    told = found(on_lattice)

    assert told.missing == ("orders",)
    assert turns(told)["share shop"] == []
    assert turns(told)["VPC association orders"] == ["share shop"]


def test_an_invited_account_waits_for_its_own_acceptance(on_lattice: World) -> None:
    on_lattice.edit(*OUTSIDE)
    on_lattice.edit(*BY_HAND)
    on_lattice.deploy("foundation")
    on_lattice.edit("accept: false", "accept: true")

    told = found(on_lattice)

    assert {each.label: each.state for each in told.shares.principals}["billing"] == "invited"
    assert turns(told)["acceptance billing"] == []
    assert turns(told)["VPC association billing"] == ["acceptance billing"]


def test_the_mesh_owner_is_invited_to_the_services_of_an_outsider(on_lattice: World) -> None:
    on_lattice.edit(*BOTH)
    on_lattice.edit(*OUTSIDE)
    on_lattice.edit(*BY_HAND)
    on_lattice.deploy("foundation")
    share_by_hand(on_lattice)
    on_lattice.edit("accept: false", "accept: true")

    told = found(on_lattice)
    assert {each.name: each.state for each in told.services} == {
        "catalog.shop.local": "invited",
        "invoices.shop.local": "invited",
        "storefront.shop.local": "not shared",
    }
    assert turns(told)["service acceptance billing"] == []


def test_the_services_of_an_outsider_are_accepted(on_lattice: World) -> None:
    on_lattice.edit(*BOTH)
    on_lattice.edit(*OUTSIDE)
    on_lattice.edit(BY_HAND[0], BY_HAND[1].replace(", accept: false", ""))
    on_lattice.deploy()

    told = found(on_lattice)

    assert {each.name: each.state for each in told.services} == {
        "catalog.shop.local": "accepted",
        "invoices.shop.local": "accepted",
        "storefront.shop.local": "shared",
    }
    assert (told.absent, told.orphans, told.missing) == ((), (), ())


def share_by_hand(world: World) -> None:
    """A share of the name that the file gives, with nothing in it, to the mesh owner."""
    world.cloud.client("ram", BILLING).create_resource_share(
        name="shop-services", principals=[NETWORK], allowExternalPrincipals=True
    )


@pytest.mark.parametrize(
    ("edits", "who", "remain"),
    [
        ((), NETWORK, {("service association", each) for each in SERVICES}
         | {("VPC association", "orders"), ("VPC association", "billing")}),
        ((BOTH,), NETWORK, {("VPC association", "orders"), ("VPC association", "billing")}),
        ((BOTH,), BILLING, set()),
    ],
)  # fmt: skip
def test_associations_outlive_the_share_behind_them(
    on_lattice: World,
    edits: tuple[tuple[str, str], ...],
    who: str,
    remain: set[tuple[str, str]],
) -> None:
    for edit in edits:
        on_lattice.edit(*edit)
    on_lattice.deploy()
    before = joined(found(on_lattice))
    end_shares(on_lattice, who)

    told = found(on_lattice)

    assert joined(told) == before
    assert left(told) == remain
    assert told.absent


def end_shares(world: World, account: str) -> None:
    ram = world.cloud.client("ram", account)
    for each in ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]:
        ram.delete_resource_share(resourceShareArn=each["resourceShareArn"])


def test_services_that_nobody_shares_any_more_are_left_over(on_lattice: World) -> None:
    on_lattice.edit(*BOTH)
    on_lattice.deploy()
    end_shares(on_lattice, BILLING)
    end_shares(on_lattice, NETWORK)

    told = found(on_lattice)

    assert ("service association", "catalog.shop.local") in left(told)
    assert ("service association", "storefront.shop.local") not in left(told)
    assert turns(told)["service share billing"] == []


def test_the_owner_deletes_what_is_left_over(on_lattice: World) -> None:
    on_lattice.deploy()
    end_shares(on_lattice, NETWORK)
    client = on_lattice.cloud.client("vpc-lattice")
    for each in found(on_lattice).orphans:
        if each.kind == "VPC association":
            client.delete_service_network_vpc_association(
                serviceNetworkVpcAssociationIdentifier=each.arn
            )

    assert {kind for kind, _ in left(found(on_lattice))} == {"service association"}


def test_what_is_not_of_the_file_is_marked(on_lattice: World) -> None:
    on_lattice.deploy()
    lattice = on_lattice.cloud.client("vpc-lattice", BILLING)
    service = lattice.create_service(name="extra")["arn"]
    (network,) = on_lattice.cloud.client("vpc-lattice").list_service_networks()["items"]
    lattice.create_service_network_service_association(
        serviceIdentifier=service, serviceNetworkIdentifier=network["arn"]
    )

    told = found(on_lattice)

    assert [each.built.name for each in told.standings if not each.in_file] == ["extra"]
    assert told.orphans == ()


def test_leaving_takes_the_owner_s_associations_first(on_lattice: World) -> None:
    on_lattice.edit(*BOTH)
    on_lattice.deploy()

    (leaving,) = found(on_lattice).leaving("billing")

    assert {(each.kind, each.name) for each in leaving.orphans} == {
        ("service association", "catalog.shop.local"),
        ("service association", "invoices.shop.local"),
        ("VPC association", "billing"),
    }
    assert leaving.silent == ()
    assert {(each.kind, each.name, each.owner.key) for each in leaving.led_by} == {
        ("service association", "catalog.shop.local", "network"),
        ("service association", "invoices.shop.local", "network"),
        ("role policy", "node-storefront", "orders"),
    }


def test_a_provider_that_can_t_be_asked_leaves_its_services_open(on_lattice: World) -> None:
    on_lattice.deploy("foundation")
    on_lattice.edit('vpc_id: vpc-0123456789abcdef3, assume_role: {name: mesh-deployer}}',
                    "vpc_id: vpc-0123456789abcdef3}")  # fmt: skip

    told = found(on_lattice)

    assert len(told.untold) == 2
    assert all("catalog" in each or "invoices" in each for each in told.untold)
    assert turns(told)["service association catalog.shop.local"] == ["service catalog.shop.local"]


def test_a_vpc_that_only_a_program_knows_is_left_open(on_lattice: World) -> None:
    on_lattice.deploy()
    on_lattice.edit("vpc-0123456789abcdef2", '"${env.ORDERS_VPC}"')

    told = found(on_lattice)

    assert told.untold == ("VPC association orders: ${env.ORDERS_VPC} is not known here",)
    assert all(each.in_file for each in told.standings)
    assert told.absent == ()
