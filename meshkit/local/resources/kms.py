"""Keys of KMS and their aliases."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import (
    Changed,
    Life,
    Properties,
    Reading,
    Request,
    Tagging,
    Update,
)
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token

KEY_ID = {"KeyId": "id"}
NEW_KEY = Call(
    "kms",
    "CreateKey",
    result="KeyMetadata",
    id="KeyId",
    ignored=frozenset({"deletionWindowInDays", "enableKeyRotation"}),
    outputs={"arn": "Arn", "keyId": "KeyId"},
)
LONGEST_WINDOW = 30
"""Days until a key is deleted where the program says nothing. Source: KMS API."""


def _key(aws: Aws, inputs: Inputs) -> Created:
    created = NEW_KEY(aws, inputs)
    _rotate(aws, {}, {**inputs, "id": created.id})
    return created


def _rotate(aws: Aws, _old: Properties, new: Properties) -> None:
    operation = "EnableKeyRotation" if new.get("enableKeyRotation") else "DisableKeyRotation"
    aws.call("kms", operation, {"KeyId": new["id"]})


def _find_key(aws: Aws, properties: Properties) -> dict[str, Any]:
    asked = {"KeyId": properties["id"]}
    found: dict[str, Any] = aws.call("kms", "DescribeKey", asked)["KeyMetadata"]
    policy = aws.call("kms", "GetKeyPolicy", {**asked, "PolicyName": "default"})["Policy"]
    rotated = aws.call("kms", "GetKeyRotationStatus", asked)["KeyRotationEnabled"]
    return {**found, "Policy": policy, "Rotated": rotated}


def _delete_key(aws: Aws, properties: Properties) -> None:
    days = int(properties.get("deletionWindowInDays") or LONGEST_WINDOW)
    asked = {"KeyId": properties["id"], "PendingWindowInDays": days}
    aws.call("kms", "ScheduleKeyDeletion", asked)


def _alias(aws: Aws, inputs: Inputs) -> Created:
    name = inputs["name"]
    aws.call("kms", "CreateAlias", {"AliasName": name, "TargetKeyId": inputs["targetKeyId"]})
    target = aws.call("kms", "DescribeKey", {"KeyId": name})["KeyMetadata"]["Arn"]
    return Created(name, {"arn": aws.arn("kms", name), "targetKeyArn": target})


def _find_alias(aws: Aws, properties: Properties) -> dict[str, Any]:
    for page in aws.client("kms").get_paginator("list_aliases").paginate():
        for each in page["Aliases"]:
            if each["AliasName"] == properties["id"]:
                return dict(each)
    return {}


TYPES = by_token(
    ResourceType(
        "aws:kms/key:Key",
        _key,
        Life(
            read=Reading(
                _find_key,
                properties={
                    "arn": "Arn",
                    "description": "Description",
                    "enableKeyRotation": "Rotated",
                    "keyId": "KeyId",
                    "policy": "Policy",
                },
                status="KeyState",
                gone=("PendingDeletion",),
            ),
            updates=(
                Update(
                    Request("kms", "PutKeyPolicy", {**KEY_ID, "PolicyName": "=default"}),
                    ("policy",),
                ),
                Update(
                    Request("kms", "UpdateKeyDescription", KEY_ID),
                    ("description",),
                    empty={"description": ""},
                ),
                Changed(("enableKeyRotation",), _rotate),
            ),
            delete=(_delete_key,),
            tagging=Tagging("kms", KEY_ID, listed="ListResourceTags", path="Tags"),
            steering=frozenset({"bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"}),
            computed=frozenset({"policy"}),
        ),
        autoname=None,
        defaults={"enableKeyRotation": False},
    ),
    ResourceType(
        "aws:kms/alias:Alias",
        _alias,
        Life(
            read=Reading(
                _find_alias,
                properties={"arn": "AliasArn", "name": "AliasName", "targetKeyId": "TargetKeyId"},
            ),
            updates=(Update(Request("kms", "UpdateAlias", {"AliasName": "id"}), ("targetKeyId",)),),
            delete=(Request("kms", "DeleteAlias", {"AliasName": "id"}),),
            identifiers=frozenset({"targetKeyId"}),
        ),
        autoname=None,
        tagged=False,
    ),
)
