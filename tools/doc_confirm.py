"""A deployed mesh for the page about confirmation: one service is right, one has another role."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import meshkit
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.topology.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT, REGION = "111111111111", "eu-west-1"


@contextlib.contextmanager
def shop() -> Iterator[None]:
    """Deploy `mesh.yaml` of this folder on a local cloud, with ECS services `web` and `api`."""
    with Cloud(account=ACCOUNT, region=REGION) as cloud:
        run(lambda: meshkit.SharedMesh("shop", "mesh.yaml"), cloud=cloud)
        mesh = check("mesh.yaml").resolve()
        ecs = cloud.client("ecs")
        ecs.create_cluster(clusterName="shop")
        for service, owner in {"web": "web", "api": "web"}.items():
            ecs.register_task_definition(
                family=service,
                taskRoleArn=mesh.roles[mesh.nodes[owner].role].arn,
                containerDefinitions=[{"name": "envoy", "image": "envoy", "memory": 64}],
            )
            ecs.create_service(
                cluster="shop", serviceName=service, taskDefinition=service, desiredCount=1
            )
        yield
