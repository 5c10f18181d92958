"""AWS CloudFormation: StackSets, and the units or accounts that have their stacks."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Changed, Life, Properties, Reading, Request, Tagging
from meshkit.local.resources.model import (
    Aws,
    Created,
    Inputs,
    ResourceType,
    by_token,
)

SERVICE = "cloudformation"
NAMES = {
    "name": "StackSetName",
    "administrationRoleArn": "AdministrationRoleARN",
    "templateUrl": "TemplateURL",
}
UPDATED = (
    "administrationRoleArn", "autoDeployment", "capabilities", "description",
    "executionRoleName", "parameters", "templateBody", "templateUrl",
)  # fmt: skip
SET = {"StackSetName": "id"}
TARGETS = "deploymentTargets"


def _stack_set(aws: Aws, inputs: Inputs) -> Created:
    keys = ("name", "permissionModel", "tags", *UPDATED)
    made = aws.send(SERVICE, "CreateStackSet", _sent(inputs, keys), NAMES)
    found = _described(aws, {"id": inputs["name"]})
    return Created(inputs["name"], {"stackSetId": made["StackSetId"], "arn": found["StackSetARN"]})


def _update(aws: Aws, _old: Inputs, new: Inputs) -> None:
    aws.send(SERVICE, "UpdateStackSet", _sent(new, ("name", "tags", *UPDATED)), NAMES)


def _sent(inputs: Inputs, keys: tuple[str, ...]) -> dict[str, Any]:
    sent = {key: inputs[key] for key in keys if inputs.get(key)}
    if "parameters" in sent:
        sent["parameters"] = [
            {"parameterKey": key, "parameterValue": value}
            for key, value in sent["parameters"].items()
        ]
    return sent


def _described(aws: Aws, properties: Properties) -> dict[str, Any]:
    request = {"StackSetName": properties["id"]}
    found: dict[str, Any] = aws.call(SERVICE, "DescribeStackSet", request)["StackSet"]
    return found


class _SetTagging(Tagging):
    """The tags of a StackSet change with the whole of it."""

    def change(self, aws: Aws, properties: Properties, old: Properties, new: Properties) -> None:
        if old != new:
            _update(aws, {}, {**properties, "tags": new})


def _instance(aws: Aws, inputs: Inputs) -> Created:
    region = inputs.get("stackSetInstanceRegion") or aws.region
    aws.call(SERVICE, "CreateStackInstances", _place(aws, {**inputs, "region": region}))
    units = _units(inputs)
    account = inputs.get("accountId") or aws.account
    where = "/".join(units) if units else account
    added = {} if units else {"accountId": account}
    return Created(
        f"{inputs['stackSetName']},{where},{region}", {**added, "stackSetInstanceRegion": region}
    )


def _place(aws: Aws, properties: Properties) -> dict[str, Any]:
    units = _units(properties)
    region = properties.get("stackSetInstanceRegion") or properties.get("region") or aws.region
    where: dict[str, Any] = (
        {"DeploymentTargets": {"OrganizationalUnitIds": units}}
        if units
        else {"Accounts": [properties.get("accountId") or aws.account]}
    )
    return {"StackSetName": properties["stackSetName"], "Regions": [region], **where}


def _units(properties: Properties) -> list[str]:
    targets = properties.get(TARGETS) or {}
    targets = targets[0] if isinstance(targets, list) else targets
    return list(targets.get("organizationalUnitIds") or ())


def _parts(properties: Properties) -> dict[str, Any]:
    """What the id of an instance says, for an import, which knows no more."""
    name, where, region = properties["id"].split(",")
    if where[:1] in "or":  # of a unit, or the root
        units = {"organizationalUnitIds": where.split("/")}
        return {"stackSetName": name, "stackSetInstanceRegion": region, TARGETS: units}
    return {"stackSetName": name, "stackSetInstanceRegion": region, "accountId": where}


def _read_instance(aws: Aws, properties: Properties) -> dict[str, Any]:
    """What an instance is, nothing where it is gone."""
    found = _parts(properties)
    name, account = found["stackSetName"], found.get("accountId")
    if account is None:
        units = _described(aws, {"id": name}).get("OrganizationalUnitIds", [])
        return found if set(_units(found)) <= set(units) else {}
    request = {"StackSetName": name, "StackInstanceAccount": account}
    here = aws.call(SERVICE, "ListStackInstances", request)["Summaries"]
    region = found["stackSetInstanceRegion"]
    return found if any((e["Account"], e["Region"]) == (account, region) for e in here) else {}


def _delete_instance(aws: Aws, properties: Properties) -> None:
    retain = {"RetainStacks": properties.get("retainStack") in (True, "true")}
    aws.call(SERVICE, "DeleteStackInstances", {**_place(aws, properties), **retain})


TYPES = by_token(
    ResourceType(
        "aws:cloudformation/stackSet:StackSet",
        _stack_set,
        Life(
            read=Reading(
                _described,
                properties={
                    "arn": "StackSetARN",
                    "name": "StackSetName",
                    "permissionModel": "PermissionModel",
                    "stackSetId": "StackSetId",
                    "templateBody": "TemplateBody",
                },
            ),
            updates=(Changed(UPDATED, _update),),
            delete=(Request(SERVICE, "DeleteStackSet", SET),),
            tagging=_SetTagging(SERVICE, {}, listed="", path="Tags"),
            steering=frozenset({"callAs", "managedExecution", "operationPreferences"}),
        ),
        defaults={"permissionModel": "SELF_MANAGED"},
    ),
    ResourceType(
        "aws:cloudformation/stackSetInstance:StackSetInstance",
        _instance,
        Life(
            read=Reading(
                _read_instance,
                properties={
                    "stackSetName": "stackSetName",
                    "stackSetInstanceRegion": "stackSetInstanceRegion",
                    "accountId": "accountId",
                    TARGETS: TARGETS,
                },
            ),
            delete=(_delete_instance,),
            steering=frozenset({"callAs", "operationPreferences", "retainStack"}),
        ),
        autoname=None,
        tagged=False,
    ),
)
