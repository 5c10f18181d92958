"""What the tables of enforcement name is there in the models of the services."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from moto.core.utils import get_service_model

from meshkit.local.enforcement import ec2, passing, s3, services, templates

MODELS = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas"}
LISTING = {"ListTagsForResource"}
READING = ("Describe", "Get", "List", "Lookup", "Search", "Batch", "Test")
OF_THE_ACCOUNT = {
    "AssociateServiceQuotaTemplate",
    "CreateSupportCase",
    "DisassociateServiceQuotaTemplate",
    "StartAutoManagement",
    "StartQuotaUtilizationReport",
    "StopAutoManagement",
    "UpdateAutoManagement",
}
"""Operations of Service Quotas that change something and name no quota."""


@pytest.mark.parametrize("prefix", templates.OPERATIONS)
def test_every_template_is_about_an_operation_and_its_parameters(prefix: str) -> None:
    model = get_service_model(MODELS.get(prefix, prefix))
    for operation, texts in templates.OPERATIONS[prefix].items():
        members = model.operation_model(operation).input_shape.members
        named = {name for text in texts for name, _ in templates.holes(text)}
        assert named <= members.keys(), f"{prefix}:{operation}"


def test_every_operation_of_service_quotas_that_changes_something_has_its_resource() -> None:
    names = set(get_service_model("service-quotas").operation_names)
    changing = {name for name in names if not name.startswith(READING)}
    assert changing == (templates.OPERATIONS["servicequotas"].keys() | OF_THE_ACCOUNT) - LISTING


def test_every_operation_of_pod_identity_has_its_resource() -> None:
    names = get_service_model("eks").operation_names
    identity = {name for name in names if "PodIdentityAssociation" in name}
    assert len(identity) == 5
    assert identity <= templates.OPERATIONS["eks"].keys()


GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "local.md"
NAMES = {
    "account": "Account Management",
    "acm": "ACM",
    "acm-pca": "its private CAs",
    "autoscaling": "Auto Scaling",
    "cloudformation": "CloudFormation",
    "cloudtrail": "CloudTrail",
    "cloudwatch": "CloudWatch",
    "config": "AWS Config",
    "ec2": "EC2",
    "ecs": "ECS",
    "eks": "EKS",
    "elasticloadbalancing": "Elastic Load Balancing",
    "kms": "KMS",
    "lambda": "Lambda",
    "logs": "Logs",
    "s3": "S3",
    "secretsmanager": "Secrets Manager",
    "servicediscovery": "Cloud Map",
    "servicequotas": "Service Quotas",
    "sns": "SNS",
    "ssm": "Systems Manager",
}


def test_the_guide_names_the_services_that_are_mapped() -> None:
    assert services.PARTLY.keys() == NAMES.keys()
    text = " ".join(GUIDE.read_text("utf-8").split())
    listed = text.partition("known operation by operation;")[2].partition("in what the resource")[0]
    assert [name for name in NAMES.values() if name not in listed] == []


def test_the_other_tables_name_operations_that_are_there() -> None:
    s3_names = set(get_service_model("s3").operation_names)
    assert s3.RENAMED.keys() <= s3_names
    assert ec2.MADE.keys() <= set(get_service_model("ec2").operation_names)
    for prefix, operation in passing.PASSING:
        assert operation in get_service_model(prefix).operation_names


@pytest.mark.parametrize(("operation", "members"), passing.MEMBERS.items(), ids=str)
def test_every_role_that_is_passed_is_named_by_a_parameter(
    operation: tuple[str, str], members: Mapping[str, str]
) -> None:
    shape = get_service_model(operation[0]).operation_model(operation[1]).input_shape
    for path in members:
        found = shape
        for name in path.split("."):
            found = getattr(found, "member", found).members[name]
        assert found.type_name == "string", path
