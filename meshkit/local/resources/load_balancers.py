"""Elastic Load Balancing: load balancers, their listeners and target groups."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token

ELB = "elbv2"
ATTRIBUTES = frozenset(
    {"clientKeepAlive", "dropInvalidHeaderFields", "enableDeletionProtection", "enableHttp2",
     "idleTimeout", "preserveHostHeader"}
)  # fmt: skip
"""What a call of its own sets, and nothing here depends on."""
LOAD_BALANCER = Call(
    ELB,
    "CreateLoadBalancer",
    result="LoadBalancers.0",
    id="LoadBalancerArn",
    renames={"loadBalancerType": "Type"},
    ignored=ATTRIBUTES | {"internal"},
    outputs={
        "arn": "LoadBalancerArn",
        "dnsName": "DNSName",
        "vpcId": "VpcId",
        "zoneId": "CanonicalHostedZoneId",
    },
)
TARGET_GROUP = Call(
    ELB,
    "CreateTargetGroup",
    result="TargetGroups.0",
    id="TargetGroupArn",
    ignored=frozenset({"deregistrationDelay", "slowStart", "stickiness"}),
    outputs={"arn": "TargetGroupArn"},
)
CHECK = {
    "enabled": "HealthCheckEnabled",
    "healthyThreshold": "HealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "matcher": "Matcher",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}
"""A health check, of which Pulumi makes a block."""
TAGGING = Tagging(
    ELB,
    {"ResourceArns": ["id"]},
    add="AddTags",
    remove="RemoveTags",
    listed="DescribeTags",
    path="TagDescriptions.0.Tags",
)


def _load_balancer(aws: Aws, inputs: Inputs) -> Created:
    scheme = "internal" if inputs.get("internal") else "internet-facing"
    made = LOAD_BALANCER(aws, {**inputs, "scheme": scheme})
    return Created(made.id, {**made.outputs, "arnSuffix": made.id.partition("loadbalancer/")[2]})


def _target_group(aws: Aws, inputs: Inputs) -> Created:
    check = inputs.get("healthCheck") or {}
    sent = {key: value for key, value in inputs.items() if key != "healthCheck"}
    made = TARGET_GROUP(aws, {**sent, **_check(check)})
    return Created(made.id, {**made.outputs, "arnSuffix": made.id.rpartition(":")[2]})


def _check(check: Inputs) -> dict[str, Any]:
    found = {CHECK[key]: value for key, value in check.items() if value is not None}
    if "Matcher" in found:
        found["Matcher"] = {"HttpCode": found["Matcher"]}
    return found


TYPES = by_token(
    ResourceType(
        "aws:lb/loadBalancer:LoadBalancer",
        _load_balancer,
        Life(
            read=Reading(
                Request(ELB, "DescribeLoadBalancers", {"LoadBalancerArns": ["id"]}),
                result="LoadBalancers.0",
                properties={
                    "arn": "LoadBalancerArn",
                    "dnsName": "DNSName",
                    "loadBalancerType": "Type",
                    "name": "LoadBalancerName",
                    "vpcId": "VpcId",
                },
            ),
            updates=(
                Update(Request(ELB, "SetSubnets", {"LoadBalancerArn": "id"}), ("subnets",)),
                Update(
                    Request(ELB, "SetSecurityGroups", {"LoadBalancerArn": "id"}),
                    ("securityGroups",),
                ),
            ),
            delete=(Request(ELB, "DeleteLoadBalancer", {"LoadBalancerArn": "id"}),),
            tagging=TAGGING,
            steering=ATTRIBUTES,
            computed=frozenset({"ipAddressType", "loadBalancerType", "securityGroups"}),
        ),
    ),
    ResourceType(
        "aws:lb/targetGroup:TargetGroup",
        _target_group,
        Life(
            read=Reading(
                Request(ELB, "DescribeTargetGroups", {"TargetGroupArns": ["id"]}),
                result="TargetGroups.0",
                properties={
                    "arn": "TargetGroupArn",
                    "name": "TargetGroupName",
                    "port": "Port",
                    "protocol": "Protocol",
                    "targetType": "TargetType",
                    "vpcId": "VpcId",
                },
            ),
            delete=(Request(ELB, "DeleteTargetGroup", {"TargetGroupArn": "id"}),),
            tagging=TAGGING,
            steering=TARGET_GROUP.ignored | {"healthCheck"},
            computed=frozenset({"targetType"}),
        ),
    ),
    ResourceType(
        "aws:lb/listener:Listener",
        Call(
            ELB,
            "CreateListener",
            result="Listeners.0",
            id="ListenerArn",
            outputs={"arn": "ListenerArn"},
        ),
        Life(
            read=Reading(
                Request(ELB, "DescribeListeners", {"ListenerArns": ["id"]}),
                result="Listeners.0",
                properties={
                    "arn": "ListenerArn",
                    "loadBalancerArn": "LoadBalancerArn",
                    "port": "Port",
                    "protocol": "Protocol",
                },
            ),
            updates=(
                Update(
                    Request(ELB, "ModifyListener", {"ListenerArn": "id"}),
                    ("defaultActions", "port", "protocol"),
                ),
            ),
            delete=(Request(ELB, "DeleteListener", {"ListenerArn": "id"}),),
            tagging=TAGGING,
        ),
        autoname=None,
    ),
)
