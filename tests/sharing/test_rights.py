"""The rights in a shared mesh, row by row, through components.

The rows are those of the local cloud's own table; what no component can ask for is named with the
reason, so that a new row of that table has to be placed here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

import meshkit
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from tests.local.services.test_rights import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.local.outcome import Run

OWNER, CONSUMER, STRANGER, LEFT = "111111111111", "222222222222", "333333333333", "444444444444"
ACTORS = {"owner": OWNER, "consumer": CONSUMER, "stranger": STRANGER, "ex-consumer": LEFT}
MESH = f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop"
LISTENERS = [{"port": 8080, "protocol": "http"}]
NODE = {"listeners": LISTENERS, "service_discovery": {"dns": "a.local"}}
HTTP = {"match": {"prefix": "/"}}

Place = dict[str, Any]
"""`mesh` and `opts` of a component."""


def node(place: Place, name: str = "new") -> None:
    args = meshkit.VirtualNodeArgs(mesh=place["mesh"], spec=NODE, name=name)
    meshkit.VirtualNode("node", args, place["opts"])


def tagged_node(place: Place) -> None:
    spec = {**NODE, "tags": {"a": "1"}}
    args = meshkit.VirtualNodeArgs(mesh=place["mesh"], spec=spec, name="new")
    meshkit.VirtualNode("node", args, place["opts"])


def router(place: Place) -> None:
    args = meshkit.VirtualRouterArgs(mesh=place["mesh"], spec={"listeners": LISTENERS}, name="new")
    meshkit.VirtualRouter("router", args, place["opts"])


def route(place: Place, target: str) -> None:
    spec = {"http": {**HTTP, "targets": {target: 100}}}
    args = meshkit.RouteArgs(mesh=place["mesh"], router="home", spec=spec, name="new")
    meshkit.Route("route", args, place["opts"])


def service(place: Place) -> None:
    args = meshkit.VirtualServiceArgs(mesh=place["mesh"], name="new.local", node="theirs")
    meshkit.VirtualService("service", args, place["opts"])


def share(place: Place) -> None:
    args = meshkit.MeshShareArgs(
        mesh_arn=MESH, principals=["555555555555"], allow_external_principals=True
    )
    meshkit.MeshShare("again", args, place["opts"])


def look_up(place: Place) -> None:
    opts = pulumi.InvokeOptions(provider=place["opts"].provider)
    aws.appmesh.get_mesh(name="shop", mesh_owner=OWNER, region="eu-west-1", opts=opts)
    aws.appmesh.get_virtual_node(
        name="theirs", mesh_name="shop", mesh_owner=OWNER, region="eu-west-1", opts=opts
    )


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """A mesh with a node of the owner and one of the consumer; another account has left."""
    with Cloud(account=OWNER, region="eu-west-1") as running:
        mesh = running.client("appmesh", OWNER)
        mesh.create_mesh(meshName="shop")
        ram = running.client("ram", OWNER)
        made = ram.create_resource_share(
            name="shop", resourceArns=[MESH], principals=[CONSUMER, LEFT]
        )
        for account in (CONSUMER, LEFT):
            theirs = running.client("ram", account)
            (invitation,) = theirs.get_resource_share_invitations()["resourceShareInvitations"]
            theirs.accept_resource_share_invitation(
                resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
            )
        arn = made["resourceShare"]["resourceShareArn"]
        ram.disassociate_resource_share(resourceShareArn=arn, principals=[LEFT])
        listeners = {"listeners": [{"portMapping": {"port": 8080, "protocol": "http"}}]}
        for account, name in ((OWNER, "ours"), (CONSUMER, "theirs")):
            client = running.client("appmesh", account)
            place = {"meshName": "shop", "meshOwner": OWNER}
            client.create_virtual_node(**place, virtualNodeName=name, spec=listeners)
        mesh.create_virtual_router(meshName="shop", virtualRouterName="home", spec=listeners)
        yield running


def built(cloud: Cloud, actor: str, make: Callable[[Place], None]) -> Run:
    account = ACTORS[actor]

    def program() -> None:
        role = f"arn:aws:iam::{account}:role/deployer"
        caller = aws.Provider("caller", region="eu-west-1", assume_roles=[{"role_arn": role}])
        mesh = "shop" if account == OWNER else meshkit.SharedMeshRef("shop", owner=OWNER)
        make({"mesh": mesh, "opts": pulumi.ResourceOptions(provider=caller)})

    return run(program, cloud=cloud)


FORBIDDEN, NOT_YOURS = "Forbidden", "OperationNotPermitted"
TABLE: dict[str, tuple[Callable[[Place], None], str]] = {
    # What is asked, and what is refused to everyone but the owner and the consumer.
    "create_virtual_node": (node, FORBIDDEN),
    "create_virtual_router": (router, FORBIDDEN),
    "create_virtual_service": (service, FORBIDDEN),
    "create_route": (lambda place: route(place, "ours"), FORBIDDEN),
    "create_route to another's node": (lambda place: route(place, "theirs"), FORBIDDEN),
    "tag_resource": (tagged_node, FORBIDDEN),
    "describe_mesh": (look_up, FORBIDDEN),
}


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("row", TABLE)
def test_owner_and_consumer_build_and_nobody_else(cloud: Cloud, row: str, actor: str) -> None:
    make, refusal = TABLE[row]

    outcome = built(cloud, actor, make)

    if actor in ("owner", "consumer"):
        assert (outcome.failures, outcome.skipped) == ((), ())
    else:
        assert refusal in str(outcome.failures[0])


@pytest.mark.parametrize("actor", ACTORS)
def test_only_the_owner_shares(cloud: Cloud, actor: str) -> None:
    outcome = built(cloud, actor, share)

    if actor == "owner":
        assert outcome.ok
    else:
        assert NOT_YOURS in str(outcome.failures[0])


@pytest.mark.parametrize("actor", ["consumer", "stranger", "ex-consumer"])
def test_a_gateway_in_somebody_else_s_mesh_is_refused_by_aws_too(cloud: Cloud, actor: str) -> None:
    def by_hand(place: Place) -> None:
        aws.appmesh.VirtualGateway(
            "gateway",
            name="new",
            mesh_name="shop",
            mesh_owner=OWNER,
            spec={"listeners": [{"port_mapping": {"port": 8080, "protocol": "http"}}]},
            opts=place["opts"],
        )

    assert FORBIDDEN in str(built(cloud, actor, by_hand).failures[0])


THEIRS = meshkit.SharedMeshRef("shop", owner=OWNER)
ROUTE = {"http": {**HTTP, "service": "new.local"}}


@pytest.mark.parametrize(
    ("component", "args"),
    [
        (
            meshkit.VirtualGateway,
            meshkit.VirtualGatewayArgs(mesh=THEIRS, spec={"listeners": LISTENERS}),
        ),
        (
            meshkit.GatewayRoute,
            meshkit.GatewayRouteArgs(mesh=THEIRS, gateway="front", spec=ROUTE),
        ),
    ],
)
def test_a_gateway_component_takes_no_mesh_of_somebody_else(component: Any, args: Any) -> None:
    with pytest.raises(meshkit.MeshkitError, match=r"^front: only the mesh owner can have"):
        component("front", args)


@pytest.mark.parametrize(("actor", "name"), [("consumer", "ours"), ("owner", "theirs")])
def test_nobody_takes_over_what_another_account_made(cloud: Cloud, actor: str, name: str) -> None:
    outcome = built(cloud, actor, lambda place: node(place, name))

    assert "Conflict" in str(outcome.failures[0])
    owners = cloud.client("appmesh", OWNER).list_virtual_nodes(meshName="shop")["virtualNodes"]
    found = {each["virtualNodeName"]: each["resourceOwner"] for each in owners}
    assert found == {"ours": OWNER, "theirs": CONSUMER}


KINDS = ("virtual_node", "virtual_router", "virtual_service", "route")
GATEWAYS = ("virtual_gateway", "gateway_route")
OVER_TIME = {
    # On what is there already: test_rights_over_time.py.
    *(f"{verb}_{kind}" for verb in ("describe", "update", "delete") for kind in KINDS + GATEWAYS),
    "untag_resource",
    "list_tags_for_resource",
}
BY_STACKS = {
    # The whole life of a mesh, and its deletion while others have resources in it:
    # tests/engine/test_team_stacks.py.
    *(f"create_{kind}" for kind in GATEWAYS),
    "update_mesh",
    "delete_mesh",
    # Unsharing: tests/inspect/share/test_status.py.
    "disassociate_resource_share",
    "delete_resource_share",
}
BY_STATUS = {
    # Asked by meshkit share status, as the owner.
    *(f"list_{kind}s" for kind in (
        "virtual_node", "virtual_router", "virtual_service", "route",
        "virtual_gateway", "gateway_route")),
    "list_resource_share_permissions",
}  # fmt: skip
HERE = {
    *(row.split(" ")[0] for row in TABLE),
    # Both are in a MeshShare.
    "create_resource_share",
    "associate_resource_share",
}


def test_every_row_of_the_table_has_its_place() -> None:
    assert {row.operation for row in ROWS} == HERE | OVER_TIME | BY_STACKS | BY_STATUS
