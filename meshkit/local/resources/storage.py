"""Parameters, secrets and log groups: what workloads read and write beside the mesh."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Changed, Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token

PARAMETER = Call(
    "ssm",
    "PutParameter",
    id="{name}",
    renames={"insecureValue": "Value"},
    outputs={"version": "Version"},
)
LOG_GROUP = Call(
    "logs",
    "CreateLogGroup",
    id="{name}",
    renames={"name": "logGroupName"},
    ignored=frozenset({"retentionInDays", "skipDestroy"}),
)
SECRET = Call(
    "secretsmanager",
    "CreateSecret",
    ignored=frozenset({"policy", "recoveryWindowInDays"}),
    renames={"replicas": "AddReplicaRegions"},
    outputs={"arn": "ARN"},
)


def _parameter(aws: Aws, inputs: Inputs) -> Created:
    created = PARAMETER(aws, inputs)
    arn = aws.arn("ssm", "parameter/" + created.id.removeprefix("/"))
    value = {"value": inputs["insecureValue"]} if "insecureValue" in inputs else {}
    return Created(created.id, {**created.outputs, **value, "arn": arn})


def _log_group(aws: Aws, inputs: Inputs) -> Created:
    created = LOG_GROUP(aws, inputs)
    if inputs.get("retentionInDays"):
        retention = {"logGroupName": created.id, "retentionInDays": inputs["retentionInDays"]}
        aws.send("logs", "PutRetentionPolicy", retention)
    return Created(created.id, {"arn": aws.arn("logs", f"log-group:{created.id}")})


def _secret(aws: Aws, inputs: Inputs) -> Created:
    created = SECRET(aws, inputs)
    if inputs.get("policy"):
        policy = {"secretId": created.id, "resourcePolicy": inputs["policy"]}
        aws.send("secretsmanager", "PutResourcePolicy", policy)
    return created


def _put_parameter(aws: Aws, _old: Inputs, new: Inputs) -> None:
    value = {"insecureValue": "value"}
    names = ("name", "value", "insecureValue", "description", "allowedPattern", "tier", "type")
    request = {value.get(key, key): new[key] for key in names if new.get(key) is not None}
    aws.send("ssm", "PutParameter", {**request, "overwrite": True})


def _find_log_group(aws: Aws, properties: Inputs) -> dict[str, Any]:
    request = {"logGroupNamePrefix": properties["id"]}
    groups = aws.call("logs", "DescribeLogGroups", request)["logGroups"]
    named = [group for group in groups if group["logGroupName"] == properties["id"]]
    arn = aws.arn("logs", f"log-group:{properties['id']}")
    return {**named[0], "arn": arn} if named else {}


def _delete_secret(aws: Aws, properties: Inputs) -> None:
    days = properties.get("recoveryWindowInDays")
    how = {"ForceDeleteWithoutRecovery": True} if days == 0 else {}
    aws.call("secretsmanager", "DeleteSecret", {"SecretId": properties["id"], **how})


SECRET_ID = {"SecretId": "id"}
VERSION = {"SecretId": "secretId", "VersionId": "versionId"}
LOG_GROUP_NAME = {"logGroupName": "id"}

TYPES = by_token(
    ResourceType(
        "aws:ssm/parameter:Parameter",
        _parameter,
        Life(
            read=Reading(
                Request("ssm", "GetParameter", {"Name": "id", "WithDecryption": True}),
                result="Parameter",
                properties={"name": "Name", "type": "Type", "value": "Value", "version": "Version"},
            ),
            updates=(
                Changed(
                    ("value", "insecureValue", "description", "allowedPattern", "tier"),
                    _put_parameter,
                ),
            ),
            delete=(Request("ssm", "DeleteParameter", {"Name": "id"}),),
            tagging=Tagging(
                "ssm",
                {"ResourceType": "=Parameter", "ResourceId": "id"},
                "AddTagsToResource",
                "RemoveTagsFromResource",
                path="TagList",
            ),
            steering=frozenset({"overwrite"}),
        ),
    ),
    ResourceType(
        "aws:cloudwatch/logGroup:LogGroup",
        _log_group,
        Life(
            read=Reading(_find_log_group, properties={"arn": "arn", "name": "logGroupName"}),
            updates=(
                Update(
                    Request("logs", "PutRetentionPolicy", LOG_GROUP_NAME),
                    ("retentionInDays",),
                    cleared=Request("logs", "DeleteRetentionPolicy", LOG_GROUP_NAME),
                ),
            ),
            delete=(Request("logs", "DeleteLogGroup", LOG_GROUP_NAME),),
            tagging=Tagging("logs", {"resourceArn": "arn"}),
            steering=frozenset({"skipDestroy"}),
        ),
    ),
    ResourceType(
        "aws:secretsmanager/secret:Secret",
        _secret,
        Life(
            read=Reading(
                Request("secretsmanager", "DescribeSecret", SECRET_ID),
                properties={"arn": "ARN", "description": "Description", "name": "Name"},
            ),
            updates=(
                Update(
                    Request("secretsmanager", "UpdateSecret", SECRET_ID),
                    ("description", "kmsKeyId"),
                    empty={"description": ""},
                ),
                Update(
                    Request("secretsmanager", "PutResourcePolicy", SECRET_ID),
                    ("policy",),
                    renames={"policy": "ResourcePolicy"},
                    cleared=Request("secretsmanager", "DeleteResourcePolicy", SECRET_ID),
                ),
            ),
            delete=(_delete_secret,),
            tagging=Tagging("secretsmanager", SECRET_ID, listed="DescribeSecret", path="Tags"),
            steering=frozenset({"forceOverwriteReplicaSecret", "recoveryWindowInDays"}),
        ),
    ),
    ResourceType(
        "aws:secretsmanager/secretVersion:SecretVersion",
        Call(
            "secretsmanager",
            "PutSecretValue",
            id="{secretId}|{versionId}",
            outputs={"arn": "ARN", "secretArn": "ARN", "versionId": "VersionId"},
        ),
        Life(
            read=Reading(
                Request("secretsmanager", "GetSecretValue", VERSION),
                properties={
                    "arn": "ARN",
                    "secretString": "SecretString",
                    "versionId": "VersionId",
                },
            ),
            delete=(),  # a version goes with its secret
            imported="{secretId}|{versionId}",
        ),
        autoname=None,
        tagged=False,
    ),
)
