"""One resource of each type of names and security groups, likewise."""

from __future__ import annotations

from typing import Any

from tests.local.plugin.ref import Ref

TAGS = {"tags": {"a": "1"}}
NEW_TAGS = {"tags": {"a": "2", "b": "3"}}
ZONE = Ref("aws:route53/zone:Zone")
RULE = {"securityGroupId": Ref("aws:ec2/securityGroup:SecurityGroup"), "ipProtocol": "tcp"}


def alias(name: str) -> list[dict[str, Any]]:
    return [{"name": name, "zoneId": "Z0000000000000000000", "evaluateTargetHealth": False}]


NETWORK: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "aws:route53/zone:Zone": (
        {"name": "example.com", **TAGS},
        {"comment": "names of services", **NEW_TAGS},
    ),
    "aws:route53/record:Record": (
        {"zoneId": ZONE, "name": "web.example.com", "type": "A", "aliases": alias("a.on.aws")},
        {"aliases": alias("b.on.aws")},
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        {**RULE, "prefixListId": "pl-0123456789abcdef0", "fromPort": 80, "toPort": 80, **TAGS},
        {"fromPort": 8080, "toPort": 8080, "description": "VPC Lattice", **NEW_TAGS},
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        {**RULE, "cidrIpv4": "10.0.0.0/8", "fromPort": 443, "toPort": 443, **TAGS},
        {"cidrIpv4": "10.1.0.0/16", **NEW_TAGS},
    ),
}
