"""One resource of each type that stands behind a service of VPC Lattice, likewise."""

from __future__ import annotations

from typing import Any

from tests.local.plugin.ref import Ref

TAGS = {"tags": {"a": "1"}}
NEW_TAGS = {"tags": {"a": "2", "b": "3"}}
VPC = Ref("aws:ec2/vpc:Vpc")
BALANCER = Ref("aws:lb/loadBalancer:LoadBalancer", "arn")
FUNCTION = Ref("aws:lambda/function:Function", "name")
GROUP = "arn:aws:vpc-lattice:eu-west-1:111111111111:targetgroup/tg-0123456789abcdef0"

TARGETS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "aws:lambda/function:Function": (
        {
            "name": "receipts",
            "role": Ref("aws:iam/role:Role", "arn"),
            "packageType": "Image",
            "imageUri": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/receipts:1",
            **TAGS,
        },
        {"timeout": 10, "imageUri": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/receipts:2"}
        | NEW_TAGS,
    ),
    "aws:lambda/permission:Permission": (
        {
            "statementId": "lattice",
            "function": FUNCTION,
            "action": "lambda:InvokeFunction",
            "principal": "vpc-lattice.amazonaws.com",
            "sourceArn": GROUP,
        },
        {},
    ),
    "aws:lambda/alias:Alias": (
        {"name": "live", "functionName": FUNCTION, "functionVersion": "$LATEST"},
        {"description": "what callers get"},
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        {
            "name": "legacy",
            "internal": True,
            "subnets": [Ref("aws:ec2/subnet:Subnet")],
            **TAGS,
        },
        {"idleTimeout": 30, **NEW_TAGS},
    ),
    "aws:lb/targetGroup:TargetGroup": (
        {
            "name": "legacy",
            "port": 8080,
            "protocol": "HTTP",
            "targetType": "ip",
            "vpcId": VPC,
            "healthCheck": {"path": "/healthz", "matcher": "200-299"},
            **TAGS,
        },
        NEW_TAGS,
    ),
    "aws:lb/listener:Listener": (
        {
            "loadBalancerArn": BALANCER,
            "port": 80,
            "protocol": "HTTP",
            "defaultActions": [
                {"type": "forward", "targetGroupArn": Ref("aws:lb/targetGroup:TargetGroup", "arn")}
            ],
            **TAGS,
        },
        {"port": 81, **NEW_TAGS},
    ),
}
