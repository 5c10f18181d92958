"""What App Mesh refuses: what is in use, what is not there, what breaks a rule or a quota."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.services.appmesh.backend import backend
from meshkit.local.services.appmesh.kinds import (
    BACKENDS_PER_NODE,
    GATEWAY_ROUTE,
    MESH,
    ROUTE,
    VIRTUAL_GATEWAY,
    VIRTUAL_NODE,
    VIRTUAL_ROUTER,
    VIRTUAL_SERVICE,
    Kind,
)
from tests.local.services.conftest import OWNER, REGION, Cloud
from tests.local.services.test_appmesh_kinds import (
    HTTP_LISTENER,
    gateway_route,
    http_route,
)

ErrorOf = Callable[..., tuple[str, str]]
LISTENERS = {"listeners": [HTTP_LISTENER]}
SHOP = {"meshName": "shop"}


def node_provider(name: str) -> dict[str, Any]:
    return {"provider": {"virtualNode": {"virtualNodeName": name}}}


def router_provider(name: str) -> dict[str, Any]:
    return {"provider": {"virtualRouter": {"virtualRouterName": name}}}


# Name of a step, its operation, its parameters. Later steps need earlier ones.
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "mesh": ("mesh", SHOP),
    "node": ("virtual_node", SHOP | {"virtualNodeName": "node"}),
    "target": ("virtual_node", SHOP | {"virtualNodeName": "target"}),
    "router": ("virtual_router", SHOP | {"virtualRouterName": "router"}),
    "route": ("route", SHOP | {"virtualRouterName": "router", "routeName": "r"}),
    "by-node": ("virtual_service", SHOP | {"virtualServiceName": "by-node.local"}),
    "by-router": ("virtual_service", SHOP | {"virtualServiceName": "by-router.local"}),
    "gateway": ("virtual_gateway", SHOP | {"virtualGatewayName": "gateway"}),
    "gateway-route": (
        "gateway_route",
        SHOP | {"virtualGatewayName": "gateway", "gatewayRouteName": "g"},
    ),
}
SPECS: dict[str, dict[str, Any]] = {
    "mesh": {},
    "node": {},
    "target": {},
    "router": LISTENERS,
    "route": http_route("target"),
    "by-node": node_provider("node"),
    "by-router": router_provider("router"),
    "gateway": LISTENERS,
    "gateway-route": gateway_route("by-node.local"),
}


def create(appmesh: Any, step: str, **changed: Any) -> Any:
    operation, names = STEPS[step]
    return getattr(appmesh, f"create_{operation}")(**names | {"spec": SPECS[step]} | changed)


def delete(appmesh: Any, step: str) -> Any:
    operation, names = STEPS[step]
    return getattr(appmesh, f"delete_{operation}")(**names)


@pytest.fixture
def full(cloud: Cloud) -> Any:
    """The mesh `shop` with every step in it."""
    appmesh = cloud("appmesh")
    for step in STEPS:
        create(appmesh, step)
    return appmesh


@pytest.mark.parametrize(
    ("step", "user"),
    [
        ("mesh", "virtualGateway/gateway"),
        ("node", "virtualService/by-node.local"),
        ("target", "virtualRouter/router/route/r"),
        ("router", "virtualRouter/router/route/r"),
        ("router", "virtualService/by-router.local"),
        ("by-node", "virtualGateway/gateway/gatewayRoute/g"),
        ("gateway", "virtualGateway/gateway/gatewayRoute/g"),
    ],
)
def test_what_is_in_use_is_not_deleted(full: Any, error_of: ErrorOf, step: str, user: str) -> None:
    code, message = error_of(delete, appmesh=full, step=step)
    assert code == "ResourceInUseException"
    assert user in message


def test_a_mesh_empties_from_the_leaves(full: Any) -> None:
    for step in (
        "gateway-route",
        "gateway",
        "by-node",
        "by-router",
        "route",
        "router",
        "node",
        "target",
        "mesh",
    ):
        delete(full, step)
    assert full.list_meshes()["meshes"] == []


@pytest.mark.parametrize("kind", ["virtual_node", "virtual_service"])
def test_a_mesh_is_not_empty_with_one_resource(cloud: Cloud, error_of: ErrorOf, kind: str) -> None:
    appmesh = cloud("appmesh")
    create(appmesh, "mesh")
    name = {"virtual_node": "virtualNodeName", "virtual_service": "virtualServiceName"}[kind]
    getattr(appmesh, f"create_{kind}")(**SHOP, **{name: "one"}, spec={})
    assert error_of(delete, appmesh=appmesh, step="mesh")[0] == "ResourceInUseException"


def test_an_error_names_a_few_users_and_counts_the_rest(full: Any, error_of: ErrorOf) -> None:
    for number in range(4):
        full.create_virtual_service(
            **SHOP, virtualServiceName=f"s{number}", spec=node_provider("node")
        )
    _, message = error_of(delete, appmesh=full, step="node")
    assert message.endswith("virtualService/s0, virtualService/s1 and 2 more")


def test_an_update_frees_the_old_target_and_holds_the_new_one(full: Any, error_of: ErrorOf) -> None:
    full.update_route(**STEPS["route"][1], spec=http_route("node"))
    delete(full, "target")
    full.update_virtual_service(**STEPS["by-node"][1], spec={})
    assert error_of(delete, appmesh=full, step="node")[0] == "ResourceInUseException"


def test_a_failed_update_changes_nothing(full: Any, error_of: ErrorOf) -> None:
    names = STEPS["route"][1]
    code, _ = error_of(full.update_route, **names, spec=http_route("absent"))
    assert code == "NotFoundException"
    route = full.describe_route(**names)["route"]
    assert route["spec"] == http_route("target")
    assert route["metadata"]["version"] == 1
    assert error_of(delete, appmesh=full, step="target")[0] == "ResourceInUseException"


def test_what_is_in_use_in_one_mesh_is_free_in_another(full: Any) -> None:
    full.create_mesh(meshName="other")
    node = {"meshName": "other", "virtualNodeName": "node"}
    full.create_virtual_node(**node, spec={})
    full.delete_virtual_node(**node)


ABSENT = "absent"


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        ("node", {"meshName": ABSENT}),
        ("route", {"virtualRouterName": ABSENT}),
        ("gateway-route", {"virtualGatewayName": ABSENT}),
        ("route", {"routeName": "new", "spec": http_route(ABSENT)}),
        (
            "route",
            {
                "routeName": "new",
                "spec": {
                    "tcpRoute": {
                        "action": {"weightedTargets": [{"virtualNode": ABSENT, "weight": 1}]}
                    }
                },
            },
        ),
        ("by-node", {"virtualServiceName": "new", "spec": node_provider(ABSENT)}),
        ("by-router", {"virtualServiceName": "new", "spec": router_provider(ABSENT)}),
        ("gateway-route", {"gatewayRouteName": "new", "spec": gateway_route(ABSENT)}),
    ],
)
def test_create_needs_parents_and_targets(
    full: Any, error_of: ErrorOf, step: str, changed: dict[str, Any]
) -> None:
    code, message = error_of(create, appmesh=full, step=step, **changed)
    assert code == "NotFoundException"
    assert f"with name {ABSENT} is not present" in message
    assert OWNER in message


def test_the_first_missing_parent_is_named(cloud: Cloud, error_of: ErrorOf) -> None:
    names = {"meshName": "a", "virtualRouterName": "b", "routeName": "c"}
    _, message = error_of(cloud("appmesh").describe_route, **names)
    assert message == f"Mesh with name a is not present for account {OWNER}"


@pytest.mark.parametrize("verb", ["describe", "delete", "update"])
@pytest.mark.parametrize("step", list(STEPS))
def test_what_is_not_there_is_not_found(
    cloud: Cloud, error_of: ErrorOf, step: str, verb: str
) -> None:
    operation, names = STEPS[step]
    spec = {"spec": SPECS[step]} if verb == "update" else {}
    run = getattr(cloud("appmesh"), f"{verb}_{operation}")
    assert error_of(run, **names, **spec)[0] == "NotFoundException"


@pytest.mark.parametrize(
    ("step", "changed", "part"),
    [
        ("node", {"spec": {"serviceDiscovery": {"dns": {"hostname": "x"}}}}, "without a listener"),
        ("route", {"routeName": "new", "spec": {}}, "exactly one route type"),
        (
            "route",
            {
                "routeName": "new",
                "spec": {
                    **http_route("target"),
                    "tcpRoute": {
                        "action": {"weightedTargets": [{"virtualNode": "target", "weight": 1}]}
                    },
                },
            },
            "exactly one route type",
        ),
        ("gateway-route", {"gatewayRouteName": "new", "spec": {"priority": 1}}, "exactly one"),
        ("mesh", {"meshName": "a/b"}, "slash"),
        ("node", {"meshName": f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"}, "slash"),
    ],
)
def test_rules_beyond_the_shape(
    full: Any, error_of: ErrorOf, step: str, changed: dict[str, Any], part: str
) -> None:
    code, message = error_of(create, appmesh=full, step=step, **changed)
    assert code == "BadRequestException"
    assert part in message


# Kind, the step that is created again under other names, and the member that names it.
@pytest.mark.parametrize(
    ("kind", "step", "member"),
    [
        (MESH, "mesh", "meshName"),
        (VIRTUAL_NODE, "node", "virtualNodeName"),
        (VIRTUAL_SERVICE, "by-node", "virtualServiceName"),
        (VIRTUAL_ROUTER, "router", "virtualRouterName"),
        (ROUTE, "route", "routeName"),
        (VIRTUAL_GATEWAY, "gateway", "virtualGatewayName"),
        (GATEWAY_ROUTE, "gateway-route", "gatewayRouteName"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_quotas_count_under_one_parent(
    full: Any, error_of: ErrorOf, kind: Kind, step: str, member: str
) -> None:
    quotas = backend(OWNER, REGION).quotas
    present = 2 if kind in (VIRTUAL_NODE, VIRTUAL_SERVICE) else 1
    quotas[kind.quota_code] = present + 1
    create(full, step, **{member: "last"})
    code, message = error_of(create, appmesh=full, step=step, **{member: "too-many"})
    assert code == "LimitExceededException"
    assert kind.quota_code in message
    operation, names = STEPS[step]
    getattr(full, f"delete_{operation}")(**names | {member: "last"})
    create(full, step, **{member: "again"})


def test_the_default_quotas_are_those_of_aws(cloud: Cloud, error_of: ErrorOf) -> None:
    appmesh = cloud("appmesh")
    for number in range(15):
        appmesh.create_mesh(meshName=f"m{number}")
    assert error_of(appmesh.create_mesh, meshName="m15")[0] == "LimitExceededException"
    backends = [{"virtualService": {"virtualServiceName": f"s{number}"}} for number in range(51)]
    node = {"meshName": "m0", "virtualNodeName": "n"}
    code, message = error_of(appmesh.create_virtual_node, **node, spec={"backends": backends})
    assert (code, BACKENDS_PER_NODE in message) == ("LimitExceededException", True)
    appmesh.create_virtual_node(**node, spec={"backends": backends[:50]})
    code, _ = error_of(appmesh.update_virtual_node, **node, spec={"backends": backends})
    assert code == "LimitExceededException"


def test_parallel_creates_keep_everything_and_exactly_one_of_a_name(cloud: Cloud) -> None:
    appmesh = cloud("appmesh")
    appmesh.create_mesh(meshName="shop")

    def node(number: int) -> str:
        appmesh.create_virtual_node(meshName="shop", virtualNodeName=f"n{number}", spec={})
        try:
            appmesh.create_virtual_service(
                meshName="shop", virtualServiceName="one", spec=node_provider(f"n{number}")
            )
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "created"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(node, range(150)))
    assert outcomes.count("created") == 1
    assert outcomes.count("ConflictException") == 149
    pages = appmesh.get_paginator("list_virtual_nodes").paginate(meshName="shop")
    assert sum(len(page["virtualNodes"]) for page in pages) == 150


def test_the_quota_holds_under_parallel_creates(cloud: Cloud) -> None:
    appmesh = cloud("appmesh")

    def mesh(number: int) -> bool:
        try:
            appmesh.create_mesh(meshName=f"m{number}")
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(mesh, range(40)))
    assert made.count(True) == 15
    assert len(appmesh.list_meshes()["meshes"]) == 15
