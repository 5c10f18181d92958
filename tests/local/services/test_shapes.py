"""Requests are checked against botocore's model, and refused in AWS's words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.model import ServiceModel

from meshkit.local.services import shapes
from tests.local.services.conftest import REGION, Cloud

ErrorOf = Callable[..., tuple[str, str]]
LISTENER = {"portMapping": {"port": 8080, "protocol": "http"}}
TARGETS = {"weightedTargets": [{"virtualNode": "n", "weight": 1}]}


def listener(**changed: Any) -> dict[str, Any]:
    return {"listeners": [{"portMapping": LISTENER["portMapping"] | changed}]}


def route(**match: Any) -> dict[str, Any]:
    return {"httpRoute": {"match": {"prefix": "/"} | match, "action": TARGETS}}


NODE, ROUTE = "create_virtual_node", "create_route"
NAMES: dict[str, dict[str, Any]] = {
    NODE: {"meshName": "m", "virtualNodeName": "n"},
    ROUTE: {"meshName": "m", "virtualRouterName": "r", "routeName": "x"},
    "create_virtual_service": {"meshName": "m", "virtualServiceName": "s"},
}

PORT = "spec.listeners.1.member.portMapping.port"
PROTOCOL = "spec.listeners.1.member.portMapping.protocol"
HEADER = "spec.httpRoute.match.headers.1.member.name"
WEIGHTED = "spec.httpRoute.action.weightedTargets"
CLOUD_MAP_KEY = "spec.serviceDiscovery.awsCloudMap.attributes.1.member.key"
NOT_NULL = "Member must not be null"


def cloud_map(**attribute: str) -> dict[str, Any]:
    return {"namespaceName": "n", "serviceName": "s", "attributes": [attribute]}


def two_providers() -> dict[str, Any]:
    node, router = {"virtualNodeName": "n"}, {"virtualRouterName": "r"}
    return {"provider": {"virtualNode": node, "virtualRouter": router}}


def weighted(count: int) -> dict[str, Any]:
    action = {"weightedTargets": TARGETS["weightedTargets"] * count}
    return {"httpRoute": {"match": {"prefix": "/"}, "action": action}}


# Operation, spec, how the fault begins, the constraint.
FAULTS: list[tuple[str, Any, str, str]] = [
    (NODE, listener(port=0), f"Value '0' at '{PORT}'", "value greater than or equal to 1"),
    (NODE, listener(port=65536), f"Value '65536' at '{PORT}'", "value less than or equal to 65535"),
    (
        NODE,
        listener(protocol="https"),
        f"Value 'https' at '{PROTOCOL}'",
        "Member must satisfy enum value set: [http, tcp, http2, grpc]",
    ),
    (
        NODE,
        {"listeners": [LISTENER, {}]},
        "Value null at 'spec.listeners.2.member.portMapping'",
        NOT_NULL,
    ),
    (NODE, None, "Value null at 'spec'", NOT_NULL),
    (
        NODE,
        {"backends": [{"virtualService": {}}]},
        "Value null at 'spec.backends.1.member.virtualService.virtualServiceName'",
        NOT_NULL,
    ),
    (
        NODE,
        {"serviceDiscovery": {"dns": {"hostname": "h"}, "awsCloudMap": cloud_map(key="k")}},
        "Value null at 'spec.serviceDiscovery.awsCloudMap.attributes.1.member.value'",
        NOT_NULL,
    ),
    (
        NODE,
        {
            "serviceDiscovery": {
                "dns": {"hostname": "h"},
                "awsCloudMap": cloud_map(key="k", value="v"),
            }
        },
        "Value at 'spec.serviceDiscovery'",
        "Member must have at most one of: [awsCloudMap, dns]",
    ),
    (
        "create_virtual_service",
        two_providers(),
        "Value at 'spec.provider'",
        "Member must have at most one of: [virtualNode, virtualRouter]",
    ),
    (
        NODE,
        {"serviceDiscovery": {"awsCloudMap": cloud_map(key="a b", value="v")}},
        f"Value 'a b' at '{CLOUD_MAP_KEY}'",
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9!-~]+$",
    ),
    (
        NODE,
        {"serviceDiscovery": {"awsCloudMap": cloud_map(key="a\n", value="v")}},
        f"Value 'a\n' at '{CLOUD_MAP_KEY}'",
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9!-~]+$",
    ),
    (ROUTE, weighted(0), f"Value at '{WEIGHTED}'", "length greater than or equal to 1"),
    (ROUTE, weighted(11), f"Value at '{WEIGHTED}'", "length less than or equal to 10"),
    (
        ROUTE,
        route(headers=[{"name": "h" * 51}]),
        f"Value '{'h' * 51}' at '{HEADER}'",
        "length less than or equal to 50",
    ),
    (
        ROUTE,
        route(headers=[{"name": ""}]),
        f"Value '' at '{HEADER}'",
        "length greater than or equal to 1",
    ),
    (
        ROUTE,
        {**route(), "priority": 1001},
        "Value '1001' at 'spec.priority'",
        "value less than or equal to 1000",
    ),
]


@pytest.mark.parametrize(("operation", "spec", "start", "constraint"), FAULTS)
def test_app_mesh_refuses_what_breaks_the_model(
    cloud: Cloud, error_of: ErrorOf, operation: str, spec: Any, start: str, constraint: str
) -> None:
    run = getattr(cloud("appmesh", validate=False), operation)
    code, message = error_of(run, **NAMES[operation], spec=spec)
    assert code == "BadRequestException"
    assert f"{start} failed to satisfy constraint: " in message
    assert constraint in message


def test_all_faults_come_in_one_answer(cloud: Cloud, error_of: ErrorOf) -> None:
    appmesh = cloud("appmesh", validate=False)
    spec = listener(port=0, protocol="udp")
    code, message = error_of(appmesh.create_virtual_node, **NAMES[NODE] | {"spec": spec})
    assert code == "BadRequestException"
    assert message.startswith("2 validation errors detected: ")


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (listener(port="8080"), "spec.listeners.1.member.portMapping.port"),
        (listener(port=True), "spec.listeners.1.member.portMapping.port"),
        (listener(port=80.5), "spec.listeners.1.member.portMapping.port"),
        ({"listeners": {}}, "spec.listeners"),
        ("text", "spec"),
        ({"backends": [[]]}, "spec.backends.1.member"),
        ({"backendDefaults": {"clientPolicy": {"tls": {"enforce": "yes"}}}}, "tls.enforce"),
        (listener(protocol=1), "spec.listeners.1.member.portMapping.protocol"),
    ],
)
def test_a_value_of_the_wrong_type_can_not_be_read(
    cloud: Cloud, error_of: ErrorOf, spec: Any, path: str
) -> None:
    code, message = error_of(send_node, cloud=cloud, spec=spec)
    assert code == "SerializationException"
    assert path in message


def test_an_entry_of_a_list_can_not_be_null(cloud: Cloud, error_of: ErrorOf) -> None:
    code, message = error_of(send_node, cloud=cloud, spec={"listeners": [None]})
    assert code == "BadRequestException"
    assert "Value null at 'spec.listeners.1.member' failed" in message


def test_a_null_member_is_an_absent_one(cloud: Cloud) -> None:
    cloud("appmesh").create_mesh(meshName="m")
    spec = {"serviceDiscovery": {"dns": {"hostname": "h"}, "awsCloudMap": None}}
    made = send_node(cloud, spec | {"listeners": [LISTENER], "backends": None})
    assert made["virtualNode"]["spec"] == {
        "listeners": [LISTENER],
        "serviceDiscovery": {"dns": {"hostname": "h"}},
    }


def send_node(cloud: Cloud, spec: Any) -> Any:
    """Create a node, with a body that boto3 would not write."""
    body = json.dumps({"virtualNodeName": "n", "spec": spec}).encode()
    return send_body(cloud, body).create_virtual_node(meshName="m", virtualNodeName="n", spec={})


def send_body(cloud: Cloud, body: bytes) -> Any:
    """Return a client whose next requests all have this body."""
    client = cloud("appmesh", validate=False)

    def replace(params: dict[str, Any], **_: Any) -> None:
        params["body"] = body

    client.meta.events.register("before-call", replace)
    return client


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_can_not_be_read(
    cloud: Cloud, error_of: ErrorOf, body: bytes
) -> None:
    code, _ = error_of(send_body(cloud, body).create_mesh, meshName="m")
    assert code == "SerializationException"


@pytest.mark.parametrize(
    ("service", "operation", "params", "code"),
    [
        ("appmesh", "list_meshes", {"limit": 101}, "BadRequestException"),
        ("appmesh", "describe_mesh", {"meshName": "m", "meshOwner": "1"}, "BadRequestException"),
        ("ram", "get_resource_shares", {"resourceOwner": "ME"}, "InvalidParameterException"),
        ("ram", "create_resource_share", {}, "InvalidParameterException"),
        (
            "ram",
            "get_resource_shares",
            {"resourceOwner": "SELF", "maxResults": 501},
            "InvalidParameterException",
        ),
        (
            "eks",
            "list_pod_identity_associations",
            {"clusterName": "c", "maxResults": 0},
            "InvalidParameterException",
        ),
    ],
)
def test_each_service_answers_with_its_own_code(
    cloud: Cloud, error_of: ErrorOf, service: str, operation: str, params: Any, code: str
) -> None:
    run = getattr(cloud(service, validate=False), operation)
    answered, message = error_of(run, **params)
    assert answered == code
    assert "validation error detected" in message


def test_long_text_is_not_repeated(cloud: Cloud, error_of: ErrorOf) -> None:
    tags = [{"key": "token", "value": "s3cret" * 50}]
    run = cloud("appmesh", validate=False).create_mesh
    _, message = error_of(run, meshName="m", tags=tags)
    assert "s3cret" not in message
    assert "'tags.1.member.value'" in message


def test_unknown_members_are_ignored_as_aws_does(cloud: Cloud) -> None:
    appmesh = cloud("appmesh", validate=False)
    spec = {"egressFilter": {"type": "DROP_ALL"}}

    def add_unknown(params: dict[str, Any], **_: Any) -> None:
        params["body"] = params["body"].replace(b'"spec": {', b'"spec": {"later": 1, ')

    appmesh.meta.events.register("before-call", add_unknown)
    assert appmesh.create_mesh(meshName="m", spec=spec)["mesh"]["spec"] == spec


def test_an_operation_that_is_not_there_says_so(cloud: Cloud, error_of: ErrorOf) -> None:
    run = cloud("ram").list_source_associations
    code, message = error_of(run)
    assert code == "NotImplemented"
    assert "ram:ListSourceAssociations" in message


def test_a_number_of_the_query_can_be_read_or_not(cloud: Cloud, error_of: ErrorOf) -> None:
    run = cloud("appmesh", validate=False).list_meshes
    code, message = error_of(run, limit="ten")
    assert (code, message) == ("SerializationException", "'limit' must be of type integer")


def test_a_region_without_the_service_says_so(cloud: Cloud, error_of: ErrorOf) -> None:
    code, message = error_of(cloud("appmesh", region="us-gov-west-1").list_meshes)
    assert code == "UnknownEndpoint"
    assert "us-gov-west-1" in message


def test_a_map_is_checked_by_key_value_and_length() -> None:
    model = ServiceModel(
        {
            "metadata": {},
            "operations": {},
            "shapes": {
                "Key": {"type": "string", "max": 3},
                "Value": {"type": "string", "enum": ["a"]},
                "Map": {
                    "type": "map",
                    "key": {"shape": "Key"},
                    "value": {"shape": "Value"},
                    "max": 1,
                },
            },
        },
        REGION,
    )
    check = shapes.compile_check(model.shape_for("Map"))
    faults: list[str] = []
    check({"long-key": "a", "k": "b"}, "tags", faults)
    assert [fault.split(" failed")[0] for fault in faults] == [
        "Value at 'tags'",
        "Value 'long-key' at 'tags.key'",
        "Value 'b' at 'tags.k.member'",
    ]
    with pytest.raises(shapes.WrongTypeError):
        check([], "tags", [])
