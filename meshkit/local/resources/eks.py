"""Amazon EKS."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token, plain

ASSOCIATION = {"clusterName": "clusterName", "associationId": "associationId"}
ADDON = {"clusterName": "clusterName", "addonName": "addonName"}
TAGGING = Tagging("eks", {"resourceArn": "arn"})
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


def _describe(aws: Aws, properties: Inputs) -> dict[str, Any]:
    return _properties(aws, properties["id"])


_READ = ("arn", "certificateAuthority", "createdAt", "endpoint", "identities", "name", "roleArn")

TYPES = by_token(
    ResourceType(
        "aws:eks/cluster:Cluster",
        _cluster,
        Life(
            read=Reading(
                _describe, properties={name: name for name in (*_READ, "status", "version")}
            ),
            updates=(
                Update(
                    Request("eks", "UpdateClusterConfig", {"name": "id"}),
                    ("vpcConfig",),
                    renames={"vpcConfig": "resourcesVpcConfig"},
                ),
                Update(Request("eks", "UpdateClusterVersion", {"name": "id"}), ("version",)),
            ),
            delete=(Request("eks", "DeleteCluster", {"name": "id"}),),
            tagging=TAGGING,
            steering=frozenset({"forceUpdateVersion"}),
            computed=frozenset({"version"}),
        ),
        read=_properties,
    ),
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
        Life(
            read=Reading(
                Request("eks", "DescribePodIdentityAssociation", ASSOCIATION),
                result="association",
                properties={
                    name: name
                    for name in (
                        "associationArn",
                        "associationId",
                        "clusterName",
                        "disableSessionTags",
                        "externalId",
                        "namespace",
                        "roleArn",
                        "serviceAccount",
                        "targetRoleArn",
                    )
                },
                id="associationId",
            ),
            updates=(
                Update(
                    Request("eks", "UpdatePodIdentityAssociation", ASSOCIATION),
                    ("roleArn", "disableSessionTags", "targetRoleArn"),
                ),
            ),
            delete=(Request("eks", "DeletePodIdentityAssociation", ASSOCIATION),),
            tagging=Tagging("eks", {"resourceArn": "associationArn"}, listed=""),
            imported="{clusterName},{associationId}",
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
        Life(
            read=Reading(
                Request("eks", "DescribeAddon", ADDON),
                result="addon",
                properties={"addonVersion": "addonVersion", "arn": "addonArn"},
            ),
            updates=(
                Update(
                    Request("eks", "UpdateAddon", ADDON),
                    (
                        "addonVersion",
                        "configurationValues",
                        "podIdentityAssociations",
                        "serviceAccountRoleArn",
                    ),
                ),
            ),
            delete=(Request("eks", "DeleteAddon", ADDON),),
            tagging=TAGGING,
            imported="{clusterName}:{addonName}",
            computed=frozenset({"addonVersion"}),
            steering=frozenset(
                {"preserve", "resolveConflictsOnCreate", "resolveConflictsOnUpdate"}
            ),
        ),
        autoname=None,
    ),
)

INVOKES = {"aws:eks/getCluster:getCluster": get_cluster}
