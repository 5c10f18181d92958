"""Trails of CloudTrail, and metric filters and alarms of CloudWatch."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Changed, Life, Properties, Reading, Request, Tagging
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token

TRAIL_NAMES = {
    "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "enableLogFileValidation": "EnableLogFileValidation",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "isOrganizationTrail": "IsOrganizationTrail",
    "kmsKeyId": "KmsKeyId",
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
    "snsTopicName": "SnsTopicName",
}
"""Inputs of a trail that can change."""
ALARM_NAMES = (
    "actionsEnabled", "alarmActions", "alarmDescription", "comparisonOperator",
    "datapointsToAlarm", "dimensions", "evaluationPeriods", "insufficientDataActions", "metricName",
    "namespace", "okActions", "period", "statistic", "threshold", "treatMissingData", "unit",
)  # fmt: skip
ALARM = Call("cloudwatch", "PutMetricAlarm", id="{name}", renames={"name": "AlarmName"})
DELETE_FILTER = Request(
    "logs", "DeleteMetricFilter", {"logGroupName": "logGroupName", "filterName": "name"}
)
METRIC = {"name": "metricName", "namespace": "metricNamespace", "value": "metricValue"}
SAME = ("defaultValue", "dimensions", "unit")


def _trail(aws: Aws, inputs: Inputs) -> Created:
    sent = {key: value for key, value in inputs.items() if key != "enableLogging"}
    renames = {**TRAIL_NAMES, "tags": "TagsList"}
    arn = aws.send("cloudtrail", "CreateTrail", sent, renames)["TrailARN"]
    _log(aws, arn, inputs)
    return Created(arn, {"arn": arn, "homeRegion": aws.region})


def _log(aws: Aws, arn: str, inputs: Inputs) -> None:
    operation = "StartLogging" if inputs.get("enableLogging", True) else "StopLogging"
    aws.call("cloudtrail", operation, {"Name": arn})


def _change_trail(aws: Aws, _old: Properties, new: Properties) -> None:
    changed = {key: new[key] for key in TRAIL_NAMES if new.get(key) is not None}
    renames = {**TRAIL_NAMES, "id": "Name"}
    aws.send("cloudtrail", "UpdateTrail", {**changed, "id": new["id"]}, renames)
    _log(aws, new["id"], new)


def _find_trail(aws: Aws, properties: Properties) -> dict[str, Any]:
    asked = {"Name": properties["id"]}
    trail = aws.call("cloudtrail", "GetTrail", asked)["Trail"]
    tags = aws.call("cloudtrail", "ListTags", {"ResourceIdList": [properties["id"]]})
    told = {**TRAIL_NAMES, "enableLogFileValidation": "LogFileValidationEnabled", "name": "Name"}
    return {
        **{key: trail[name] for key, name in told.items() if name in trail},
        "arn": trail["TrailARN"],
        "enableLogging": aws.call("cloudtrail", "GetTrailStatus", asked)["IsLogging"],
        "homeRegion": aws.region,
        "tags": tags["ResourceTagList"][0]["TagsList"],
    }


def _delete_trail(aws: Aws, properties: Properties) -> None:
    # moto takes no ARN here.
    aws.call("cloudtrail", "DeleteTrail", {"Name": properties["id"].rpartition("/")[2]})


def _filter(aws: Aws, inputs: Inputs) -> Created:
    given = inputs["metricTransformation"]
    metric = {name: given[key] for key, name in METRIC.items()}
    metric |= {name: given[name] for name in SAME if name in given}
    asked = {
        "logGroupName": inputs["logGroupName"],
        "filterName": inputs["name"],
        "filterPattern": inputs["pattern"],
        "metricTransformations": [metric],
    }
    aws.send("logs", "PutMetricFilter", asked)
    return Created(inputs["name"], {})


def _change_filter(aws: Aws, _old: Properties, new: Properties) -> None:
    DELETE_FILTER(aws, new)  # moto would keep the old one beside the new
    _filter(aws, new)


def _find_filter(aws: Aws, properties: Properties) -> dict[str, Any]:
    asked = {"logGroupName": properties["logGroupName"], "filterNamePrefix": properties["name"]}
    for each in aws.call("logs", "DescribeMetricFilters", asked)["metricFilters"]:
        if each["filterName"] == properties["name"]:
            (metric,) = each["metricTransformations"]
            told = {key: metric[name] for key, name in METRIC.items()}
            told |= {name: metric[name] for name in SAME if name in metric}
            found = {"metricTransformation": told, "pattern": each["filterPattern"]}
            return {**found, "name": properties["name"]}
    return {}


def _alarm(aws: Aws, inputs: Inputs) -> Created:
    created = ALARM(aws, inputs)
    return Created(created.id, {"arn": aws.arn("cloudwatch", f"alarm:{created.id}")})


def _change_alarm(aws: Aws, _old: Properties, new: Properties) -> None:
    ALARM(aws, {key: new[key] for key in (*ALARM_NAMES, "name") if new.get(key) is not None})


TYPES = by_token(
    ResourceType(
        "aws:cloudtrail/trail:Trail",
        _trail,
        Life(
            read=Reading(
                _find_trail,
                properties={
                    name: name
                    for name in ("arn", "enableLogging", "homeRegion", "name", *TRAIL_NAMES)
                },
            ),
            updates=(Changed((*TRAIL_NAMES, "enableLogging"), _change_trail),),
            delete=(_delete_trail,),
            tagging=Tagging(
                "cloudtrail",
                {"ResourceId": "id"},
                "AddTags",
                "RemoveTags",
                listed="",
                member="TagsList",
            ),
            imported="{arn}",
        ),
        defaults={
            "enableLogFileValidation": False,
            "enableLogging": True,
            "includeGlobalServiceEvents": True,
            "isMultiRegionTrail": False,
            "isOrganizationTrail": False,
        },
    ),
    ResourceType(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        _filter,
        Life(
            read=Reading(
                _find_filter,
                properties={"metricTransformation": "metricTransformation", "pattern": "pattern"},
                id="name",
            ),
            updates=(Changed(("metricTransformation", "pattern"), _change_filter),),
            delete=(DELETE_FILTER,),
            imported="{logGroupName}:{name}",
        ),
        tagged=False,
    ),
    ResourceType(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        _alarm,
        Life(
            read=Reading(
                Request("cloudwatch", "DescribeAlarms", {"AlarmNames": ["id"]}),
                result="MetricAlarms.0",
                properties={
                    "arn": "AlarmArn",
                    "name": "AlarmName",
                    **{name: name[0].upper() + name[1:] for name in ALARM_NAMES},
                    "okActions": "OKActions",
                },
            ),
            updates=(Changed(ALARM_NAMES, _change_alarm),),
            delete=(Request("cloudwatch", "DeleteAlarms", {"AlarmNames": ["id"]}),),
            tagging=Tagging("cloudwatch", {"ResourceARN": "arn"}, path="Tags"),
        ),
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
    ),
)
