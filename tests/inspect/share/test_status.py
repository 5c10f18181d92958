"""Who is in a mesh on AWS, what is orphaned, and what unsharing leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.admission import admitted
from meshkit.inspect.share.built import Built
from meshkit.inspect.share.model import ShareStatus, Standing
from meshkit.inspect.share.principals import PrincipalState, Shares
from meshkit.inspect.share.quotas import Use
from meshkit.inspect.share.status import status
from meshkit.local.services.clock import CLOCK

if TYPE_CHECKING:
    from tests.inspect.share.conftest import World

NETWORK, ORDERS, BILLING = "111111111111", "222222222222", "333333333333"
OUTSIDE = (
    'billing: {id: "333333333333", ',
    'billing: {id: "333333333333", external: true, ',
)
BY_HAND = (
    "share: {principals: [orders, billing]}",
    "share: {principals: [orders, billing], allow_external_principals: true, accept: false}",
)


def found(world: World) -> ShareStatus:
    return status(world.mesh(), world.accounts(), Texts())


def states(world: World) -> dict[str, str]:
    return {each.label: each.state for each in found(world).shares.principals}


def names(built: tuple[Built, ...]) -> set[str]:
    return {f"{each.kind} {each.name}" for each in built}


def test_every_resource_tells_its_two_owners(world: World) -> None:
    world.deploy()

    told = found(world)

    assert {(each.built.mesh_owner, each.built.resource_owner) for each in told.standings} == {
        (NETWORK, NETWORK),
        (NETWORK, ORDERS),
        (NETWORK, BILLING),
    }
    assert len(told.standings) == 13
    assert all(each.in_file for each in told.standings)
    assert (told.orphans, told.missing) == ((), ())
    assert states(world) == {"orders": "shared", "billing": "shared"}


def test_what_is_not_of_the_file_is_marked(world: World) -> None:
    world.deploy()
    world.cloud.client("appmesh", ORDERS).create_virtual_node(
        meshName="shop", meshOwner=NETWORK, virtualNodeName="extra", spec={}
    )
    world.cloud.client("ram").associate_resource_share(
        resourceShareArn=world.share, principals=["999999999999"]
    )

    told = found(world)

    assert [each.built.name for each in told.standings if not each.in_file] == ["extra"]
    assert [each.label for each in told.shares.principals if not each.in_file] == ["999999999999"]


def test_quotas_count_what_all_accounts_made(world: World) -> None:
    world.deploy()
    world.edit("tags: {project: shop}", "quotas: {virtual_nodes_per_mesh: 3}")
    world.cloud.client("appmesh", ORDERS).create_virtual_node(
        meshName="shop", meshOwner=NETWORK, virtualNodeName="extra", spec={}
    )

    use = {each.key: each for each in found(world).quotas}

    assert (use["virtual_nodes_per_mesh"].used, use["virtual_nodes_per_mesh"].exceeded) == (4, True)
    assert use["principals_per_share"].used == 2


def test_an_invitation_goes_from_invited_to_accepted(world: World) -> None:
    world.edit(*OUTSIDE)
    world.edit(*BY_HAND)
    ram = world.cloud.client("ram")
    mesh = world.cloud.client("appmesh").create_mesh(meshName="shop")["mesh"]["metadata"]["arn"]
    assert states(world) == {"orders": "not shared", "billing": "not shared"}

    ram.create_resource_share(name="s", resourceArns=[mesh], principals=[BILLING])
    assert states(world)["billing"] == "invited"
    theirs = world.cloud.client("ram", BILLING)
    (invitation,) = theirs.get_resource_share_invitations()["resourceShareInvitations"]
    theirs.accept_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )

    assert states(world)["billing"] == "accepted"
    assert found(world).missing == ("orders",)


def test_a_rejected_invitation_is_told(world: World) -> None:
    world.edit(*OUTSIDE)
    world.edit(*BY_HAND)
    mesh = world.cloud.client("appmesh").create_mesh(meshName="shop")["mesh"]["metadata"]["arn"]
    world.cloud.client("ram").create_resource_share(
        name="s", resourceArns=[mesh], principals=[BILLING]
    )
    theirs = world.cloud.client("ram", BILLING)
    (invitation,) = theirs.get_resource_share_invitations()["resourceShareInvitations"]
    theirs.reject_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )

    assert states(world)["billing"] == "rejected"


@pytest.mark.parametrize("way", ["principal", "mesh", "share"])
def test_unsharing_leaves_the_documented_state(world: World, way: str) -> None:
    """The guide: access ends, nothing is deleted, only the owner sees and deletes what is left."""
    world.deploy()
    before = {each.built for each in found(world).standings}
    (predicted,) = found(world).leaving(BILLING)
    ram, share = world.cloud.client("ram"), world.share
    mesh = world.mesh().arn
    if way == "principal":
        ram.disassociate_resource_share(resourceShareArn=share, principals=[BILLING])
    elif way == "mesh":
        ram.disassociate_resource_share(resourceShareArn=share, resourceArns=[mesh])
    else:
        ram.delete_resource_share(resourceShareArn=share)

    told = found(world)

    assert {each.built for each in told.standings} == before
    shut_out = {BILLING} if way == "principal" else {BILLING, ORDERS}
    assert {each.resource_owner for each in told.orphans} == shut_out
    mine = tuple(each for each in told.orphans if each.resource_owner == BILLING)
    assert set(mine) == set(predicted.orphans)
    assert names(predicted.silent) == {"virtual node catalog", "virtual node invoices"}

    consumer, owner = (world.cloud.client("appmesh", each) for each in (BILLING, NETWORK))
    place = {"meshName": "shop", "virtualServiceName": "invoices.shop.local"}
    for operation in ("describe_virtual_service", "delete_virtual_service"):
        with pytest.raises(ClientError, match="Forbidden"):
            getattr(consumer, operation)(**place, meshOwner=NETWORK)
    with pytest.raises(ClientError, match="Forbidden"):
        owner.update_virtual_service(**place, spec={})
    owner.delete_gateway_route(
        meshName="shop", virtualGatewayName="ingress", gatewayRouteName="invoices"
    )
    owner.delete_virtual_service(**place)
    assert "virtual service invoices.shop.local" not in names(found(world).orphans)


def test_letting_an_account_in_again_ends_its_orphans(world: World) -> None:
    world.deploy()
    ram = world.cloud.client("ram")
    ram.disassociate_resource_share(resourceShareArn=world.share, principals=[BILLING])
    assert found(world).orphans

    ram.associate_resource_share(resourceShareArn=world.share, principals=[BILLING])

    assert found(world).orphans == ()


def test_an_organization_lets_its_accounts_in(world: World) -> None:
    world.edit(
        "principals: [orders, billing]",
        "principals: ['arn:aws:organizations::999999999999:organization/o-exampleorg1']",
    )
    world.deploy()

    assert found(world).orphans == ()
    assert list(states(world).values()) == ["shared"]


def test_an_account_that_nobody_knows_is_not_called_orphaned() -> None:
    theirs = Built("virtual node", "a", "arn", NETWORK, ORDERS)
    own = Built("virtual node", "a", "arn", NETWORK, NETWORK)

    assert not Standing(theirs, in_file=True, admitted="can't tell").orphan
    assert Standing(theirs, in_file=True, admitted="no").orphan
    assert not Standing(own, in_file=True, admitted="no").orphan


def test_a_mesh_that_is_not_there_is_told(world: World) -> None:
    with pytest.raises(MeshkitError, match="NotFoundException"):
        found(world)


def test_an_expired_invitation_is_told_where_the_account_can_be_asked(world: World) -> None:
    world.edit(*OUTSIDE)
    world.edit(*BY_HAND)
    mesh = world.cloud.client("appmesh").create_mesh(meshName="shop")["mesh"]["metadata"]["arn"]
    ram = world.cloud.client("ram")
    ram.create_resource_share(name="s", resourceArns=[mesh], principals=[BILLING, "444444444444"])
    told = {each.label: (each.state, each.note) for each in found(world).shares.principals}
    assert told["billing"] == ("invited", "")
    state, note = told["444444444444"]
    assert state == "invited"
    assert "only that account can see" in note

    with CLOCK.stopped(CLOCK.now() + timedelta(hours=13)):
        assert states(world)["billing"] == "expired"
        assert "billing" in found(world).missing

        ram.associate_resource_share(resourceShareArn=world.share, principals=[BILLING])
        assert states(world)["billing"] == "invited"


def test_a_principal_of_two_shares_is_let_in_by_the_better_one(world: World) -> None:
    world.deploy()
    ram, mesh, first = world.cloud.client("ram"), world.mesh().arn, world.share
    other = ram.create_resource_share(name="s", resourceArns=[mesh], principals=[BILLING])
    arn = other["resourceShare"]["resourceShareArn"]
    assert [each for each in found(world).quotas if each.key == "principals_per_share"] == [
        Use("principals_per_share", first, 2, 5000)
    ]
    for share in (first, arn):
        assert states(world)["billing"] == "shared"
        ram.disassociate_resource_share(resourceShareArn=share, principals=[BILLING])

    assert states(world)["billing"] == "not shared"


def test_open_invitations_to_any_share_count_against_the_owner_s_quota(world: World) -> None:
    world.deploy()
    world.cloud.client("ram").create_resource_share(name="s", principals=["444444444444"])

    assert {each.key: each.used for each in found(world).quotas}["pending_invitations"] == 1


def test_a_unit_lets_in_who_is_in_it(world: World) -> None:
    world.deploy()
    organizations = world.cloud.client("organizations", "999999999999")
    (root,) = organizations.list_roots()["Roots"]
    unit = organizations.create_organizational_unit(ParentId=root["Id"], Name="shop")
    unit_id, arn = (unit["OrganizationalUnit"][each] for each in ("Id", "Arn"))
    organizations.move_account(
        AccountId=ORDERS, SourceParentId=root["Id"], DestinationParentId=unit_id
    )
    ram = world.cloud.client("ram")
    ram.associate_resource_share(resourceShareArn=world.share, principals=[arn])
    ram.disassociate_resource_share(resourceShareArn=world.share, principals=[ORDERS, BILLING])

    told = found(world)

    assert {each.resource_owner for each in told.orphans} == {BILLING}
    assert {(each.built.resource_owner, each.admitted) for each in told.standings} == {
        (NETWORK, "yes"),
        (ORDERS, "yes"),
        (BILLING, "no"),
    }
    assert [each.label for each in told.leaving(arn)] == ["orders", "billing"]
    (orders,) = told.leaving("orders")
    assert (orders.principals, orders.wide) == ((), (arn,))


def test_without_a_way_into_it_nobody_knows_whether_an_account_is_in_a_unit(world: World) -> None:
    world.deploy()
    world.edit('"222222222222", assume_role: {name: mesh-deployer}', '"222222222222"')
    unit = "arn:aws:organizations::999999999999:ou/o-exampleorg1/ou-exam-shop1234"
    states = (PrincipalState(unit, unit, "shared", True),)
    accounts = world.accounts()

    told = admitted(ORDERS, Shares((world.share,), states), world.mesh(), accounts)

    assert told == "can't tell"


def test_what_leads_to_a_leaving_account_is_named(world: World) -> None:
    world.deploy()

    (leaving,) = found(world).leaving("billing")

    assert {(each.kind, each.name, each.owner.key) for each in leaving.led_by} == {
        ("route", "catalog/all", "network"),
        ("gateway route", "ingress/invoices", "network"),
    }
    assert (leaving.principals, leaving.wide) == ((BILLING,), ())


@pytest.mark.parametrize(
    ("named", "text"),
    [
        ("biling", 'no account or principal "biling".*did you mean "billing"'),
        ("444444444444", "no account or principal"),
        ("network", "the mesh is its own"),
    ],
)
def test_nobody_leaves_who_is_not_in_it(world: World, named: str, text: str) -> None:
    world.deploy()

    with pytest.raises(MeshkitError, match=text):
        found(world).leaving(named)


def test_a_principal_that_only_a_program_knows_is_said(world: World) -> None:
    world.deploy()
    world.edit("[orders, billing]", '[orders, billing, "${env.TEAM}"]')

    told = found(world)

    assert told.shares.principals[-1].state == "can't tell"
    assert "${env.TEAM}" in told.shares.principals[-1].label
    assert told.missing == ()
