"""The life of each of the seven kinds, for the mesh owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from moto.core.utils import get_service_model

from tests.local.services.conftest import OWNER, REGION, Cloud

HTTP_LISTENER = {"portMapping": {"port": 8080, "protocol": "http"}}
NODE_SPEC = {
    "listeners": [
        {
            **HTTP_LISTENER,
            "healthCheck": {
                "healthyThreshold": 2,
                "unhealthyThreshold": 3,
                "intervalMillis": 5000,
                "timeoutMillis": 2000,
                "protocol": "http",
                "path": "/healthz",
            },
            "timeout": {"http": {"perRequest": {"unit": "ms", "value": 1500}}},
        }
    ],
    "serviceDiscovery": {"dns": {"hostname": "web.local", "responseType": "ENDPOINTS"}},
    "backends": [{"virtualService": {"virtualServiceName": "no-such.local"}}],
    "logging": {"accessLog": {"file": {"path": "/dev/stdout"}}},
}


def http_route(node: str, weight: int = 1) -> dict[str, Any]:
    action = {"weightedTargets": [{"virtualNode": node, "weight": weight}]}
    return {"httpRoute": {"match": {"prefix": "/"}, "action": action}}


def gateway_route(service: str, prefix: str = "/") -> dict[str, Any]:
    action = {"target": {"virtualService": {"virtualServiceName": service}}}
    return {"httpRoute": {"match": {"prefix": prefix}, "action": action}}


@dataclass(frozen=True)
class Case:
    """One kind: where it lives, a spec and a changed spec, its plural and its ARN."""

    kind: str
    plural: str
    names: dict[str, str]
    spec: dict[str, Any]
    changed: dict[str, Any]
    arn_tail: str

    @property
    def snake(self) -> str:
        return "".join(f"_{each.lower()}" if each.isupper() else each for each in self.kind)


IN_MESH = {"meshName": "shop"}
CASES = [
    Case(
        "mesh",
        "meshes",
        {"meshName": "other"},
        {"egressFilter": {"type": "ALLOW_ALL"}},
        {"serviceDiscovery": {"ipPreference": "IPv4_ONLY"}},
        "mesh/other",
    ),
    Case(
        "virtualNode",
        "virtualNodes",
        IN_MESH | {"virtualNodeName": "new"},
        NODE_SPEC,
        {"backends": []},
        "mesh/shop/virtualNode/new",
    ),
    Case(
        "virtualService",
        "virtualServices",
        IN_MESH | {"virtualServiceName": "new.local"},
        {"provider": {"virtualNode": {"virtualNodeName": "node"}}},
        {"provider": {"virtualRouter": {"virtualRouterName": "router"}}},
        "mesh/shop/virtualService/new.local",
    ),
    Case(
        "virtualRouter",
        "virtualRouters",
        IN_MESH | {"virtualRouterName": "new"},
        {"listeners": [HTTP_LISTENER]},
        {"listeners": [HTTP_LISTENER, {"portMapping": {"port": 9090, "protocol": "grpc"}}]},
        "mesh/shop/virtualRouter/new",
    ),
    Case(
        "route",
        "routes",
        IN_MESH | {"virtualRouterName": "router", "routeName": "new"},
        http_route("node") | {"priority": 0},
        http_route("node", 100),
        "mesh/shop/virtualRouter/router/route/new",
    ),
    Case(
        "virtualGateway",
        "virtualGateways",
        IN_MESH | {"virtualGatewayName": "new"},
        {"listeners": [HTTP_LISTENER]},
        {"listeners": [HTTP_LISTENER], "logging": {}},
        "mesh/shop/virtualGateway/new",
    ),
    Case(
        "gatewayRoute",
        "gatewayRoutes",
        IN_MESH | {"virtualGatewayName": "gateway", "gatewayRouteName": "new"},
        gateway_route("web.local"),
        gateway_route("web.local", "/api/"),
        "mesh/shop/virtualGateway/gateway/gatewayRoute/new",
    ),
]


@pytest.fixture
def shop(cloud: Cloud) -> Any:
    """A mesh `shop` with one of each kind in it."""
    appmesh = cloud("appmesh")
    listeners = {"listeners": [HTTP_LISTENER]}
    mesh = {"meshName": "shop"}
    appmesh.create_mesh(**mesh)
    appmesh.create_virtual_node(**mesh, virtualNodeName="node", spec=NODE_SPEC)
    appmesh.create_virtual_router(**mesh, virtualRouterName="router", spec=listeners)
    appmesh.create_route(
        **mesh, virtualRouterName="router", routeName="all", spec=http_route("node")
    )
    appmesh.create_virtual_service(
        **mesh,
        virtualServiceName="web.local",
        spec={"provider": {"virtualRouter": {"virtualRouterName": "router"}}},
    )
    appmesh.create_virtual_gateway(**mesh, virtualGatewayName="gateway", spec=listeners)
    appmesh.create_gateway_route(
        **mesh,
        virtualGatewayName="gateway",
        gatewayRouteName="all",
        spec=gateway_route("web.local"),
    )
    return appmesh


def live(client: Any, case: Case, error_of: Callable[..., tuple[str, str]]) -> None:
    """Create, read, list, change, tag and delete one resource."""

    def call(verb: str, **params: Any) -> dict[str, Any]:
        answer = getattr(client, f"{verb}_{case.snake}")(**case.names, **params)
        return dict(answer[case.kind])

    created = call("create", spec=case.spec, tags=[{"key": "team", "value": "shop"}])
    arn = f"arn:aws:appmesh:{REGION}:{OWNER}:{case.arn_tail}"
    metadata = created["metadata"]
    assert metadata["arn"] == arn
    assert (metadata["meshOwner"], metadata["resourceOwner"]) == (OWNER, OWNER)
    assert metadata["version"] == 1
    assert metadata["uid"]
    assert created["status"] == {"status": "ACTIVE"}
    assert created["spec"] == case.spec
    assert case.names.items() <= created.items()
    assert call("describe") == created

    parents = dict(list(case.names.items())[:-1])
    list_name = "list_meshes" if case.kind == "mesh" else f"list_{case.snake}s"
    listed = {entry["arn"]: entry for entry in getattr(client, list_name)(**parents)[case.plural]}
    uid = metadata.pop("uid")
    assert listed[arn] == {**case.names, **metadata}

    updated = call("update", spec=case.changed)
    assert updated["spec"] == case.changed
    assert updated["metadata"]["version"] == 2
    assert updated["metadata"]["uid"] == uid
    assert updated["metadata"]["createdAt"] == metadata["createdAt"]
    assert updated["metadata"]["lastUpdatedAt"] >= metadata["lastUpdatedAt"]
    assert call("describe") == updated

    client.tag_resource(resourceArn=arn, tags=[{"key": "tier", "value": ""}])
    client.untag_resource(resourceArn=arn, tagKeys=["team", "absent"])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "tier", "value": ""}]

    assert call("delete")["status"] == {"status": "DELETED"}
    code, message = error_of(getattr(client, f"describe_{case.snake}"), **case.names)
    assert code == "NotFoundException"
    assert list(case.names.values())[-1] in message


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_a_resource_lives_from_create_to_delete(
    shop: Any, case: Case, error_of: Callable[..., tuple[str, str]]
) -> None:
    live(shop, case, error_of)


def test_every_operation_of_the_model_answers_in_the_shape_of_the_model(
    cloud: Cloud, shop: Any, error_of: Callable[..., tuple[str, str]]
) -> None:
    for case in CASES:
        live(shop, case, error_of)
    assert cloud.answered == set(get_service_model("appmesh").operation_names)


def test_a_mesh_without_a_spec_shows_an_empty_one(cloud: Cloud) -> None:
    assert cloud("appmesh").create_mesh(meshName="bare")["mesh"]["spec"] == {}


def test_a_deleted_name_can_be_used_again_and_starts_anew(shop: Any) -> None:
    spec = {"listeners": [HTTP_LISTENER]}
    node = {"meshName": "shop", "virtualNodeName": "again"}
    first = shop.create_virtual_node(**node, spec=spec)["virtualNode"]["metadata"]
    shop.update_virtual_node(**node, spec={})
    shop.delete_virtual_node(**node)
    second = shop.create_virtual_node(**node, spec=spec)["virtualNode"]["metadata"]
    assert second["version"] == 1
    assert second["uid"] != first["uid"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_a_name_that_is_taken_is_a_conflict(
    shop: Any, case: Case, error_of: Callable[..., tuple[str, str]]
) -> None:
    create = getattr(shop, f"create_{case.snake}")
    create(**case.names, spec=case.spec)
    assert error_of(create, **case.names, spec=case.changed)[0] == "ConflictException"
    described = getattr(shop, f"describe_{case.snake}")(**case.names)
    assert described[case.kind]["spec"] == case.spec


@pytest.mark.parametrize(("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn")])
def test_arns_name_region_and_partition(cloud: Cloud, region: str, partition: str) -> None:
    made = cloud("appmesh", region=region).create_mesh(meshName="m")["mesh"]
    assert made["metadata"]["arn"] == f"arn:{partition}:appmesh:{region}:{OWNER}:mesh/m"


def test_meshes_of_other_regions_are_not_there(
    cloud: Cloud, error_of: Callable[..., tuple[str, str]]
) -> None:
    cloud("appmesh").create_mesh(meshName="m")
    elsewhere = cloud("appmesh", region="us-east-1")
    assert elsewhere.list_meshes()["meshes"] == []
    assert error_of(elsewhere.describe_mesh, meshName="m")[0] == "NotFoundException"


def test_lists_come_in_pages(cloud: Cloud, error_of: Callable[..., tuple[str, str]]) -> None:
    appmesh = cloud("appmesh")
    appmesh.create_mesh(meshName="shop")
    names = [f"n{number:03}" for number in range(105)]
    for name in reversed(names):
        appmesh.create_virtual_node(meshName="shop", virtualNodeName=name, spec={})
    first = appmesh.list_virtual_nodes(meshName="shop")
    assert len(first["virtualNodes"]) == 100
    pages = appmesh.get_paginator("list_virtual_nodes").paginate(
        meshName="shop", PaginationConfig={"PageSize": 40}
    )
    sizes, found = [], []
    for page in pages:
        sizes.append(len(page["virtualNodes"]))
        found += [node["virtualNodeName"] for node in page["virtualNodes"]]
    assert sizes == [40, 40, 25]
    assert found == names
    code, _ = error_of(appmesh.list_virtual_nodes, meshName="shop", nextToken="%%%")
    assert code == "BadRequestException"


def test_tags_come_in_pages_and_have_a_limit(
    cloud: Cloud, error_of: Callable[..., tuple[str, str]]
) -> None:
    appmesh = cloud("appmesh")
    tags = [{"key": f"k{number:02}", "value": "v"} for number in range(50)]
    arn = appmesh.create_mesh(meshName="m", tags=tags)["mesh"]["metadata"]["arn"]
    first = appmesh.list_tags_for_resource(resourceArn=arn, limit=30)
    rest = appmesh.list_tags_for_resource(resourceArn=arn, nextToken=first["nextToken"])
    assert first["tags"] + rest["tags"] == tags
    assert "nextToken" not in rest
    more = [{"key": "k50", "value": "v"}]
    assert error_of(appmesh.tag_resource, resourceArn=arn, tags=more)[0] == "TooManyTagsException"
    changed = [{"key": "k00", "value": "w"}]
    appmesh.tag_resource(resourceArn=arn, tags=changed)
    assert appmesh.list_tags_for_resource(resourceArn=arn, limit=1)["tags"] == changed


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        ("nonsense", "BadRequestException"),
        (f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop/route/r", "BadRequestException"),
        (f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/none", "NotFoundException"),
        (f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop/virtualNode/none", "NotFoundException"),
        (f"arn:aws:appmesh:us-east-1:{OWNER}:mesh/shop", "NotFoundException"),
    ],
)
def test_tags_of_what_does_not_exist(
    shop: Any, error_of: Callable[..., tuple[str, str]], arn: str, code: str
) -> None:
    assert error_of(shop.list_tags_for_resource, resourceArn=arn)[0] == code


def test_reserved_tag_keys_are_refused(
    cloud: Cloud, error_of: Callable[..., tuple[str, str]]
) -> None:
    tags = [{"key": "aws:owner", "value": "me"}]
    code, _ = error_of(cloud("appmesh").create_mesh, meshName="m", tags=tags)
    assert code == "BadRequestException"
    assert cloud("appmesh").list_meshes()["meshes"] == []
