"""AWS Organizations, which has no regions."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Changed, Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import (
    Aws,
    Call,
    Created,
    Inputs,
    RefusedError,
    ResourceType,
    by_token,
    plain,
)

UNIT = {"OrganizationalUnitId": "id"}
POLICY = {"PolicyId": "id"}
ATTACHED = {"PolicyId": "policyId", "TargetId": "targetId"}
REMOVE_ACCOUNT = "RemoveAccountFromOrganization"
TAGGING = Tagging("organizations", {"ResourceId": "id"}, path="Tags")
ACCOUNT = Call(
    "organizations",
    "CreateAccount",
    result="CreateAccountStatus",
    id="AccountId",
    renames={"name": "AccountName"},
    ignored=frozenset({"closeOnDeletion", "createGovcloud", "parentId"}),
    outputs={"status": "State"},
)

NEW_POLICY = Call(
    "organizations",
    "CreatePolicy",
    result="Policy",
    id="PolicySummary.Id",
    ignored=frozenset({"skipDestroy"}),
    outputs={"arn": "PolicySummary.Arn"},
)


def _organization(aws: Aws, inputs: Inputs) -> Created:
    request = {"FeatureSet": inputs["featureSet"]}
    made = aws.call("organizations", "CreateOrganization", request)["Organization"]
    for principal in inputs.get("awsServiceAccessPrincipals", ()):
        aws.call("organizations", "EnableAWSServiceAccess", {"ServicePrincipal": principal})
    root = aws.call("organizations", "ListRoots", {})["Roots"][0]
    for policy_type in inputs.get("enabledPolicyTypes", ()):
        enable = {"RootId": root["Id"], "PolicyType": policy_type}
        aws.call("organizations", "EnablePolicyType", enable)
    outputs = {
        "accounts": [],
        "arn": made["Arn"],
        "masterAccountArn": made["MasterAccountArn"],
        "masterAccountEmail": made["MasterAccountEmail"],
        "masterAccountId": made["MasterAccountId"],
        "nonMasterAccounts": [],
        "roots": [{"arn": root["Arn"], "id": root["Id"], "name": root["Name"], "policyTypes": []}],
    }
    return Created(made["Id"], outputs)


def _account(aws: Aws, inputs: Inputs) -> Created:
    made = ACCOUNT(aws, inputs)
    if made.outputs["status"] == "FAILED":  # for nothing else, here
        told = f"the address {inputs['email']} is that of another account"
        raise RefusedError("EMAIL_ALREADY_EXISTS", told)
    id_ = made.id
    if inputs.get("parentId"):
        root = aws.call("organizations", "ListParents", {"ChildId": id_})["Parents"][0]["Id"]
        move = {"SourceParentId": root, "DestinationParentId": inputs["parentId"]}
        aws.call("organizations", "MoveAccount", {"AccountId": id_, **move})
    account: dict[str, Any] = aws.call("organizations", "DescribeAccount", {"AccountId": id_})
    found = account["Account"]
    outputs = {
        "arn": found["Arn"],
        "joinedMethod": found["JoinedMethod"],
        "joinedTimestamp": plain(found["JoinedTimestamp"]),
        "status": found["Status"],
    }
    return Created(id_, outputs)


def _rename(aws: Aws, _old: Inputs, new: Inputs) -> None:
    aws.call("account", "PutAccountName", {"AccountId": new["id"], "AccountName": new["name"]})


def _move(aws: Aws, _old: Inputs, new: Inputs) -> None:
    id_ = new["id"]
    parent = aws.call("organizations", "ListParents", {"ChildId": id_})["Parents"][0]["Id"]
    move = {"SourceParentId": parent, "DestinationParentId": new["parentId"]}
    aws.call("organizations", "MoveAccount", {"AccountId": id_, **move})


def _with_parent(aws: Aws, operation: str, member: str, id_: str) -> dict[str, Any]:
    """What AWS tells of an account or a unit, and where it is."""
    found: dict[str, Any] = aws.call("organizations", operation, {f"{member}Id": id_})[member]
    parents = aws.call("organizations", "ListParents", {"ChildId": id_})["Parents"]
    return {**found, "ParentId": parents[0]["Id"] if parents else None}


def _read_account(aws: Aws, properties: Inputs) -> dict[str, Any]:
    return _with_parent(aws, "DescribeAccount", "Account", properties["id"])


def _read_unit(aws: Aws, properties: Inputs) -> dict[str, Any]:
    id_ = properties["id"]
    return _with_parent(aws, "DescribeOrganizationalUnit", "OrganizationalUnit", id_)


def get_organization(aws: Aws, _inputs: Inputs) -> dict[str, Any]:
    """Tell of the organization that the caller is in; its management account is told more."""
    found = aws.call("organizations", "DescribeOrganization", {})["Organization"]
    told = {
        "id": found["Id"],
        "arn": found["Arn"],
        "featureSet": found["FeatureSet"],
        "masterAccountArn": found["MasterAccountArn"],
        "masterAccountEmail": found["MasterAccountEmail"],
        "masterAccountId": found["MasterAccountId"],
        "accounts": [],
        "nonMasterAccounts": [],
        "awsServiceAccessPrincipals": [],
        "enabledPolicyTypes": [],
        "roots": [],
    }
    return {**told, **_told_to_management(aws)} if found["MasterAccountId"] == aws.account else told


def _told_to_management(aws: Aws) -> dict[str, Any]:
    root = aws.call("organizations", "ListRoots", {})["Roots"][0]
    services = aws.call("organizations", "ListAWSServiceAccessForOrganization", {})
    principals = services["EnabledServicePrincipals"]
    types = [each["Type"] for each in root["PolicyTypes"] if each["Status"] == "ENABLED"]
    return {
        "awsServiceAccessPrincipals": [each["ServicePrincipal"] for each in principals],
        "enabledPolicyTypes": types,
        "roots": [{"arn": root["Arn"], "id": root["Id"], "name": root["Name"], "policyTypes": []}],
    }


def _remove_account(aws: Aws, properties: Inputs) -> None:
    operation = "CloseAccount" if properties.get("closeOnDeletion") else REMOVE_ACCOUNT
    aws.call("organizations", operation, {"AccountId": properties["id"]})


def _policy(aws: Aws, inputs: Inputs) -> Created:
    aws.call("organizations", "DescribeOrganization", {})  # moto fails without an organization
    return NEW_POLICY(aws, inputs)


def _target(aws: Aws, properties: Inputs) -> dict[str, Any] | None:
    """One target of a policy; ``None`` where it is not attached there."""
    request = {"PolicyId": properties["policyId"]}
    listed = aws.client("organizations").get_paginator("list_targets_for_policy")
    for target in listed.paginate(**request).search("Targets[]"):
        if target and target["TargetId"] == properties["targetId"]:
            return {**target, **request}
    return None


TYPES = by_token(
    ResourceType(
        "aws:organizations/organization:Organization",
        _organization,
        Life(
            read=Reading(
                Request("organizations", "DescribeOrganization"),
                result="Organization",
                properties={
                    "arn": "Arn",
                    "featureSet": "FeatureSet",
                    "masterAccountArn": "MasterAccountArn",
                    "masterAccountEmail": "MasterAccountEmail",
                    "masterAccountId": "MasterAccountId",
                },
            ),
            delete=(Request("organizations", "DeleteOrganization"),),
            steering=frozenset({"returnOrganizationOnly"}),
        ),
        autoname=None,
        defaults={"featureSet": "ALL"},
        tagged=False,
        regional=False,
    ),
    ResourceType(
        "aws:organizations/organizationalUnit:OrganizationalUnit",
        Call(
            "organizations",
            "CreateOrganizationalUnit",
            result="OrganizationalUnit",
            id="Id",
            outputs={"arn": "Arn"},
        ),
        Life(
            read=Reading(
                _read_unit, properties={"arn": "Arn", "name": "Name", "parentId": "ParentId"}
            ),
            updates=(
                Update(Request("organizations", "UpdateOrganizationalUnit", UNIT), ("name",)),
            ),
            delete=(Request("organizations", "DeleteOrganizationalUnit", UNIT),),
            tagging=TAGGING,
        ),
        regional=False,
    ),
    ResourceType(
        "aws:organizations/account:Account",
        _account,
        Life(
            read=Reading(
                _read_account,
                properties={
                    "arn": "Arn",
                    "email": "Email",
                    "name": "Name",
                    "parentId": "ParentId",
                    "status": "Status",
                },
                gone=("SUSPENDED",),
                status="Status",
            ),
            updates=(Changed(("parentId",), _move), Changed(("name",), _rename)),
            delete=(_remove_account,),
            tagging=TAGGING,
            steering=frozenset({"closeOnDeletion", "iamUserAccessToBilling", "roleName"}),
            computed=frozenset({"parentId"}),
        ),
        regional=False,
    ),
    ResourceType(
        "aws:organizations/policy:Policy",
        _policy,
        Life(
            read=Reading(
                Request("organizations", "DescribePolicy", POLICY),
                result="Policy",
                properties={
                    "arn": "PolicySummary.Arn",
                    "content": "Content",
                    "description": "PolicySummary.Description",
                    "name": "PolicySummary.Name",
                    "type": "PolicySummary.Type",
                },
            ),
            updates=(
                Update(
                    Request("organizations", "UpdatePolicy", POLICY),
                    ("content", "description", "name"),
                    empty={"description": ""},
                ),
            ),
            delete=(Request("organizations", "DeletePolicy", POLICY),),
            tagging=TAGGING,
            steering=frozenset({"skipDestroy"}),
        ),
        defaults={"type": "SERVICE_CONTROL_POLICY", "description": ""},
        regional=False,
    ),
    ResourceType(
        "aws:organizations/policyAttachment:PolicyAttachment",
        Call(
            "organizations",
            "AttachPolicy",
            id="{targetId}:{policyId}",
            ignored=frozenset({"skipDestroy"}),
        ),
        Life(
            read=Reading(_target, properties={"policyId": "PolicyId", "targetId": "TargetId"}),
            delete=(Request("organizations", "DetachPolicy", ATTACHED),),
            imported="{targetId}:{policyId}",
            steering=frozenset({"skipDestroy"}),
        ),
        autoname=None,
        tagged=False,
        regional=False,
    ),
)

INVOKES = {"aws:organizations/getOrganization:getOrganization": get_organization}
