"""What owner and consumers of a shared mesh can do (App Mesh user guide, shared meshes)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.services.conftest import CONSUMER, OWNER, REGION, STRANGER, Cloud
from tests.local.services.test_appmesh_kinds import HTTP_LISTENER, gateway_route, http_route
from tests.local.services.test_appmesh_rules import node_provider

ErrorOf = Callable[..., tuple[str, str]]
Share = Callable[..., str]
LISTENERS = {"listeners": [HTTP_LISTENER]}
SHARED = {"meshName": "shop", "meshOwner": OWNER}
MESH_ARN = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"

# Operation without its verb, names, spec: what the consumer puts into the shared mesh, in order.
CONSUMED: list[tuple[str, str, dict[str, str], dict[str, Any], str]] = [
    ("virtualNode", "virtual_node", {"virtualNodeName": "c-node"}, {}, "virtualNode/c-node"),
    (
        "virtualRouter",
        "virtual_router",
        {"virtualRouterName": "c-router"},
        LISTENERS,
        "virtualRouter/c-router",
    ),
    (
        "route",
        "route",
        {"virtualRouterName": "c-router", "routeName": "c-route"},
        http_route("o-node"),
        "virtualRouter/c-router/route/c-route",
    ),
    (
        "virtualService",
        "virtual_service",
        {"virtualServiceName": "c.local"},
        node_provider("c-node"),
        "virtualService/c.local",
    ),
]


@pytest.fixture
def shared(cloud: Cloud, organization: Any, share: Share) -> tuple[Any, Any]:
    """App Mesh of the owner and of the consumer, with the mesh `shop` shared between them."""
    owner = cloud("appmesh")
    owner.create_mesh(meshName="shop")
    owner.create_virtual_node(meshName="shop", virtualNodeName="o-node", spec={})
    owner.create_virtual_gateway(meshName="shop", virtualGatewayName="o-gateway", spec=LISTENERS)
    share(CONSUMER, allowExternalPrincipals=False)
    return owner, cloud("appmesh", CONSUMER)


def test_a_consumer_lives_in_the_shared_mesh(shared: tuple[Any, Any]) -> None:
    owner, consumer = shared
    for kind, snake, names, spec, tail in CONSUMED:
        created = getattr(consumer, f"create_{snake}")(**SHARED, **names, spec=spec)[kind]
        metadata = created["metadata"]
        arn = f"arn:aws:appmesh:{REGION}:{CONSUMER}:mesh/shop@{OWNER}/{tail}"
        assert metadata["arn"] == arn
        assert (metadata["meshOwner"], metadata["resourceOwner"]) == (OWNER, CONSUMER)
        assert created["meshName"] == "shop"

        seen_by_owner = getattr(owner, f"describe_{snake}")(meshName="shop", **names)[kind]
        assert seen_by_owner == created
        listing = getattr(consumer, f"list_{snake}s")(**SHARED, **dict(list(names.items())[:-1]))
        assert arn in [entry["arn"] for entry in listing[f"{kind}s"]]

        updated = getattr(consumer, f"update_{snake}")(**SHARED, **names, spec=spec)[kind]
        assert updated["metadata"]["version"] == 2
        consumer.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "c"}])
        consumer.untag_resource(resourceArn=arn, tagKeys=["team"])
    for _, snake, names, _, _ in reversed(CONSUMED):
        getattr(consumer, f"delete_{snake}")(**SHARED, **names)


def test_the_mesh_keeps_its_owners_arn_for_the_consumer(shared: tuple[Any, Any]) -> None:
    _, consumer = shared
    assert consumer.describe_mesh(**SHARED)["mesh"]["metadata"]["arn"] == MESH_ARN
    listed = consumer.list_meshes()["meshes"]
    assert [(mesh["arn"], mesh["meshOwner"]) for mesh in listed] == [(MESH_ARN, OWNER)]


def test_own_and_shared_meshes_of_one_name_are_told_apart(shared: tuple[Any, Any]) -> None:
    _, consumer = shared
    own = consumer.create_mesh(meshName="shop")["mesh"]["metadata"]["arn"]
    assert {mesh["arn"] for mesh in consumer.list_meshes()["meshes"]} == {own, MESH_ARN}
    node = {"meshName": "shop", "virtualNodeName": "n"}
    made = consumer.create_virtual_node(**node, spec={})["virtualNode"]["metadata"]
    assert made["arn"] == f"{own}/virtualNode/n"
    made = consumer.create_virtual_node(**node, meshOwner=OWNER, spec={})["virtualNode"]["metadata"]
    assert made["arn"] == f"arn:aws:appmesh:{REGION}:{CONSUMER}:mesh/shop@{OWNER}/virtualNode/n"


O_NODE = {"virtualNodeName": "o-node"}
GATEWAY = {"virtualGatewayName": "o-gateway"}
GATEWAY_ROUTE = GATEWAY | {"gatewayRouteName": "r"}
FORBIDDEN_TO_CONSUMERS: list[tuple[str, dict[str, Any]]] = [
    ("update_virtual_node", SHARED | O_NODE | {"spec": {}}),
    ("delete_virtual_node", SHARED | O_NODE),
    ("create_virtual_gateway", SHARED | {"virtualGatewayName": "new", "spec": LISTENERS}),
    ("describe_virtual_gateway", SHARED | GATEWAY),
    ("update_virtual_gateway", SHARED | GATEWAY | {"spec": LISTENERS}),
    ("delete_virtual_gateway", SHARED | GATEWAY),
    ("list_virtual_gateways", SHARED),
    ("create_gateway_route", SHARED | GATEWAY_ROUTE | {"spec": gateway_route("c.local")}),
    ("describe_gateway_route", SHARED | GATEWAY_ROUTE),
    ("update_gateway_route", SHARED | GATEWAY_ROUTE | {"spec": gateway_route("c.local")}),
    ("delete_gateway_route", SHARED | GATEWAY_ROUTE),
    ("list_gateway_routes", SHARED | GATEWAY),
    ("list_tags_for_resource", {"resourceArn": MESH_ARN}),
    ("tag_resource", {"resourceArn": MESH_ARN, "tags": []}),
    ("untag_resource", {"resourceArn": f"{MESH_ARN}/virtualNode/o-node", "tagKeys": []}),
]


@pytest.mark.parametrize(
    ("operation", "params"),
    FORBIDDEN_TO_CONSUMERS,
    ids=[operation for operation, _ in FORBIDDEN_TO_CONSUMERS],
)
def test_a_consumer_is_forbidden(
    shared: tuple[Any, Any], error_of: ErrorOf, operation: str, params: dict[str, Any]
) -> None:
    assert error_of(getattr(shared[1], operation), **params)[0] == "ForbiddenException"


@pytest.mark.parametrize("operation", ["update_mesh", "delete_mesh"])
def test_a_consumer_can_not_even_name_the_mesh_to_change_it(
    shared: tuple[Any, Any], error_of: ErrorOf, operation: str
) -> None:
    # These two operations take no mesh owner: they look for a mesh of the caller.
    assert error_of(getattr(shared[1], operation), meshName="shop")[0] == "NotFoundException"


def test_the_owner_deletes_but_does_not_change_or_tag_what_a_consumer_made(
    shared: tuple[Any, Any], error_of: ErrorOf
) -> None:
    owner, consumer = shared
    names = {"virtualNodeName": "c-node"}
    made = consumer.create_virtual_node(**SHARED, **names, spec={})["virtualNode"]["metadata"]
    in_shop = {"meshName": "shop", **names}
    assert error_of(owner.update_virtual_node, **in_shop, spec={})[0] == "ForbiddenException"
    for run, params in (
        (owner.tag_resource, {"tags": [{"key": "k", "value": "v"}]}),
        (owner.list_tags_for_resource, {}),
    ):
        assert error_of(run, resourceArn=made["arn"], **params)[0] == "ForbiddenException"
    owner.delete_virtual_node(**in_shop)
    assert error_of(consumer.describe_virtual_node, **SHARED, **names)[0] == "NotFoundException"


def test_owner_and_consumer_refer_to_each_others_names(
    shared: tuple[Any, Any], error_of: ErrorOf
) -> None:
    owner, consumer = shared
    consumer.create_virtual_node(**SHARED, virtualNodeName="c-node", spec={})
    router = {"meshName": "shop", "virtualRouterName": "o-router"}
    owner.create_virtual_router(**router, spec=LISTENERS)
    owner.create_route(**router, routeName="r", spec=http_route("c-node"))
    code, _ = error_of(consumer.delete_virtual_node, **SHARED, virtualNodeName="c-node")
    assert code == "ResourceInUseException"
    consumer.create_virtual_service(
        **SHARED, virtualServiceName="o.local", spec=node_provider("o-node")
    )


def test_a_name_is_unique_across_the_accounts_of_a_mesh(
    shared: tuple[Any, Any], error_of: ErrorOf
) -> None:
    code, _ = error_of(shared[1].create_virtual_node, **SHARED, **O_NODE, spec={})
    assert code == "ConflictException"


def test_all_accounts_share_the_quotas_of_the_mesh(
    shared: tuple[Any, Any], error_of: ErrorOf
) -> None:
    owner, consumer = shared
    for number in range(199):
        consumer.create_virtual_node(**SHARED, virtualNodeName=f"c{number}", spec={})
    one_more = {"meshName": "shop", "virtualNodeName": "x", "spec": {}}
    assert error_of(owner.create_virtual_node, **one_more)[0] == "LimitExceededException"


def test_a_mesh_is_not_empty_while_a_consumer_is_in_it(
    shared: tuple[Any, Any], error_of: ErrorOf
) -> None:
    owner, consumer = shared
    consumer.create_virtual_node(**SHARED, virtualNodeName="c-node", spec={})
    owner.delete_virtual_node(meshName="shop", **O_NODE)
    owner.delete_virtual_gateway(meshName="shop", **GATEWAY)
    assert error_of(owner.delete_mesh, meshName="shop")[0] == "ResourceInUseException"


@pytest.mark.parametrize("name", ["shop", "no-such-mesh"])
def test_a_stranger_can_not_tell_whether_a_mesh_exists(
    shared: tuple[Any, Any], cloud: Cloud, error_of: ErrorOf, name: str
) -> None:
    stranger = cloud("appmesh", STRANGER)
    mesh = {"meshName": name, "meshOwner": OWNER}
    assert error_of(stranger.describe_mesh, **mesh)[0] == "ForbiddenException"
    assert error_of(stranger.list_virtual_nodes, **mesh)[0] == "ForbiddenException"
    node = {"virtualNodeName": "n", "spec": {}}
    assert error_of(stranger.create_virtual_node, **mesh, **node)[0] == "ForbiddenException"
    assert stranger.list_meshes()["meshes"] == []


def test_without_the_mesh_owner_a_consumer_finds_nothing(
    shared: tuple[Any, Any], error_of: ErrorOf
) -> None:
    assert error_of(shared[1].describe_mesh, meshName="shop")[0] == "NotFoundException"


def test_unsharing_leaves_the_consumers_resources_to_the_owner(
    cloud: Cloud, organization: Any, share: Share, error_of: ErrorOf
) -> None:
    owner, consumer = cloud("appmesh"), cloud("appmesh", CONSUMER)
    owner.create_mesh(meshName="shop")
    arn = share(CONSUMER)
    node = {"virtualNodeName": "c-node"}
    consumer.create_virtual_node(**SHARED, **node, spec={})
    cloud("ram").disassociate_resource_share(resourceShareArn=arn, resourceArns=[MESH_ARN])
    for operation in ("describe_virtual_node", "delete_virtual_node"):
        assert error_of(getattr(consumer, operation), **SHARED, **node)[0] == "ForbiddenException"
    assert consumer.list_meshes()["meshes"] == []
    assert owner.list_virtual_nodes(meshName="shop")["virtualNodes"][0]["resourceOwner"] == CONSUMER
    owner.delete_virtual_node(meshName="shop", **node)


def test_one_share_does_not_open_another_mesh(shared: tuple[Any, Any], error_of: ErrorOf) -> None:
    owner, consumer = shared
    owner.create_mesh(meshName="private")
    private = {"meshName": "private", "meshOwner": OWNER}
    assert error_of(consumer.describe_mesh, **private)[0] == "ForbiddenException"
