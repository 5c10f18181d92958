"""One resource of each type that an audit trail is made of, with a change in place."""

from __future__ import annotations

import json
from typing import Any

from tests.local.plugin.ref import Ref

TAGS = {"tags": {"a": "1"}}
NEW_TAGS = {"tags": {"a": "2", "b": "3"}}
BUCKET, KEY = Ref("aws:s3/bucket:Bucket"), Ref("aws:kms/key:Key")
GROUP = Ref("aws:cloudwatch/logGroup:LogGroup")
ROLE_ARN = Ref("aws:iam/role:Role", "arn")
RECORDER = Ref("aws:cfg/recorder:Recorder")


def _policy(action: str) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _encryption(algorithm: str) -> dict[str, Any]:
    by_default = {"sseAlgorithm": algorithm, "kmsMasterKeyId": Ref("aws:kms/key:Key", "arn")}
    return {"applyServerSideEncryptionByDefault": by_default, "bucketKeyEnabled": True}


def _rule(identifier: str) -> dict[str, Any]:
    return {"owner": "AWS", "sourceIdentifier": identifier}


AUDIT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "aws:s3/bucket:Bucket": ({"bucket": "audit-log", **TAGS}, NEW_TAGS),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        {"bucket": BUCKET, "rules": [_encryption("aws:kms")]},
        {"rules": [_encryption("aws:kms:dsse")]},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (
        {"bucket": BUCKET, "blockPublicAcls": True, "blockPublicPolicy": True},
        {"blockPublicPolicy": False},
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": (
        {"bucket": BUCKET, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"rule": {"objectOwnership": "ObjectWriter"}},
    ),
    "aws:s3/bucketPolicy:BucketPolicy": (
        {"bucket": BUCKET, "policy": _policy("s3:GetBucketAcl")},
        {"policy": _policy("s3:PutObject")},
    ),
    "aws:kms/key:Key": (
        {
            "description": "log",
            "enableKeyRotation": True,
            "policy": _policy("kms:*"),
            "deletionWindowInDays": 7,
            **TAGS,
        },
        {"description": "logs", "enableKeyRotation": False, **NEW_TAGS},
    ),
    "aws:kms/alias:Alias": ({"name": "alias/log", "targetKeyId": KEY}, {}),
    "aws:cloudtrail/trail:Trail": (
        {
            "name": "audit",
            "s3BucketName": BUCKET,
            "s3KeyPrefix": "mesh",
            "isMultiRegionTrail": True,
            "enableLogFileValidation": True,
            "kmsKeyId": Ref("aws:kms/key:Key", "arn"),
            "cloudWatchLogsRoleArn": ROLE_ARN,
            **TAGS,
        },
        {"enableLogging": False, "isMultiRegionTrail": False, **NEW_TAGS},
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": (
        {
            "name": "denied",
            "logGroupName": GROUP,
            "pattern": "{ $.errorCode = AccessDenied }",
            "metricTransformation": {"name": "Denied", "namespace": "Mesh", "value": "1"},
        },
        {"pattern": "{ $.errorCode = * }"},
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (
        {
            "name": "denied",
            "comparisonOperator": "GreaterThanOrEqualToThreshold",
            "evaluationPeriods": 1,
            "metricName": "Denied",
            "namespace": "Mesh",
            "period": 300,
            "statistic": "Sum",
            "threshold": 1,
            **TAGS,
        },
        {"threshold": 2, "alarmDescription": "more", **NEW_TAGS},
    ),
    "aws:cfg/recorder:Recorder": (
        {
            "name": "default",
            "roleArn": ROLE_ARN,
            "recordingGroup": {"allSupported": False, "resourceTypes": ["AWS::IAM::Role"]},
        },
        {
            "recordingGroup": {
                "allSupported": False,
                "resourceTypes": ["AWS::IAM::Policy", "AWS::IAM::Role"],
            }
        },
    ),
    "aws:cfg/deliveryChannel:DeliveryChannel": (
        {"name": RECORDER, "s3BucketName": BUCKET},
        {"s3KeyPrefix": "config"},
    ),
    "aws:cfg/rule:Rule": (
        {
            "name": "no-admin",
            "source": _rule("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"),
            **TAGS,
        },
        {"description": "nobody is", **NEW_TAGS},
    ),
}
