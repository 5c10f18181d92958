"""Callers of a cloud that enforces IAM: roles and users with policies, and their sessions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import create_loader

from meshkit.local.cloud import Cloud

OWNER, TEAM, MANAGER = "111111111111", "222222222222", "999999999999"
REGION = "eu-west-1"
ALLOWED = "allowed"
_LOADER = create_loader()
"""Keeps the models of services, which take long to read."""
Statement = Mapping[str, Any]


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Statement:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trusting(principal: Mapping[str, Any], *actions: str, **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions or "sts:AssumeRole"}
    return document({**statement, **({"Condition": condition} if condition else {})})


def role_arn(name: str, account: str = OWNER) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def make_role(
    cloud: Cloud,
    name: str,
    *statements: Statement,
    account: str = OWNER,
    trust: str | None = None,
    boundary: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> str:
    iam = cloud.client("iam", account)
    limit = {"PermissionsBoundary": boundary} if boundary else {}
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=trust
        or trusting({"AWS": OWNER}, "sts:AssumeRole", "sts:TagSession"),
        Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        **limit,
    )
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
    return role_arn(name, account)


def session(cloud: Cloud, role: str, **given: Any) -> boto3.session.Session:
    """Credentials of a role, assumed by the root user of the cloud's account."""
    asked = {"RoleArn": role, "RoleSessionName": "me", **given}
    return signed_in(cloud.client("sts").assume_role(**asked)["Credentials"])


def signed_in(credentials: Mapping[str, Any]) -> boto3.session.Session:
    return new_session(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials.get("SessionToken")
    )


def new_session(key: str, secret: str, token: str | None = None) -> boto3.session.Session:
    below = botocore.session.Session()
    below.register_component("data_loader", _LOADER)
    return boto3.session.Session(key, secret, token, REGION, below)


def user(cloud: Cloud, name: str, *statements: Statement, **given: Any) -> boto3.session.Session:
    """A new user's access key."""
    iam = cloud.client("iam")
    iam.create_user(UserName=name, **given)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
    return signed_in(iam.create_access_key(UserName=name)["AccessKey"])


def said(of: boto3.session.Session, service: str, operation: str, **params: Any) -> str:
    """``allowed``, or the error that a call is answered with: code, status and text."""
    client: Any = of.client(
        service, config=Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    )
    try:
        getattr(client, operation)(**params)
    except ClientError as error:
        told = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return f"{status} {told['Code']}: {told['Message']}"
    return ALLOWED


def refused(answer: str) -> bool:
    """Whether IAM refused, and not the service for a reason of its own."""
    return answer.split(":", maxsplit=1)[0] in (
        "400 AccessDeniedException",
        "403 AccessDenied",
        "403 AccessDeniedException",
        "403 AuthorizationError",
        "403 UnauthorizedOperation",
    )


MESH_ARNS = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh"
SHOP = f"{MESH_ARNS}/shop"
NODE: dict[str, Any] = {"meshName": "shop", "virtualNodeName": "web", "spec": {}}
ROUTER = {"meshName": "shop", "virtualRouterName": "r"}
_LISTENER = {"portMapping": {"port": 80, "protocol": "http"}}
SHARE = {"name": "shop", "resourceArns": [SHOP], "principals": [TEAM]}


def make_shop(cloud: Cloud) -> Cloud:
    """Make a mesh with a node and a router, as the root user."""
    appmesh = cloud.client("appmesh")
    appmesh.create_mesh(meshName="shop", tags=[{"key": "team", "value": "web"}])
    appmesh.create_virtual_node(**NODE)
    appmesh.create_virtual_router(**ROUTER, spec={"listeners": [_LISTENER]})
    return cloud
