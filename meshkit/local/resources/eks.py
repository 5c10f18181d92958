"""Amazon EKS."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token, plain

CLUSTER = Call(
    "eks",
    "CreateCluster",
    result="cluster",
    id="name",
    renames={"vpcConfig": "resourcesVpcConfig"},
    ignored=frozenset({"defaultAddonsToRemoves", "enabledClusterLogTypes", "forceUpdateVersion"}),
)


def _cluster(aws: Aws, inputs: Inputs) -> Created:
    request = dict(inputs)
    if inputs.get("enabledClusterLogTypes"):
        types = {"types": inputs["enabledClusterLogTypes"], "enabled": True}
        request["logging"] = {"clusterLogging": [types]}
    name = CLUSTER(aws, request).id
    found = _properties(aws, name)
    del found["vpcConfig"], found["roleArn"]
    return Created(name, found)


def _properties(aws: Aws, name: str) -> dict[str, Any]:
    cluster = aws.call("eks", "DescribeCluster", {"name": name})["cluster"]
    issuer = cluster.get("identity", {}).get("oidc", {}).get("issuer", "")
    return {
        "arn": cluster["arn"],
        "certificateAuthority": {"data": cluster.get("certificateAuthority", {}).get("data", "")},
        "createdAt": plain(cluster["createdAt"]),
        "endpoint": cluster.get("endpoint", ""),
        "identities": [{"oidcs": [{"issuer": issuer}]}],
        "name": name,
        "platformVersion": cluster.get("platformVersion", ""),
        "roleArn": cluster["roleArn"],
        "status": cluster["status"],
        "version": cluster.get("version", ""),
        "vpcConfig": cluster.get("resourcesVpcConfig", {}),
    }


def get_cluster(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a cluster up by name."""
    found = _properties(aws, inputs["name"])
    authority = [found.pop("certificateAuthority")]
    return {**found, "certificateAuthorities": authority, "id": inputs["name"]}


TYPES = by_token(
    ResourceType("aws:eks/cluster:Cluster", _cluster, read=_properties),
    ResourceType(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        Call(
            "eks",
            "CreatePodIdentityAssociation",
            result="association",
            id="associationId",
            outputs={
                "associationArn": "associationArn",
                "associationId": "associationId",
                "externalId": "externalId",
            },
        ),
        autoname=None,
    ),
    ResourceType(
        "aws:eks/addon:Addon",
        Call(
            "eks",
            "CreateAddon",
            result="addon",
            id="{clusterName}:{addonName}",
            renames={"resolveConflictsOnCreate": "resolveConflicts"},
            ignored=frozenset({"preserve", "resolveConflictsOnUpdate"}),
            outputs={
                "arn": "addonArn",
                "addonVersion": "addonVersion",
                "createdAt": "createdAt",
                "modifiedAt": "modifiedAt",
            },
        ),
        autoname=None,
    ),
)

INVOKES = {"aws:eks/getCluster:getCluster": get_cluster}
