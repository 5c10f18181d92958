"""What happens to IAM resources after their creation."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Changed, Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Inputs, RefusedError

ROLE_NAME = {"RoleName": "id"}
PROFILE_NAME = {"InstanceProfileName": "id"}
POLICY_ARN = {"PolicyArn": "id"}
PROVIDER_ARN = {"OpenIDConnectProviderArn": "id"}
USER_NAME = {"UserName": "id"}
VERSIONS = 5
"""How many versions of a managed policy IAM keeps (IAM user guide, quotas)."""


def _tagging(kind: str, members: dict[str, str]) -> Tagging:
    return Tagging("iam", members, f"Tag{kind}", f"Untag{kind}", listed="", path="Tags")


def _change_attachments(aws: Aws, old: Inputs, new: Inputs) -> None:
    before, after = set(old.get("managedPolicyArns") or ()), set(new.get("managedPolicyArns") or ())
    for arn in sorted(before - after):
        aws.call("iam", "DetachRolePolicy", {"RoleName": new["id"], "PolicyArn": arn})
    for arn in sorted(after - before):
        aws.call("iam", "AttachRolePolicy", {"RoleName": new["id"], "PolicyArn": arn})


def _change_inline_policies(aws: Aws, old: Inputs, new: Inputs) -> None:
    before, after = (
        {policy["name"]: policy["policy"] for policy in properties.get("inlinePolicies") or ()}
        for properties in (old, new)
    )
    for name in before.keys() - after.keys():
        aws.call("iam", "DeleteRolePolicy", {"RoleName": new["id"], "PolicyName": name})
    for name, document in after.items():
        request = {"roleName": new["id"], "policyName": name, "policyDocument": document}
        aws.send("iam", "PutRolePolicy", request)


def _leave_profiles(aws: Aws, properties: Inputs) -> None:
    role = {"RoleName": properties["id"]}
    for profile in aws.call("iam", "ListInstanceProfilesForRole", role)["InstanceProfiles"]:
        name = profile["InstanceProfileName"]
        aws.call("iam", "RemoveRoleFromInstanceProfile", {**role, "InstanceProfileName": name})


def _empty_role(aws: Aws, properties: Inputs) -> None:
    """Take the policies from a role that would keep it from being deleted, if they are its own."""
    own = ("forceDetachPolicies", "inlinePolicies", "managedPolicyArns")
    if not any(properties.get(name) for name in own):
        return
    role = {"RoleName": properties["id"]}
    for policy in aws.call("iam", "ListAttachedRolePolicies", role)["AttachedPolicies"]:
        aws.call("iam", "DetachRolePolicy", {**role, "PolicyArn": policy["PolicyArn"]})
    for name in aws.call("iam", "ListRolePolicies", role)["PolicyNames"]:
        aws.call("iam", "DeleteRolePolicy", {**role, "PolicyName": name})


ROLE = Life(
    read=Reading(
        Request("iam", "GetRole", ROLE_NAME),
        result="Role",
        properties={
            "arn": "Arn",
            "assumeRolePolicy": "AssumeRolePolicyDocument",
            "createDate": "CreateDate",
            "description": "Description",
            "maxSessionDuration": "MaxSessionDuration",
            "name": "RoleName",
            "path": "Path",
            "permissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
            "uniqueId": "RoleId",
        },
    ),
    updates=(
        Update(
            Request("iam", "UpdateAssumeRolePolicy", ROLE_NAME),
            ("assumeRolePolicy",),
            renames={"assumeRolePolicy": "PolicyDocument"},
        ),
        Update(
            Request("iam", "UpdateRole", ROLE_NAME),
            ("description", "maxSessionDuration"),
            empty={"description": ""},
        ),
        Update(
            Request("iam", "PutRolePermissionsBoundary", ROLE_NAME),
            ("permissionsBoundary",),
            cleared=Request("iam", "DeleteRolePermissionsBoundary", ROLE_NAME),
        ),
        Changed(("managedPolicyArns",), _change_attachments),
        Changed(("inlinePolicies",), _change_inline_policies),
    ),
    delete=(_leave_profiles, _empty_role, Request("iam", "DeleteRole", ROLE_NAME)),
    tagging=_tagging("Role", ROLE_NAME),
    imported="{name}",
    steering=frozenset({"forceDetachPolicies"}),
)


def _find_service_linked_role(aws: Aws, properties: Inputs) -> dict[str, Any]:
    role = {"RoleName": str(properties["id"]).rpartition("/")[2]}
    found: dict[str, Any] = aws.call("iam", "GetRole", role)["Role"]
    return {**found, "Service": found["Path"].split("/")[2]}


SERVICE_LINKED_ROLE = Life(
    read=Reading(
        _find_service_linked_role,
        properties={
            "arn": "Arn",
            "awsServiceName": "Service",
            "createDate": "CreateDate",
            "description": "Description",
            "name": "RoleName",
            "path": "Path",
            "uniqueId": "RoleId",
        },
    ),
    updates=(
        Update(
            Request("iam", "UpdateRole", {"RoleName": "name"}),
            ("description",),
            empty={"description": ""},
        ),
    ),
    delete=(Request("iam", "DeleteServiceLinkedRole", {"RoleName": "name"}),),
    tagging=_tagging("Role", {"RoleName": "name"}),
)


def inline_policy(owner: str) -> Life:
    """Return the life of a policy that stands in a role or a user."""
    kind = owner.title()
    key = {f"{kind}Name": owner, "PolicyName": "name"}
    return Life(
        read=Reading(
            Request("iam", f"Get{kind}Policy", key),
            properties={owner: f"{kind}Name", "name": "PolicyName", "policy": "PolicyDocument"},
        ),
        updates=(
            Update(
                Request("iam", f"Put{kind}Policy", key),
                ("policy",),
                renames={"policy": "PolicyDocument"},
            ),
        ),
        delete=(Request("iam", f"Delete{kind}Policy", key),),
        imported=f"{{{owner}}}:{{name}}",
    )


def attachment(owner: str) -> Life:
    """Return the life of the tie between a managed policy and a role or a user."""
    kind = owner.title()

    def find(aws: Aws, properties: Inputs) -> dict[str, Any]:
        request = {f"{kind}Name": properties[owner]}
        listed = aws.call("iam", f"ListAttached{kind}Policies", request)["AttachedPolicies"]
        found = properties["policyArn"] in [policy["PolicyArn"] for policy in listed]
        return {name: properties[name] for name in (owner, "policyArn")} if found else {}

    key = {f"{kind}Name": owner, "PolicyArn": "policyArn"}
    return Life(
        read=Reading(find, properties={owner: owner, "policyArn": "policyArn"}),
        delete=(Request("iam", f"Detach{kind}Policy", key),),
        imported=f"{{{owner}}}/{{policyArn}}",
    )


def _read_policy(aws: Aws, properties: Inputs) -> dict[str, Any]:
    arn = {"PolicyArn": properties["id"]}
    policy: dict[str, Any] = aws.call("iam", "GetPolicy", arn)["Policy"]
    request = {**arn, "VersionId": policy["DefaultVersionId"]}
    version = aws.call("iam", "GetPolicyVersion", request)["PolicyVersion"]
    return {**policy, "Document": version["Document"]}


def _old_versions(aws: Aws, arn: str) -> list[str]:
    """Return the versions of a policy that are not its default, oldest first."""
    versions = aws.call("iam", "ListPolicyVersions", {"PolicyArn": arn})["Versions"]
    rest = [version["VersionId"] for version in versions if not version["IsDefaultVersion"]]
    return sorted(rest, key=lambda version: int(version.removeprefix("v")))


def _delete_version(aws: Aws, arn: str, version: str) -> None:
    aws.call("iam", "DeletePolicyVersion", {"PolicyArn": arn, "VersionId": version})


def _add_version(aws: Aws, _old: Inputs, new: Inputs) -> None:
    arn = new["id"]
    old = _old_versions(aws, arn)
    if len(old) + 1 >= VERSIONS:
        _delete_version(aws, arn, old[0])
    request = {"policyArn": arn, "policyDocument": new["policy"], "setAsDefault": True}
    aws.send("iam", "CreatePolicyVersion", request)


def _delete_old_versions(aws: Aws, properties: Inputs) -> None:
    for version in _old_versions(aws, properties["id"]):
        _delete_version(aws, properties["id"], version)


POLICY = Life(
    read=Reading(
        _read_policy,
        properties={
            "arn": "Arn",
            "attachmentCount": "AttachmentCount",
            "description": "Description",
            "name": "PolicyName",
            "path": "Path",
            "policy": "Document",
            "policyId": "PolicyId",
        },
    ),
    updates=(Changed(("policy",), _add_version),),
    delete=(_delete_old_versions, Request("iam", "DeletePolicy", POLICY_ARN)),
    tagging=_tagging("Policy", POLICY_ARN),
    imported="{arn}",
    steering=frozenset({"delayAfterPolicyCreationInMs"}),
)


def _change_profile_role(aws: Aws, _old: Inputs, new: Inputs) -> None:
    _empty_profile(aws, new)
    if new.get("role"):
        add = {"InstanceProfileName": new["id"], "RoleName": new["role"]}
        aws.call("iam", "AddRoleToInstanceProfile", add)


def _empty_profile(aws: Aws, properties: Inputs) -> None:
    name = {"InstanceProfileName": properties["id"]}
    for role in aws.call("iam", "GetInstanceProfile", name)["InstanceProfile"]["Roles"]:
        remove = {**name, "RoleName": role["RoleName"]}
        aws.call("iam", "RemoveRoleFromInstanceProfile", remove)


INSTANCE_PROFILE = Life(
    read=Reading(
        Request("iam", "GetInstanceProfile", PROFILE_NAME),
        result="InstanceProfile",
        properties={
            "arn": "Arn",
            "createDate": "CreateDate",
            "name": "InstanceProfileName",
            "path": "Path",
            "role": "Roles.0.RoleName",
            "uniqueId": "InstanceProfileId",
        },
    ),
    updates=(Changed(("role",), _change_profile_role),),
    delete=(_empty_profile, Request("iam", "DeleteInstanceProfile", PROFILE_NAME)),
    tagging=_tagging("InstanceProfile", PROFILE_NAME),
    imported="{name}",
)


def _change_clients(aws: Aws, old: Inputs, new: Inputs) -> None:
    before, after = set(old["clientIdLists"]), set(new["clientIdLists"])
    arn = {"OpenIDConnectProviderArn": new["id"]}
    for client in sorted(after - before):
        aws.call("iam", "AddClientIDToOpenIDConnectProvider", {**arn, "ClientID": client})
    for client in sorted(before - after):
        aws.call("iam", "RemoveClientIDFromOpenIDConnectProvider", {**arn, "ClientID": client})


def _read_provider(aws: Aws, properties: Inputs) -> dict[str, Any]:
    arn = {"OpenIDConnectProviderArn": properties["id"]}
    found = aws.call("iam", "GetOpenIDConnectProvider", arn)
    # IAM answers without the scheme that it wants.
    return {**found, "Arn": properties["id"], "Url": f"https://{found['Url']}"}


OPEN_ID_CONNECT_PROVIDER = Life(
    read=Reading(
        _read_provider,
        properties={
            "arn": "Arn",
            "clientIdLists": "ClientIDList",
            "thumbprintLists": "ThumbprintList",
            "url": "Url",
        },
    ),
    updates=(
        Update(
            Request("iam", "UpdateOpenIDConnectProviderThumbprint", PROVIDER_ARN),
            ("thumbprintLists",),
            renames={"thumbprintLists": "ThumbprintList"},
        ),
        Changed(("clientIdLists",), _change_clients),
    ),
    delete=(Request("iam", "DeleteOpenIDConnectProvider", PROVIDER_ARN),),
    tagging=_tagging("OpenIDConnectProvider", PROVIDER_ARN),
    imported="{arn}",
)

USER = Life(
    read=Reading(
        Request("iam", "GetUser", USER_NAME),
        result="User",
        properties={"arn": "Arn", "name": "UserName", "path": "Path", "uniqueId": "UserId"},
    ),
    updates=(
        Update(
            Request("iam", "PutUserPermissionsBoundary", USER_NAME),
            ("permissionsBoundary",),
            cleared=Request("iam", "DeleteUserPermissionsBoundary", USER_NAME),
        ),
    ),
    delete=(Request("iam", "DeleteUser", USER_NAME),),
    tagging=_tagging("User", USER_NAME),
    imported="{name}",
    steering=frozenset({"forceDestroy"}),
)


def _read_access_key(aws: Aws, properties: Inputs) -> dict[str, Any]:
    if "user" not in properties:
        # The official provider can't either: no API finds the user of a key.
        msg = "an access key can't be imported"
        raise RefusedError("NotImportable", msg)
    listed = aws.call("iam", "ListAccessKeys", {"UserName": properties["user"]})
    keys = [key for key in listed["AccessKeyMetadata"] if key["AccessKeyId"] == properties["id"]]
    return keys[0] if keys else {}


ACCESS_KEY = Life(
    read=Reading(
        _read_access_key,
        properties={"createDate": "CreateDate", "user": "UserName"},
    ),
    updates=(
        Update(
            Request("iam", "UpdateAccessKey", {"UserName": "user", "AccessKeyId": "id"}),
            ("status",),
            empty={"status": "Active"},
        ),
    ),
    delete=(Request("iam", "DeleteAccessKey", {"UserName": "user", "AccessKeyId": "id"}),),
)
