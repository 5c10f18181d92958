from __future__ import annotations

import importlib
import json
import keyword
from typing import Any

import pulumi
import pulumi_aws
from pulumi import _types

from meshkit.local.resources import INVOKES, TYPES
from meshkit.local.resources.model import Aws, Created

# The programs use services that the project's narrow stubs leave out.
aws: Any = pulumi_aws
ROLE = "aws:iam/role:Role"
OWNER, CONSUMER = "111111111111", "222222222222"
REGION = "eu-west-1"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
        ],
    }
)


def sdk_class(token: str, suffix: str = "") -> Any:
    _, module, name = token.split(":")
    service = module.split("/")[0]
    end = "_" if keyword.iskeyword(service) else ""
    package = importlib.import_module(f"pulumi_aws.{service}{end}")
    return getattr(package, name + suffix, None)


def input_names(token: str) -> set[str]:
    args = sdk_class(token, "InitArgs") or sdk_class(token, "Args")
    return set(_types.input_type_py_to_pulumi_names(args).values())


def output_names(token: str) -> set[str]:
    return set(_types.resource_py_to_pulumi_names(sdk_class(token)).values())


def make(aws: Aws, token: str, logical: str = "x", /, **inputs: Any) -> Created:
    """Create a resource and check that all it answers are properties of the SDK's class."""
    type_ = TYPES[token]
    assert inputs.keys() <= input_names(token)
    created = type_.properties(aws, type_.checked(f"urn:pulumi:s::p::{token}::{logical}", inputs))
    assert created.id
    assert created.outputs["id"] == created.id
    assert created.outputs.keys() <= output_names(token) | {"id"}
    return created


def invoke(aws: Aws, function: str, **arguments: Any) -> dict[str, Any]:
    token = next(token for token in INVOKES if token.endswith(f":{function}"))
    return INVOKES[token](aws, arguments)


def role(name: str, opts: pulumi.ResourceOptions | None = None) -> Any:
    return aws.iam.Role(name, name=name, assume_role_policy=TRUST, opts=opts)


class Proxy(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Proxy", name, None, opts)
        self.role = role(f"{name}-role", pulumi.ResourceOptions(parent=self))
        self.register_outputs({"role_arn": self.role.arn})
