"""AWS Organizations, which has no regions."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token, plain

ACCOUNT = Call(
    "organizations",
    "CreateAccount",
    result="CreateAccountStatus",
    id="AccountId",
    renames={"name": "AccountName"},
    ignored=frozenset({"closeOnDeletion", "createGovcloud", "parentId"}),
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
    id_ = ACCOUNT(aws, inputs).id
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


TYPES = by_token(
    ResourceType(
        "aws:organizations/organization:Organization",
        _organization,
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
        regional=False,
    ),
    ResourceType("aws:organizations/account:Account", _account, regional=False),
)
