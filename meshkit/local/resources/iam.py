"""AWS Identity and Access Management. IAM has no regions."""

from __future__ import annotations

import json
from typing import Any

from meshkit.local.resources import iam_lives as lives
from meshkit.local.resources.model import (
    Aws,
    Call,
    Create,
    Created,
    Inputs,
    RefusedError,
    ResourceType,
    at,
    by_token,
    plain,
)
from meshkit.local.resources.policy_document import get_policy_document

ROLE = Call(
    "iam",
    "CreateRole",
    result="Role",
    id="RoleName",
    renames={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"},
    ignored=frozenset({"forceDetachPolicies", "inlinePolicies", "managedPolicyArns"}),
    outputs={"arn": "Arn", "createDate": "CreateDate", "uniqueId": "RoleId"},
)
INSTANCE_PROFILE = Call(
    "iam",
    "CreateInstanceProfile",
    result="InstanceProfile",
    id="InstanceProfileName",
    renames={"name": "InstanceProfileName"},
    ignored=frozenset({"role"}),
    outputs={"arn": "Arn", "createDate": "CreateDate", "uniqueId": "InstanceProfileId"},
)


def _role(aws: Aws, inputs: Inputs) -> Created:
    created = ROLE(aws, inputs)
    for policy in inputs.get("inlinePolicies", ()):
        document = {"policyDocument": policy["policy"], "policyName": policy["name"]}
        aws.send("iam", "PutRolePolicy", {"roleName": created.id, **document})
    for arn in inputs.get("managedPolicyArns", ()):
        aws.send("iam", "AttachRolePolicy", {"roleName": created.id, "policyArn": arn})
    return created


def _instance_profile(aws: Aws, inputs: Inputs) -> Created:
    created = INSTANCE_PROFILE(aws, inputs)
    if inputs.get("role"):
        add = {"instanceProfileName": created.id, "roleName": inputs["role"]}
        aws.send("iam", "AddRoleToInstanceProfile", add)
    return created


def _inline_policy(owner: str) -> Create:
    return Call(
        "iam",
        f"Put{owner.title()}Policy",
        id=f"{{{owner}}}:{{name}}",
        renames={owner: f"{owner}Name", "name": "PolicyName", "policy": "PolicyDocument"},
    )


def _attachment(owner: str) -> Create:
    return Call(
        "iam",
        f"Attach{owner.title()}Policy",
        id=f"{{{owner}}}/{{policyArn}}",
        renames={owner: f"{owner}Name"},
    )


def _read_role(aws: Aws, name: str) -> dict[str, Any]:
    role = aws.call("iam", "GetRole", {"RoleName": name})["Role"]
    return {**_role_properties(role), "name": name}


def _role_properties(role: dict[str, Any]) -> dict[str, Any]:
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": _string(role["AssumeRolePolicyDocument"]),
        "createDate": plain(role["CreateDate"]),
        "description": role.get("Description", ""),
        "maxSessionDuration": role.get("MaxSessionDuration", 3600),
        "path": role["Path"],
        "permissionsBoundary": at(role, "PermissionsBoundary.PermissionsBoundaryArn") or "",
        "uniqueId": role["RoleId"],
        "tags": {tag["Key"]: tag["Value"] for tag in role.get("Tags", ())},
    }


def _service_linked_role(aws: Aws, inputs: Inputs) -> Created:
    untagged = {key: value for key, value in inputs.items() if key != "tags"}
    renames = {"awsServiceName": "AWSServiceName"}
    role = aws.send("iam", "CreateServiceLinkedRole", untagged, renames)["Role"]
    if inputs.get("tags"):  # the API takes none when it makes the role
        named = {"roleName": role["RoleName"], "tags": inputs["tags"]}
        aws.send("iam", "TagRole", named)
    properties = _role_properties(role)
    kept = ("arn", "createDate", "description", "path", "uniqueId")
    return Created(
        role["Arn"], {"name": role["RoleName"], **{key: properties[key] for key in kept}}
    )


def _string(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))


def get_role(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a role up by name."""
    found = _read_role(aws, inputs["name"])
    return {**found, "id": inputs["name"], "roleLastUseds": []}


def get_open_id_connect_provider(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look an identity provider up by `arn` or by `url`."""
    host = str(inputs.get("url", "")).removeprefix("https://")
    listed = aws.call("iam", "ListOpenIDConnectProviders", {})["OpenIDConnectProviderList"]
    for entry in listed:
        if entry["Arn"] == inputs.get("arn") or (host and entry["Arn"].endswith(f"/{host}")):
            return _provider_properties(aws, entry["Arn"])
    msg = f"no OpenID Connect provider {inputs.get('arn') or inputs.get('url')} in this account"
    raise RefusedError("NoSuchEntity", msg)


def _provider_properties(aws: Aws, arn: str) -> dict[str, Any]:
    request = {"OpenIDConnectProviderArn": arn}
    provider = aws.call("iam", "GetOpenIDConnectProvider", request)
    return {
        "arn": arn,
        "id": arn,
        "url": provider["Url"].removeprefix("https://"),
        "clientIdLists": provider.get("ClientIDList", []),
        "thumbprintLists": provider.get("ThumbprintList", []),
        "tags": {tag["Key"]: tag["Value"] for tag in provider.get("Tags", ())},
    }


TYPES = by_token(
    ResourceType(
        "aws:iam/role:Role",
        _role,
        lives.ROLE,
        read=_read_role,
        defaults={"path": "/", "maxSessionDuration": 3600, "forceDetachPolicies": False},
        regional=False,
    ),
    ResourceType(
        "aws:iam/serviceLinkedRole:ServiceLinkedRole",
        _service_linked_role,
        lives.SERVICE_LINKED_ROLE,
        autoname=None,
        regional=False,
    ),
    ResourceType(
        "aws:iam/rolePolicy:RolePolicy",
        _inline_policy("role"),
        lives.inline_policy("role"),
        tagged=False,
        regional=False,
    ),
    ResourceType(
        "aws:iam/policy:Policy",
        Call(
            "iam",
            "CreatePolicy",
            result="Policy",
            renames={"name": "PolicyName", "policy": "PolicyDocument"},
            ignored=frozenset({"delayAfterPolicyCreationInMs"}),
            outputs={
                "arn": "Arn",
                "policyId": "PolicyId",
                "attachmentCount": "AttachmentCount",
            },
        ),
        lives.POLICY,
        defaults={"path": "/"},
        regional=False,
    ),
    ResourceType(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        _attachment("role"),
        lives.attachment("role"),
        autoname=None,
        tagged=False,
        regional=False,
    ),
    ResourceType(
        "aws:iam/instanceProfile:InstanceProfile",
        _instance_profile,
        lives.INSTANCE_PROFILE,
        defaults={"path": "/"},
        regional=False,
    ),
    ResourceType(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        Call(
            "iam",
            "CreateOpenIDConnectProvider",
            renames={"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
            outputs={"arn": "OpenIDConnectProviderArn"},
        ),
        lives.OPEN_ID_CONNECT_PROVIDER,
        autoname=None,
        regional=False,
    ),
    ResourceType(
        "aws:iam/user:User",
        Call(
            "iam",
            "CreateUser",
            result="User",
            id="UserName",
            renames={"name": "UserName"},
            ignored=frozenset({"forceDestroy"}),
            outputs={"arn": "Arn", "uniqueId": "UserId"},
        ),
        lives.USER,
        defaults={"path": "/"},
        regional=False,
    ),
    ResourceType(
        "aws:iam/userPolicy:UserPolicy",
        _inline_policy("user"),
        lives.inline_policy("user"),
        tagged=False,
        regional=False,
    ),
    ResourceType(
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        _attachment("user"),
        lives.attachment("user"),
        autoname=None,
        tagged=False,
        regional=False,
    ),
    ResourceType(
        "aws:iam/accessKey:AccessKey",
        Call(
            "iam",
            "CreateAccessKey",
            result="AccessKey",
            id="AccessKeyId",
            renames={"user": "UserName"},
            outputs={"secret": "SecretAccessKey", "status": "Status", "createDate": "CreateDate"},
        ),
        lives.ACCESS_KEY,
        autoname=None,
        tagged=False,
        regional=False,
    ),
)

INVOKES = {
    "aws:iam/getPolicyDocument:getPolicyDocument": get_policy_document,
    "aws:iam/getRole:getRole": get_role,
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": get_open_id_connect_provider,
}
