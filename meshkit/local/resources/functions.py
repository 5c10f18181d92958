"""AWS Lambda. The local cloud runs no function, so that it takes one code for another."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from meshkit.local.resources.life import Changed, Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token

CONFIGURED = (
    "description", "environment", "handler", "memorySize", "role", "runtime", "timeout",
    "vpcConfig",
)  # fmt: skip
CODE = frozenset({"s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash"})
STEERING = CODE | {"publish", "replaceSecurityGroupsOnDestroy", "skipDestroy"}
FUNCTION = Call(
    "lambda",
    "CreateFunction",
    id="FunctionName",
    renames={"name": "FunctionName"},
    ignored=STEERING,
    outputs={
        "arn": "FunctionArn",
        "memorySize": "MemorySize",
        "timeout": "Timeout",
        "version": "Version",
    },
)
PERMISSION = Call(
    "lambda",
    "AddPermission",
    id="{statementId}",
    renames={"function": "FunctionName"},
    ignored=frozenset({"statementIdPrefix"}),
)
TAGGING = Tagging("lambda", {"Resource": "arn"}, listed="ListTags", path="Tags")
NAMED = {"FunctionName": "id"}
ALIAS = {"FunctionName": "functionName", "Name": "name"}


def _function(aws: Aws, inputs: Inputs) -> Created:
    image = inputs.get("imageUri")
    code = {"imageUri": image} if image else {"zipFile": _any_code()}
    sent = {key: value for key, value in inputs.items() if key != "imageUri"}
    made = FUNCTION(aws, {**sent, "code": code})
    arn = made.outputs["arn"]
    return Created(
        made.id, {**made.outputs, "invokeArn": _invoke(aws, arn), "qualifiedArn": f"{arn}:$LATEST"}
    )


def _any_code() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("index.py", "")
    return made.getvalue()


def _invoke(aws: Aws, arn: str) -> str:
    """How API Gateway names a function."""
    head = f"arn:{aws.partition}:apigateway:{aws.region}:lambda:path/2015-03-31/functions"
    return f"{head}/{arn}/invocations"


def _change_code(aws: Aws, _old: Inputs, new: Inputs) -> None:
    if new.get("imageUri"):
        request = {"FunctionName": new["id"], "ImageUri": new["imageUri"]}
        aws.call("lambda", "UpdateFunctionCode", request)


def _alias(aws: Aws, inputs: Inputs) -> Created:
    made = aws.send("lambda", "CreateAlias", inputs)
    arn = made["AliasArn"]
    return Created(arn, {"arn": arn, "invokeArn": _invoke(aws, arn)})


def _read_permission(aws: Aws, properties: Inputs) -> dict[str, Any] | None:
    answer = aws.call("lambda", "GetPolicy", {"FunctionName": properties["function"]})
    for each in json.loads(answer["Policy"])["Statement"]:
        if each["Sid"] == properties["statementId"]:
            asked = each.get("Condition", {}).get("ArnLike", {})
            principal = each["Principal"]
            return {
                "Sid": each["Sid"],
                "action": each["Action"],
                "principal": principal.get("Service") or principal.get("AWS"),
                "sourceArn": asked.get("AWS:SourceArn"),
            }
    return None


TYPES = by_token(
    ResourceType(
        "aws:lambda/function:Function",
        _function,
        Life(
            read=Reading(
                Request("lambda", "GetFunctionConfiguration", NAMED),
                properties={
                    "arn": "FunctionArn",
                    "description": "Description",
                    "handler": "Handler",
                    "memorySize": "MemorySize",
                    "name": "FunctionName",
                    "packageType": "PackageType",
                    "role": "Role",
                    "runtime": "Runtime",
                    "timeout": "Timeout",
                    "version": "Version",
                },
                status="State",
            ),
            updates=(
                Update(Request("lambda", "UpdateFunctionConfiguration", NAMED), CONFIGURED),
                Changed(("code", "imageUri"), _change_code),
            ),
            delete=(Request("lambda", "DeleteFunction", NAMED),),
            tagging=TAGGING,
            steering=STEERING,
            computed=frozenset({"description", "memorySize", "packageType", "timeout"}),
        ),
    ),
    ResourceType(
        "aws:lambda/permission:Permission",
        PERMISSION,
        Life(
            read=Reading(
                _read_permission,
                properties={name: name for name in ("action", "principal", "sourceArn")},
                id="Sid",
            ),
            delete=(
                Request(
                    "lambda",
                    "RemovePermission",
                    {
                        "FunctionName": "function",
                        "StatementId": "statementId",
                        "Qualifier": "qualifier",
                    },
                ),
            ),
            imported="{function}/{statementId}",
        ),
        autoname="statementId",
        tagged=False,
    ),
    ResourceType(
        "aws:lambda/alias:Alias",
        _alias,
        Life(
            read=Reading(
                Request("lambda", "GetAlias", ALIAS),
                properties={
                    "arn": "AliasArn",
                    "description": "Description",
                    "functionVersion": "FunctionVersion",
                    "name": "Name",
                },
                id="AliasArn",
            ),
            updates=(
                Update(
                    Request("lambda", "UpdateAlias", ALIAS),
                    ("description", "functionVersion", "routingConfig"),
                ),
            ),
            delete=(Request("lambda", "DeleteAlias", ALIAS),),
            imported="{functionName}/{name}",
            computed=frozenset({"description"}),
        ),
        tagged=False,
    ),
)
