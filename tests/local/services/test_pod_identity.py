"""EKS Pod Identity associations on top of moto's EKS."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from meshkit.local.services.pod_identity import PodIdentityResponse
from tests.local.services.conftest import CONSUMER, OWNER, REGION, Cloud

ErrorOf = Callable[..., tuple[str, str]]
ROLE = f"arn:aws:iam::{OWNER}:role/web"
POD = {"namespace": "shop", "serviceAccount": "web"}


@pytest.fixture
def eks(cloud: Cloud) -> Any:
    """EKS with a cluster `main`."""
    client = cloud("eks")
    role = f"arn:aws:iam::{OWNER}:role/cluster"
    client.create_cluster(name="main", roleArn=role, resourcesVpcConfig={"subnetIds": ["s-1"]})
    return client


def test_an_association_lives_from_create_to_delete(
    cloud: Cloud, eks: Any, error_of: ErrorOf
) -> None:
    made = eks.create_pod_identity_association(
        clusterName="main", **POD, roleArn=ROLE, tags={"a": "1"}, disableSessionTags=True
    )["association"]
    identifier, arn = made["associationId"], made["associationArn"]
    assert arn == f"arn:aws:eks:{REGION}:{OWNER}:podidentityassociation/main/{identifier}"
    assert POD.items() <= made.items()
    assert (made["roleArn"], made["disableSessionTags"]) == (ROLE, True)
    name = {"clusterName": "main", "associationId": identifier}
    assert eks.describe_pod_identity_association(**name)["association"] == made

    (listed,) = eks.list_pod_identity_associations(clusterName="main")["associations"]
    assert listed == {
        "clusterName": "main",
        **POD,
        "associationArn": arn,
        "associationId": identifier,
    }
    other = f"arn:aws:iam::{OWNER}:role/other"
    changed = eks.update_pod_identity_association(**name, roleArn=other)["association"]
    assert (changed["roleArn"], changed["disableSessionTags"]) == (other, True)
    assert changed["modifiedAt"] >= made["modifiedAt"]

    eks.tag_resource(resourceArn=arn, tags={"b": "2", "c": "3"})
    eks.untag_resource(resourceArn=arn, tagKeys=["a", "c"])
    assert eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}

    assert eks.delete_pod_identity_association(**name)["association"]["associationId"] == identifier
    code, _ = error_of(eks.describe_pod_identity_association, **name)
    assert code == "ResourceNotFoundException"
    assert cloud.answered == set(PodIdentityResponse.handlers)


def test_associations_are_filtered_and_paged(eks: Any, error_of: ErrorOf) -> None:
    for namespace in ("a", "b"):
        for account in ("x", "y"):
            eks.create_pod_identity_association(
                clusterName="main", namespace=namespace, serviceAccount=account, roleArn=ROLE
            )

    def found(**filters: str) -> list[tuple[str, str]]:
        listed = eks.list_pod_identity_associations(clusterName="main", **filters)["associations"]
        return sorted((each["namespace"], each["serviceAccount"]) for each in listed)

    assert found(namespace="a") == [("a", "x"), ("a", "y")]
    assert found(namespace="b", serviceAccount="y") == [("b", "y")]
    pages = eks.get_paginator("list_pod_identity_associations").paginate(
        clusterName="main", PaginationConfig={"PageSize": 3}
    )
    assert [len(page["associations"]) for page in pages] == [3, 1]
    run = eks.list_pod_identity_associations
    code, _ = error_of(run, clusterName="main", nextToken="%%%")
    assert code == "InvalidParameterException"


def test_a_service_account_has_one_association(eks: Any, error_of: ErrorOf) -> None:
    asked = {"clusterName": "main", **POD, "roleArn": ROLE}
    eks.create_pod_identity_association(**asked)
    assert error_of(eks.create_pod_identity_association, **asked)[0] == "ResourceInUseException"


def test_the_cluster_must_exist(cloud: Cloud, eks: Any, error_of: ErrorOf) -> None:
    asked = {"clusterName": "other", **POD, "roleArn": ROLE}
    code, message = error_of(eks.create_pod_identity_association, **asked)
    assert code == "ResourceNotFoundException"
    assert "other" in message
    elsewhere = cloud("eks", CONSUMER).list_pod_identity_associations
    assert error_of(elsewhere, clusterName="main")[0] == "ResourceNotFoundException"


def test_the_role_is_of_the_clusters_account(eks: Any, error_of: ErrorOf) -> None:
    role = f"arn:aws:iam::{CONSUMER}:role/web"
    asked = {"clusterName": "main", **POD, "roleArn": role}
    code, _ = error_of(eks.create_pod_identity_association, **asked)
    assert code == "InvalidParameterException"
    made = eks.create_pod_identity_association(**asked | {"roleArn": ROLE, "targetRoleArn": role})
    assert made["association"]["targetRoleArn"] == role


def test_associations_go_with_their_cluster(eks: Any) -> None:
    eks.create_pod_identity_association(clusterName="main", **POD, roleArn=ROLE)
    eks.delete_cluster(name="main")
    role = f"arn:aws:iam::{OWNER}:role/cluster"
    eks.create_cluster(name="main", roleArn=role, resourcesVpcConfig={"subnetIds": ["s-1"]})
    assert eks.list_pod_identity_associations(clusterName="main")["associations"] == []


def test_moto_still_tags_clusters(eks: Any, error_of: ErrorOf) -> None:
    arn = eks.describe_cluster(name="main")["cluster"]["arn"]
    eks.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2", "c": "3"})
    eks.untag_resource(resourceArn=arn, tagKeys=["a", "b"])
    assert eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"c": "3"}
    absent = arn.replace("main", "absent")
    code, _ = error_of(eks.list_tags_for_resource, resourceArn=absent)
    assert code == "NotFoundException"


def test_each_cluster_has_its_own_issuer(eks: Any) -> None:
    role = f"arn:aws:iam::{OWNER}:role/cluster"
    eks.create_cluster(name="second", roleArn=role, resourcesVpcConfig={})
    described = [eks.describe_cluster(name=name)["cluster"] for name in ("main", "second")]
    issuers = {cluster["identity"]["oidc"]["issuer"] for cluster in described}
    assert len(issuers) == 2
    for issuer in issuers:
        assert re.fullmatch(r"https://oidc\.eks\.eu-west-1\.amazonaws\.com/id/[0-9A-F]{32}", issuer)
