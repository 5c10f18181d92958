"""Programs to test with, as a user's own."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

import meshkit

MESH: dict[str, Any] = {
    "name": "shop",
    "region": "eu-west-1",
    "owner": "network",
    "accounts": {
        "network": {"id": "111111111111", "assume_role": {"name": "deployer"}},
        "orders": {"id": "222222222222", "assume_role": {"name": "deployer"}},
    },
    "organization": {
        "id": "o-exampleorg1",
        "management_account": "999999999999",
        "sharing_enabled": True,
    },
    "share": {"principals": ["orders"]},
    "nodes": {
        "web": {"account": "orders", "backends": ["api.shop.local"]},
        "api": {
            "listeners": [{"port": 8080, "protocol": "http"}],
            "service_discovery": {"dns": "api.shop.local"},
        },
    },
    "services": {"api.shop.local": {"node": "api"}},
}
STREAM = "appmesh:StreamAggregatedResources"
TASKS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def shop() -> None:
    """The mesh alone."""
    meshkit.SharedMesh("shop", MESH)


def statement(action: str | list[str], resource: str, effect: str = "Allow", **more: Any) -> str:
    """A policy of one statement."""
    given = {"Sid": "Given", "Effect": effect, "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [given]})


def shop_with(policy: str) -> None:
    """The mesh, with a policy more for the role of `web`."""
    mesh = meshkit.SharedMesh("shop", MESH)
    orders = pulumi.ResourceOptions(provider=mesh.providers["orders"])
    aws.iam.RolePolicy("more", role=mesh.nodes["web"].role_name, policy=policy, opts=orders)


def bucket_reader(policy: pulumi.Input[str], **arguments: Any) -> None:
    """A role of its own, without a mesh."""
    role = aws.iam.Role("reader", name="reader", assume_role_policy=json.dumps(TASKS), **arguments)
    aws.iam.RolePolicy("reader", role=role.name, policy=policy)
