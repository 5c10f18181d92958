"""Who may do what in a shared mesh, row by row.

Source: the App Mesh user guide, "Working with shared meshes", and the actions of the RAM permission
AWSRAMDefaultPermissionAppMesh. The right to connect an Envoy has no operation in the API.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from moto import mock_aws

from meshkit.local.services.appmesh.backend import backend as meshes_of
from meshkit.local.services.ram.backend import backend as ram_of
from tests.local.services.conftest import CONSUMER, OWNER, REGION, STRANGER, Cloud
from tests.local.services.test_appmesh_kinds import HTTP_LISTENER, gateway_route, http_route

EX_CONSUMER = "444444444444"
ACTORS = {
    "owner": OWNER,
    "consumer": CONSUMER,
    "stranger": STRANGER,
    "ex-consumer": EX_CONSUMER,
}
OUTCOMES = {
    "Y": None,
    "N": "ForbiddenException",
    "-": "NotFoundException",  # operations that take no meshOwner see own meshes only
    "U": "ResourceInUseException",  # allowed, but the mesh is not empty
    "R": "OperationNotPermittedException",
    "?": "UnknownResourceException",
}
MESH_ARN = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"
LISTENERS = {"listeners": [HTTP_LISTENER]}


class Row(NamedTuple):
    """What is asked: of which service, on what, and how it ends for each of the ACTORS."""

    operation: str
    names: dict[str, Any]
    outcomes: str
    service: str = "appmesh"


def named(kind: str, name: str) -> dict[str, str]:
    """Return the members that name a resource; o-, c- and x- tell who created it."""
    creator = name.split("-", maxsplit=1)[0]
    return {
        "virtual_node": {"virtualNodeName": name},
        "virtual_router": {"virtualRouterName": name},
        "route": {"virtualRouterName": f"{creator}-home", "routeName": name},
        "virtual_service": {"virtualServiceName": name},
        "virtual_gateway": {"virtualGatewayName": name},
        "gateway_route": {"virtualGatewayName": "o-front", "gatewayRouteName": name},
    }[kind]


SPECS: dict[str, dict[str, Any]] = {
    "virtual_node": {},
    "virtual_router": LISTENERS,
    "route": http_route("o-used"),
    "virtual_service": {},
    "virtual_gateway": LISTENERS,
    "gateway_route": gateway_route("o-used"),
}
CONSUMER_KINDS = ("virtual_node", "virtual_router", "route", "virtual_service")
OWNER_KINDS = ("virtual_gateway", "gateway_route")


def of_kind(kind: str, verb: str, name: str, outcomes: str) -> Row:
    spec = {"spec": SPECS[kind]} if verb in ("create", "update") else {}
    return Row(f"{verb}_{kind}", named(kind, name) | spec, outcomes)


def on_tags(operation: str, tail: str, creator: str, outcomes: str) -> Row:
    mesh = MESH_ARN if creator == OWNER else MESH_ARN.replace(OWNER, creator, 1) + f"@{OWNER}"
    members: dict[str, dict[str, Any]] = {
        "tag_resource": {"tags": [{"key": "k", "value": "v"}]},
        "untag_resource": {"tagKeys": ["k"]},
        "list_tags_for_resource": {},
    }
    return Row(operation, {"resourceArn": mesh + tail} | members[operation], outcomes)


# The letters: owner, consumer, stranger, ex-consumer.
ROWS = [
    # List and describe: all that is in the mesh, whoever created it.
    Row("describe_mesh", {}, "YYNN"),
    Row("list_virtual_nodes", {}, "YYNN"),
    Row("list_virtual_routers", {}, "YYNN"),
    Row("list_virtual_services", {}, "YYNN"),
    Row("list_routes", {"virtualRouterName": "o-home"}, "YYNN"),
    *(of_kind(kind, "describe", f"{who}-free", "YYNN") for kind in CONSUMER_KINDS for who in "ocx"),
    # Create nodes, services, routers and routes.
    *(of_kind(kind, "create", "o-new", "YYNN") for kind in CONSUMER_KINDS),
    # Update: only what one created oneself; nobody's once the share is gone.
    *(of_kind(kind, "update", "o-free", "YNNN") for kind in CONSUMER_KINDS),
    *(of_kind(kind, "update", "c-free", "NYNN") for kind in CONSUMER_KINDS),
    *(of_kind(kind, "update", "x-free", "NNNN") for kind in CONSUMER_KINDS),
    # Delete: the owner anything, others only what they created.
    *(of_kind(kind, "delete", "o-free", "YNNN") for kind in CONSUMER_KINDS),
    *(of_kind(kind, "delete", "c-free", "YYNN") for kind in CONSUMER_KINDS),
    *(of_kind(kind, "delete", "x-free", "YNNN") for kind in CONSUMER_KINDS),
    # Gateways and their routes: the owner's alone.
    Row("list_virtual_gateways", {}, "YNNN"),
    Row("list_gateway_routes", {"virtualGatewayName": "o-front"}, "YNNN"),
    *(of_kind(kind, "create", "o-new", "YNNN") for kind in OWNER_KINDS),
    *(
        of_kind(kind, verb, "o-free", "YNNN")
        for verb in ("describe", "update", "delete")
        for kind in OWNER_KINDS
    ),
    # The mesh itself.
    Row("update_mesh", {"spec": {}}, "Y---"),
    Row("delete_mesh", {}, "U---"),
    # Names that another account made, as targets.
    Row("create_route", named("route", "o-new") | {"spec": http_route("c-used")}, "YYNN"),
    Row("create_route", named("route", "c-new") | {"spec": http_route("o-used")}, "YYNN"),
    # Tags: private to the account that created the resource.
    *(
        row
        for operation in ("tag_resource", "untag_resource", "list_tags_for_resource")
        for row in (
            on_tags(operation, "", OWNER, "YNNN"),
            on_tags(operation, "/virtualNode/o-free", OWNER, "YNNN"),
            on_tags(operation, "/virtualNode/c-free", CONSUMER, "NYNN"),
            on_tags(operation, "/virtualNode/x-free", EX_CONSUMER, "NNNN"),
        )
    ),
    # Sharing and unsharing.
    Row("create_resource_share", {"name": "again", "resourceArns": [MESH_ARN]}, "YRRR", "ram"),
    Row("disassociate_resource_share", {"resourceArns": [MESH_ARN]}, "YRRR", "ram"),
    Row("associate_resource_share", {"principals": [STRANGER]}, "Y???", "ram"),
    Row("list_resource_share_permissions", {}, "Y???", "ram"),
    Row("delete_resource_share", {}, "Y???", "ram"),
]
WITHOUT_OWNER = ("update_mesh", "delete_mesh")


class World(NamedTuple):
    """The local cloud, and the share of its mesh."""

    cloud: Cloud
    share_arn: str


@pytest.fixture(scope="module")
def built() -> Iterator[World]:
    """A mesh with resources of three accounts; one of them has lost the share since."""
    with mock_aws():
        cloud = Cloud()
        yield World(cloud, build(cloud))


@pytest.fixture
def world(built: World) -> Iterator[World]:
    """The same for each test, whatever the one before changed."""
    ram, meshes = ram_of(OWNER, REGION), meshes_of(OWNER, REGION)
    saved = copy.deepcopy((meshes.store, ram.shares, ram.invitations))
    yield built
    meshes.store, ram.shares, ram.invitations = saved


def build(cloud: Cloud) -> str:
    owner = cloud("appmesh")
    owner.create_mesh(meshName="shop")
    ram = cloud("ram")
    both = [CONSUMER, EX_CONSUMER]
    made = ram.create_resource_share(name="mesh", resourceArns=[MESH_ARN], principals=both)
    arn = str(made["resourceShare"]["resourceShareArn"])
    for account in both:
        outside = cloud("ram", account)
        (invitation,) = outside.get_resource_share_invitations()["resourceShareInvitations"]
        name = invitation["resourceShareInvitationArn"]
        outside.accept_resource_share_invitation(resourceShareInvitationArn=name)
    for creator, account in (("o", OWNER), ("c", CONSUMER), ("x", EX_CONSUMER)):
        fill(cloud("appmesh", account), creator)
    for kind, name in (
        ("virtual_gateway", "o-front"),
        ("virtual_gateway", "o-free"),
        ("gateway_route", "o-free"),
    ):
        create(owner, kind, name)
    ram.disassociate_resource_share(resourceShareArn=arn, principals=[EX_CONSUMER])
    return arn


def fill(client: Any, creator: str) -> None:
    for kind in ("virtual_node", "virtual_service"):
        create(client, kind, f"{creator}-used")
    create(client, "virtual_router", f"{creator}-home")
    for kind in CONSUMER_KINDS:
        create(client, kind, f"{creator}-free")


def create(client: Any, kind: str, name: str) -> None:
    names = named(kind, name) | {"meshName": "shop", "meshOwner": OWNER}
    getattr(client, f"create_{kind}")(**names, spec=SPECS[kind])


def parameters(row: Row, share_arn: str) -> dict[str, Any]:
    if row.service == "ram":
        placed = {"resourceShareArn": share_arn}
        return row.names if row.operation == "create_resource_share" else row.names | placed
    if "resourceArn" in row.names:
        return row.names
    mesh = {"meshName": "shop"}
    return row.names | (mesh if row.operation in WITHOUT_OWNER else mesh | {"meshOwner": OWNER})


CASES = [
    pytest.param(row, actor, OUTCOMES[letter], id=f"{row.operation}-{number}-{actor}")
    for number, row in enumerate(ROWS)
    for actor, letter in zip(ACTORS, row.outcomes, strict=True)
]


@pytest.mark.parametrize(("row", "actor", "code"), CASES)
def test_right(
    world: World,
    error_of: Callable[..., tuple[str, str]],
    row: Row,
    actor: str,
    code: str | None,
) -> None:
    run = getattr(world.cloud(row.service, ACTORS[actor]), row.operation)
    if code is None:
        run(**parameters(row, world.share_arn))
    else:
        assert error_of(run, **parameters(row, world.share_arn))[0] == code


def test_every_operation_of_app_mesh_is_in_the_table(world: World) -> None:
    known = set(world.cloud("appmesh").meta.method_to_api_mapping)
    asked = {row.operation for row in ROWS if row.service == "appmesh"}
    # These two concern the caller's own account alone.
    assert known - asked == {"create_mesh", "list_meshes"}


@pytest.mark.parametrize(
    ("actor", "count"), [("owner", 1), ("consumer", 1), ("stranger", 0), ("ex-consumer", 0)]
)
def test_who_sees_the_mesh_in_a_list(world: World, actor: str, count: int) -> None:
    assert len(world.cloud("appmesh", ACTORS[actor]).list_meshes()["meshes"]) == count
