"""Look-ups that every AWS program makes: who am I, where am I."""

from __future__ import annotations

from typing import Any

import botocore.session

from meshkit.local.resources.model import Aws, Inputs


def get_caller_identity(aws: Aws, _inputs: Inputs) -> dict[str, Any]:
    """Return account, ARN and user id of the caller."""
    found = aws.call("sts", "GetCallerIdentity", {})
    account = found["Account"]
    return {"accountId": account, "arn": found["Arn"], "id": account, "userId": found["UserId"]}


def get_partition(aws: Aws, _inputs: Inputs) -> dict[str, Any]:
    """Return the partition of the caller's region."""
    suffix = _dns_suffix(aws.partition)
    return {
        "dnsSuffix": suffix,
        "id": aws.partition,
        "partition": aws.partition,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def get_region(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Return the named region, or the caller's."""
    region = inputs.get("region") or inputs.get("name") or aws.region
    return {
        "description": region,
        "endpoint": f"ec2.{region}.{_dns_suffix(aws.partition)}",
        "id": region,
        "name": region,
        "region": region,
    }


def _dns_suffix(partition: str) -> str:
    endpoints = botocore.session.get_session().get_data("endpoints")
    for known in endpoints["partitions"]:
        if known["partition"] == partition:
            return str(known["dnsSuffix"])
    return "amazonaws.com"


INVOKES = {
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getRegion:getRegion": get_region,
}
