"""Parameters, secrets and log groups: what workloads read and write beside the mesh."""

from __future__ import annotations

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


TYPES = by_token(
    ResourceType("aws:ssm/parameter:Parameter", _parameter),
    ResourceType("aws:cloudwatch/logGroup:LogGroup", _log_group),
    ResourceType("aws:secretsmanager/secret:Secret", _secret),
    ResourceType(
        "aws:secretsmanager/secretVersion:SecretVersion",
        Call(
            "secretsmanager",
            "PutSecretValue",
            id="{secretId}|{versionId}",
            outputs={"arn": "ARN", "secretArn": "ARN", "versionId": "VersionId"},
        ),
        autoname=None,
        tagged=False,
    ),
)
