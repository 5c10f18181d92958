"""What stands in a cloud, read back through boto3: the same for the same mesh, however deployed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshkit.local.cloud import Cloud

REGION = "eu-west-1"
GENERATED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|(subnet|vpc)-[0-9a-f]{8,}")
KINDS = {
    "virtual_node": "virtualNode",
    "virtual_router": "virtualRouter",
    "virtual_service": "virtualService",
    "virtual_gateway": "virtualGateway",
}


def picture(cloud: Cloud, owner: str, accounts: tuple[str, ...], mesh: str) -> dict[str, Any]:
    """The mesh with all that is in it, its shares as each account sees them, and all roles."""
    found = {
        "mesh": meshed(cloud.client("appmesh", owner, REGION), mesh),
        "shares": {account: shares(cloud, account) for account in accounts},
        "roles": {account: roles(cloud, account) for account in accounts},
    }
    normal: dict[str, Any] = json.loads(GENERATED.sub("ID", json.dumps(found, default=str)))
    return normal


def meshed(client: Any, mesh: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, member in KINDS.items():
        for listed in getattr(client, f"list_{kind}s")(meshName=mesh)[f"{member}s"]:
            name = {f"{member}Name": listed[f"{member}Name"]}
            resource = getattr(client, f"describe_{kind}")(meshName=mesh, **name)[member]
            keep(found, resource)
            children = {"virtual_router": "route", "virtual_gateway": "gateway_route"}.get(kind)
            if children:
                child = {"route": "route", "gateway_route": "gatewayRoute"}[children]
                every = getattr(client, f"list_{children}s")(meshName=mesh, **name)[f"{child}s"]
                for each in every:
                    named = {f"{child}Name": each[f"{child}Name"], **name}
                    described = getattr(client, f"describe_{children}")(meshName=mesh, **named)
                    keep(found, described[child])
    return found


def keep(found: dict[str, Any], resource: dict[str, Any]) -> None:
    metadata = resource["metadata"]
    found[metadata["arn"]] = {
        "owners": [metadata["meshOwner"], metadata["resourceOwner"]],
        "spec": resource["spec"],
    }


def shares(cloud: Cloud, account: str) -> list[Any]:
    ram = cloud.client("ram", account, REGION)
    found = []
    for owner in ("SELF", "OTHER-ACCOUNTS"):
        for share in ram.get_resource_shares(resourceOwner=owner)["resourceShares"]:
            if share["status"] == "DELETED":
                continue
            asked = {"resourceOwner": owner, "resourceShareArns": [share["resourceShareArn"]]}
            resources = [each["arn"] for each in ram.list_resources(**asked)["resources"]]
            principals = [each["id"] for each in ram.list_principals(**asked)["principals"]]
            found.append([owner, share["name"], sorted(resources), sorted(principals)])
    return sorted(found)


def roles(cloud: Cloud, account: str) -> dict[str, Any]:
    iam = cloud.client("iam", account, REGION)
    found = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
        found[role["Arn"]] = {
            "trust": role["AssumeRolePolicyDocument"],
            "policies": {
                each: iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"]
                for each in policies
            },
        }
    return found
