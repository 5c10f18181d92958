"""AWS Config: its recorder, its delivery channel, and its rules."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Changed, Life, Properties, Reading, Request, Tagging
from meshkit.local.resources.model import Aws, Created, Inputs, ResourceType, at, by_token

RULE = {"ConfigRuleNames": ["id"]}
RULE_NAMES = {
    "description": "Description",
    "inputParameters": "InputParameters",
    "maximumExecutionFrequency": "MaximumExecutionFrequency",
    "name": "ConfigRuleName",
    "scope": "Scope",
    "source": "Source",
}
CHANNEL_NAMES = ("name", "s3BucketName", "s3KeyPrefix", "s3KmsKeyArn", "snsTopicArn")
GROUP = ("allSupported", "includeGlobalResourceTypes", "resourceTypes")


def _recorder(aws: Aws, inputs: Inputs) -> Created:
    aws.send("config", "PutConfigurationRecorder", {"configurationRecorder": dict(inputs)})
    return Created(inputs["name"], {})


def _change_recorder(aws: Aws, _old: Properties, new: Properties) -> None:
    names = ("name", "recordingGroup", "roleArn")
    _recorder(aws, {key: new[key] for key in names if new.get(key) is not None})


def _find_recorder(aws: Aws, properties: Properties) -> dict[str, Any]:
    asked = {"ConfigurationRecorderNames": [properties["id"]]}
    found = aws.call("config", "DescribeConfigurationRecorders", asked)["ConfigurationRecorders"][0]
    group = found.get("recordingGroup", {})
    said = {"allSupported", *(properties.get("recordingGroup") or {})}
    return {
        "name": found["name"],
        "roleArn": found["roleARN"],
        # AWS tells its strategies besides, which follow from these.
        "recordingGroup": {key: group[key] for key in GROUP if group.get(key) or key in said},
    }


def _channel(aws: Aws, inputs: Inputs) -> Created:
    aws.send("config", "PutDeliveryChannel", {"deliveryChannel": dict(inputs)})
    return Created(inputs["name"], {})


def _change_channel(aws: Aws, _old: Properties, new: Properties) -> None:
    _channel(aws, {key: new[key] for key in CHANNEL_NAMES if new.get(key) is not None})


def _status(aws: Aws, inputs: Inputs) -> Created:
    _switch(aws, {}, inputs)
    return Created(inputs["name"], {})


def _switch(aws: Aws, _old: Properties, new: Properties) -> None:
    how = "Start" if new["isEnabled"] else "Stop"
    asked = {"ConfigurationRecorderName": new["name"]}
    aws.call("config", f"{how}ConfigurationRecorder", asked)


def _rule(aws: Aws, inputs: Inputs) -> Created:
    tags = {"tags": inputs["tags"]} if inputs.get("tags") else {}
    rule = {RULE_NAMES[key]: value for key, value in inputs.items() if key in RULE_NAMES}
    aws.send("config", "PutConfigRule", {"configRule": rule, **tags})
    asked = {"ConfigRuleNames": [inputs["name"]]}
    found = at(aws.call("config", "DescribeConfigRules", asked), "ConfigRules.0")
    return Created(inputs["name"], {"arn": found["ConfigRuleArn"], "ruleId": found["ConfigRuleId"]})


def _change_rule(aws: Aws, _old: Properties, new: Properties) -> None:
    _rule(aws, {key: new[key] for key in RULE_NAMES if new.get(key) is not None})


TYPES = by_token(
    ResourceType(
        "aws:cfg/recorder:Recorder",
        _recorder,
        Life(
            read=Reading(
                _find_recorder,
                properties={name: name for name in ("name", "recordingGroup", "roleArn")},
            ),
            updates=(Changed(("recordingGroup", "roleArn"), _change_recorder),),
            delete=(
                Request(
                    "config", "DeleteConfigurationRecorder", {"ConfigurationRecorderName": "id"}
                ),
            ),
            identifiers=frozenset({"roleArn"}),
        ),
        tagged=False,
    ),
    ResourceType(
        "aws:cfg/deliveryChannel:DeliveryChannel",
        _channel,
        Life(
            read=Reading(
                Request("config", "DescribeDeliveryChannels", {"DeliveryChannelNames": ["id"]}),
                result="DeliveryChannels.0",
                properties={
                    name: name.replace("snsTopicArn", "snsTopicARN") for name in CHANNEL_NAMES
                },
            ),
            updates=(Changed(CHANNEL_NAMES[1:], _change_channel),),
            delete=(Request("config", "DeleteDeliveryChannel", {"DeliveryChannelName": "id"}),),
        ),
        tagged=False,
    ),
    ResourceType(
        "aws:cfg/recorderStatus:RecorderStatus",
        _status,
        Life(
            read=Reading(
                Request(
                    "config",
                    "DescribeConfigurationRecorderStatus",
                    {"ConfigurationRecorderNames": ["id"]},
                ),
                result="ConfigurationRecordersStatus.0",
                properties={"isEnabled": "recording", "name": "name"},
            ),
            updates=(Changed(("isEnabled",), _switch),),
            delete=(
                Request("config", "StopConfigurationRecorder", {"ConfigurationRecorderName": "id"}),
            ),
        ),
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:cfg/rule:Rule",
        _rule,
        Life(
            read=Reading(
                Request("config", "DescribeConfigRules", RULE),
                result="ConfigRules.0",
                properties={"arn": "ConfigRuleArn", "ruleId": "ConfigRuleId", **RULE_NAMES},
            ),
            updates=(Changed(tuple(name for name in RULE_NAMES if name != "name"), _change_rule),),
            delete=(Request("config", "DeleteConfigRule", {"ConfigRuleName": "id"}),),
            tagging=Tagging("config", {"ResourceArn": "arn"}, path="Tags"),
        ),
    ),
)
