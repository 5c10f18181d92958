"""The table of the tiers once more, as calls to the local cloud where IAM is enforced."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.cloud import Cloud
from meshkit.local.providers import Role
from meshkit.local.services.organization import found_organization
from meshkit.policy.operators import TIERS, operator_document
from tools.operator_table import (
    MESH,
    OTHERS,
    OWNER,
    REGION,
    TEAM,
    owner_scope,
    rows,
    team_scope,
    tiers_of,
    within,
)

if TYPE_CHECKING:
    from meshkit.config.operator import Tier
    from meshkit.policy.operators import OperatorScope

    Call = tuple[str, str, dict[str, Any]]
    """Service, operation of boto3, parameters."""

MANAGEMENT = "999999999999"
PORT = {"port": 8080, "protocol": "http"}
LISTENERS = {"listeners": [{"portMapping": PORT}]}
NODE = {**LISTENERS, "serviceDiscovery": {"dns": {"hostname": "a.local"}}}
SEARCH = "search.shop.local"
GATEWAY_SPEC = {
    "httpRoute": {
        "match": {"prefix": "/"},
        "action": {"target": {"virtualService": {"virtualServiceName": SEARCH}}},
    }
}
WITHOUT_CALL = {"read a node's configuration", "change the policy of the mesh"}
"""Actions for which there is no operation of an SDK: proxies stream, RAM puts policies."""
SCOPES = (owner_scope(), team_scope())
CASES = [
    pytest.param(scope, tier, id=f"{scope.account}-{tier}")
    for scope in SCOPES
    for tier in tiers_of(scope)
]


def route(node: str, router: str = "web") -> dict[str, Any]:
    target = {"virtualNode": node, "weight": 1}
    spec = {"match": {"prefix": "/"}, "action": {"weightedTargets": [target]}}
    return {"virtualRouterName": router, "routeName": "all", "spec": {"httpRoute": spec}}


def calls(account: str, shares: dict[str, str]) -> dict[str, Call]:
    """A call for each row of the table."""
    other = TEAM if account == OWNER else OTHERS
    ours, theirs = within(account, "virtualNode/web-v2"), within(other, "virtualNode/search")
    in_mesh = {"meshName": "shop", "meshOwner": OWNER}

    def mesh(operation: str, **given: Any) -> Call:
        return "appmesh", operation, {**in_mesh, **given}

    backend = {"virtualService": {"virtualServiceName": SEARCH}}
    provider = {"provider": {"virtualRouter": {"virtualRouterName": "web"}}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    return {
        "list the meshes": ("appmesh", "list_meshes", {}),
        "look at the mesh": mesh("describe_mesh"),
        "look at another account's node": mesh("describe_virtual_node", virtualNodeName="search"),
        "read own tags": ("appmesh", "list_tags_for_resource", {"resourceArn": ours}),
        "read another account's tags": (
            "appmesh", "list_tags_for_resource", {"resourceArn": theirs},
        ),
        "look at another mesh": mesh("describe_mesh", meshName="shop-staging"),
        "shift traffic to an own node": mesh("update_route", **route("web-v2")),
        "shift traffic of another router": mesh("update_route", **route("web-v2", "search")),
        "add a route": mesh("create_route", **route("web-v2")),
        "delete a route": mesh("delete_route", virtualRouterName="web", routeName="all"),
        "lead a route to another account's node": mesh("create_route", **route("search")),
        "make a node that calls another account's service": mesh(
            "create_virtual_node", virtualNodeName="web-v2", spec={**NODE, "backends": [backend]}
        ),
        "make a service": mesh(
            "create_virtual_service", virtualServiceName="web.shop.local", spec=provider
        ),
        "change another account's node": mesh(
            "update_virtual_node", virtualNodeName="search", spec=NODE
        ),
        "make a role": (
            "iam", "create_role", {"RoleName": "web", "AssumeRolePolicyDocument": trust},
        ),
        "make an access key": ("iam", "create_access_key", {"UserName": "x"}),
        "look at a gateway": mesh("describe_virtual_gateway", virtualGatewayName="ingress"),
        "change the mesh": (
            "appmesh", "update_mesh", {"meshName": "shop", "spec": {}}
        ),
        "delete another mesh": ("appmesh", "delete_mesh", {"meshName": "shop-staging"}),
        "make a gateway": mesh(
            "create_virtual_gateway", virtualGatewayName="ingress", spec=LISTENERS
        ),
        "lead a gateway to a service": mesh(
            "create_gateway_route",
            virtualGatewayName="ingress",
            gatewayRouteName="all",
            spec=GATEWAY_SPEC,
        ),
        "take the mesh's share away": (
            "ram", "delete_resource_share", {"resourceShareArn": shares["shop"]},
        ),
        "take another share away": (
            "ram", "delete_resource_share", {"resourceShareArn": shares["database"]},
        ),
    }  # fmt: skip


def furnish(cloud: Cloud, account: str) -> dict[str, str]:
    """Make what the rows speak of, as the root users of the accounts; the shares by name."""
    found_organization(MANAGEMENT, [OWNER, TEAM, OTHERS], "o-exampleorg1")
    cloud.client("ram", MANAGEMENT, REGION).enable_sharing_with_aws_organization()
    other = TEAM if account == OWNER else OTHERS
    owner, ram = (cloud.client(each, OWNER, REGION) for each in ("appmesh", "ram"))
    for name in ("shop", "shop-staging"):
        owner.create_mesh(meshName=name)
    given = {"principals": [TEAM, OTHERS], "resourceArns": [MESH]}
    shares = {
        name: ram.create_resource_share(name=name, **more)["resourceShare"]["resourceShareArn"]
        for name, more in (("shop", given), ("database", {}))
    }
    mesh = {"meshName": "shop", "meshOwner": OWNER}
    theirs = cloud.client("appmesh", other, REGION)
    theirs.create_virtual_node(virtualNodeName="search", spec=NODE, **mesh)
    provider = {"provider": {"virtualNode": {"virtualNodeName": "search"}}}
    theirs.create_virtual_service(virtualServiceName=SEARCH, spec=provider, **mesh)
    ours = cloud.client("appmesh", account, REGION)
    for name in ("web-v1", "web-v2"):
        ours.create_virtual_node(virtualNodeName=name, spec=NODE, **mesh)
    for name in ("web", "search"):
        ours.create_virtual_router(virtualRouterName=name, spec=LISTENERS, **mesh)
        ours.create_route(**route("web-v1", name), **mesh)
    owner.create_virtual_gateway(virtualGatewayName="ingress", spec=LISTENERS, **mesh)
    return shares


def operator(cloud: Cloud, scope: OperatorScope, tier: Tier) -> Role:
    """Make a role with the policy of a tier, which callers in the cloud's account can take."""
    arn = f"arn:aws:iam::{scope.account}:role/{tier}"
    principal = {"AWS": f"arn:aws:iam::{OWNER}:root"}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    iam = cloud.client("iam", scope.account)
    iam.create_role(
        RoleName=tier,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    policy = operator_document(tier, scope).to_json()
    iam.put_role_policy(RoleName=tier, PolicyName=tier, PolicyDocument=policy)
    return Role(arn)


def is_allowed(cloud: Cloud, role: Role, account: str, call: Call) -> bool:
    """Whether IAM lets a call pass; what the service itself says of it does not matter."""
    service, operation, given = call
    client = cloud.client(service, account, REGION, (role,))
    try:
        getattr(client, operation)(**given)
    except ClientError as error:
        return "AccessDenied" not in error.response["Error"]["Code"]
    return True


@pytest.mark.parametrize(("scope", "tier"), CASES)
def test_the_cloud_refuses_what_a_tier_may_not_do(scope: OperatorScope, tier: Tier) -> None:
    asked = [row for row in rows(scope.account) if row.what not in WITHOUT_CALL]
    expected = {
        row.what: row.lowest is not None and TIERS.index(tier) >= TIERS.index(row.lowest)
        for row in asked
    }
    with Cloud(account=OWNER, region=REGION, enforce_iam=True) as cloud:
        by_row = calls(scope.account, furnish(cloud, scope.account))
        role = operator(cloud, scope, tier)
        cloud.deploy_as()  # who is no root user, and so can assume roles
        found = {
            row.what: is_allowed(cloud, role, scope.account, by_row[row.what]) for row in asked
        }

    assert found == expected


def test_every_row_has_a_call_or_a_reason_why_not() -> None:
    for scope in SCOPES:
        named = {row.what for row in rows(scope.account)}
        assert named == set(calls(scope.account, {"shop": "", "database": ""})) | WITHOUT_CALL
