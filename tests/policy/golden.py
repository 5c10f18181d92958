"""Trust policies of each kind of compute in each partition, as golden files.

``python -m tests.policy.golden`` writes them anew; the diff is the review.
"""

from __future__ import annotations

import json
from pathlib import Path

from meshkit.policy.trust import trust_of
from tests.policy.samples import mesh, pods

FOLDER = Path(__file__).parent.parent / "golden" / "policies"
REGIONS = {"aws": "eu-west-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
COMPUTE = ("ecs", "irsa", "pod-identity", "ec2", "node-role", "lambda")
SUFFIXES = {"aws-cn": "amazonaws.com.cn"}


def trust(partition: str, compute: str) -> str:
    """Two service accounts of one namespace and one of another, where the compute is EKS."""
    region = REGIONS[partition]
    issuer = f"https://oidc.eks.{region}.{SUFFIXES.get(partition, 'amazonaws.com')}/id/EXAMPLE"
    alone = compute in ("ecs", "ec2", "lambda")
    workload = {"type": compute} if alone else pods(identity=compute)
    role = {"account": "orders", "role": {"name": "shared"}}
    nodes = {"web": {**role, "workload": workload}}
    if workload["type"] == "eks":
        nodes["api"] = {**role, "workload": {**workload, "service_account": "api"}}
        nodes["jobs"] = {**role, "workload": {**workload, "namespace": "batch"}}
    resolved = mesh(
        region=region,
        clusters={"main": {"account": "orders", "name": "shop-main", "oidc_issuer": issuer}},
        nodes=nodes,
    )
    (found,) = resolved.roles.values()
    return json.dumps(trust_of(found, resolved).to_dict(), indent=2) + "\n"


def path(partition: str, compute: str) -> Path:
    return FOLDER / f"trust-{compute}-{partition}.json"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in REGIONS:
        for kind in COMPUTE:
            path(each, kind).write_text(trust(each, kind), "utf-8")
