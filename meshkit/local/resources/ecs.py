"""Amazon ECS."""

from __future__ import annotations

import json
from typing import Any

from meshkit.local.resources.life import Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token

TASK_DEFINITION = Call(
    "ecs",
    "RegisterTaskDefinition",
    result="taskDefinition",
    id="family",
    ignored=frozenset({"skipDestroy", "trackLatest"}),
    outputs={"arn": "taskDefinitionArn", "revision": "revision"},
)
SERVICE = Call(
    "ecs",
    "CreateService",
    result="service",
    renames={
        "capacityProviderStrategies": "capacityProviderStrategy",
        "iamRole": "role",
        "name": "serviceName",
        "orderedPlacementStrategies": "placementStrategy",
    },
    ignored=frozenset(
        {"forceDelete", "forceNewDeployment", "sigintRollback", "triggers", "waitForSteadyState"}
    ),
    outputs={"arn": "serviceArn"},
)
TAGGING = Tagging("ecs", {"resourceArn": "arn"})
DEPLOYMENT = {
    "alarms": "alarms",
    "deploymentCircuitBreaker": "deploymentCircuitBreaker",
    "deploymentMaximumPercent": "maximumPercent",
    "deploymentMinimumHealthyPercent": "minimumHealthyPercent",
}


def _task_definition(aws: Aws, inputs: Inputs) -> Created:
    request = dict(inputs)
    request["containerDefinitions"] = _containers(inputs["containerDefinitions"])
    if inputs.get("volumes"):
        request["volumes"] = [_volume(volume) for volume in inputs["volumes"]]
    created = TASK_DEFINITION(aws, request)
    arn = created.outputs["arn"].rpartition(":")[0]
    return Created(created.id, {**created.outputs, "arnWithoutRevision": arn})


def _containers(definitions: Any) -> Any:
    return json.loads(definitions) if isinstance(definitions, str) else definitions


def _volume(volume: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in volume.items() if key != "hostPath"}
    host = {"host": {"sourcePath": volume["hostPath"]}} if volume.get("hostPath") else {}
    return {**rest, **host}


def _service(aws: Aws, inputs: Inputs) -> Created:
    request = {key: value for key, value in inputs.items() if key not in DEPLOYMENT}
    deployment = {DEPLOYMENT[key]: inputs[key] for key in DEPLOYMENT if key in inputs}
    if deployment:
        request["deploymentConfiguration"] = {
            **inputs.get("deploymentConfiguration", {}),
            **deployment,
        }
    network = inputs.get("networkConfiguration")
    if network:
        public = "ENABLED" if network.get("assignPublicIp") else "DISABLED"
        request["networkConfiguration"] = {
            # moto needs the key that AWS lets out.
            "awsvpcConfiguration": {"securityGroups": [], **network, "assignPublicIp": public}
        }
    return SERVICE(aws, request)


def _delete_service(aws: Aws, properties: Inputs) -> None:
    service = {"service": properties["id"]}
    if properties.get("cluster"):
        service["cluster"] = properties["cluster"]
    aws.call("ecs", "UpdateService", {**service, "desiredCount": 0})
    aws.call("ecs", "DeleteService", service)


TYPES = by_token(
    ResourceType(
        "aws:ecs/cluster:Cluster",
        Call(
            "ecs",
            "CreateCluster",
            result="cluster",
            renames={"name": "clusterName"},
            outputs={"arn": "clusterArn"},
        ),
        Life(
            read=Reading(
                Request("ecs", "DescribeClusters", {"clusters": ["id"]}),
                result="clusters.0",
                properties={"arn": "clusterArn", "name": "clusterName"},
                id="clusterArn",
                gone=("INACTIVE",),
            ),
            updates=(
                Update(
                    Request("ecs", "UpdateCluster", {"cluster": "id"}),
                    ("configuration", "serviceConnectDefaults", "settings"),
                ),
            ),
            delete=(Request("ecs", "DeleteCluster", {"cluster": "id"}),),
            tagging=TAGGING,
        ),
    ),
    ResourceType(
        "aws:ecs/taskDefinition:TaskDefinition",
        _task_definition,
        Life(
            read=Reading(
                Request("ecs", "DescribeTaskDefinition", {"taskDefinition": "arn"}),
                result="taskDefinition",
                properties={
                    "arn": "taskDefinitionArn",
                    "executionRoleArn": "executionRoleArn",
                    "family": "family",
                    "networkMode": "networkMode",
                    "revision": "revision",
                    "taskRoleArn": "taskRoleArn",
                },
                id="family",
                gone=("INACTIVE",),
            ),
            delete=(Request("ecs", "DeregisterTaskDefinition", {"taskDefinition": "arn"}),),
            tagging=TAGGING,
            imported="{arn}",
            steering=frozenset({"skipDestroy", "trackLatest"}),
        ),
        autoname=None,
    ),
    ResourceType(
        "aws:ecs/service:Service",
        _service,
        Life(
            read=Reading(
                Request("ecs", "DescribeServices", {"cluster": "cluster", "services": ["name"]}),
                result="services.0",
                properties={
                    "arn": "serviceArn",
                    "desiredCount": "desiredCount",
                    "name": "serviceName",
                    "taskDefinition": "taskDefinition",
                },
                id="serviceArn",
                gone=("INACTIVE",),
            ),
            updates=(
                Update(
                    Request("ecs", "UpdateService", {"cluster": "cluster", "service": "id"}),
                    ("desiredCount", "taskDefinition", "healthCheckGracePeriodSeconds"),
                ),
            ),
            delete=(_delete_service,),
            tagging=TAGGING,
            imported="{cluster}/{name}",
            steering=SERVICE.ignored,
        ),
    ),
)
