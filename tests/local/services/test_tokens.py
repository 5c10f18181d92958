"""Client tokens: what is sent twice is done once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from meshkit.local.services.clock import CLOCK, now
from tests.local.services.conftest import CONSUMER, Cloud

ErrorOf = Callable[..., tuple[str, str]]
CONFLICTS: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
    (
        "appmesh",
        "create_mesh",
        {"meshName": "m", "clientToken": "t"},
        {"meshName": "other"},
        "ConflictException",
    ),
    (
        "ram",
        "create_resource_share",
        {"name": "s", "clientToken": "t"},
        {"name": "other"},
        "IdempotentParameterMismatchException",
    ),
]


@pytest.mark.parametrize(("service", "operation", "asked", "changed", "code"), CONFLICTS)
def test_the_same_request_again_is_answered_the_same(
    *,
    cloud: Cloud,
    error_of: ErrorOf,
    service: str,
    operation: str,
    asked: dict[str, Any],
    changed: dict[str, Any],
    code: str,
) -> None:
    run = getattr(cloud(service), operation)
    first, again = run(**asked), run(**asked)
    del first["ResponseMetadata"], again["ResponseMetadata"]
    assert first == again
    assert error_of(run, **asked | changed)[0] == code
    getattr(cloud(service, CONSUMER), operation)(**asked | changed)


def test_an_update_sent_twice_raises_the_version_once(cloud: Cloud, error_of: ErrorOf) -> None:
    meshes = cloud("appmesh")
    meshes.create_mesh(meshName="m")
    asked = {"meshName": "m", "clientToken": "t", "spec": {"egressFilter": {"type": "ALLOW_ALL"}}}
    for _ in range(2):
        assert meshes.update_mesh(**asked)["mesh"]["metadata"]["version"] == 2
    code, _ = error_of(meshes.update_mesh, **asked | {"spec": {}})
    assert code == "ConflictException"
    assert meshes.describe_mesh(meshName="m")["mesh"]["metadata"]["version"] == 2


def test_a_token_belongs_to_one_operation(cloud: Cloud) -> None:
    meshes = cloud("appmesh")
    meshes.create_mesh(meshName="m", clientToken="t")
    meshes.create_virtual_node(meshName="m", virtualNodeName="n", spec={}, clientToken="t")


def test_a_request_that_failed_can_be_sent_again(cloud: Cloud, error_of: ErrorOf) -> None:
    meshes = cloud("appmesh")
    node = {"meshName": "m", "virtualNodeName": "n", "spec": {}, "clientToken": "t"}
    assert error_of(meshes.create_virtual_node, **node)[0] == "NotFoundException"
    meshes.create_mesh(meshName="m")
    meshes.create_virtual_node(**node)


def test_an_old_token_is_forgotten(cloud: Cloud, error_of: ErrorOf) -> None:
    meshes = cloud("appmesh")
    asked = {"meshName": "m", "clientToken": "t"}
    meshes.create_mesh(**asked)
    with CLOCK.stopped(now() + timedelta(hours=25)):
        code, message = error_of(meshes.create_mesh, **asked)
    assert (code, "already exists" in message) == ("ConflictException", True)


def test_a_pod_identity_association_is_made_once(cloud: Cloud, error_of: ErrorOf) -> None:
    eks = cloud("eks")
    role = "arn:aws:iam::111111111111:role/r"
    eks.create_cluster(name="c", roleArn=role, resourcesVpcConfig={})
    asked = {"clusterName": "c", "namespace": "n", "serviceAccount": "s", "roleArn": role}
    run = eks.create_pod_identity_association
    first = run(**asked, clientRequestToken="t")["association"]["associationId"]
    assert run(**asked, clientRequestToken="t")["association"]["associationId"] == first
    code, _ = error_of(run, **asked | {"namespace": "other"}, clientRequestToken="t")
    assert code == "InvalidRequestException"
