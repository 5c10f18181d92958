"""Every request that the local cloud's resource types make is decided on what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.model import StructureShape
from moto.core.utils import get_service_model

import meshkit.local.resources
from meshkit.local.cloud import Cloud
from meshkit.local.enforcement.incoming import PREFIXES, Incoming
from meshkit.local.enforcement.need import EVERYTHING, Asked
from meshkit.local.enforcement.services import needs_of
from meshkit.local.enforcement.signer import Signer
from meshkit.policy.evaluation import Caller
from tests.local.enforcement.test_mapping import VALUES, made_up

ACCOUNT = "111111111111"
REGION = "eu-west-1"
REQUEST = re.compile(r'\(\s*"(?P<service>[a-z0-9-]+)",\s*"(?P<operation>[A-Z][A-Za-z]+)"')
SOURCES = Path(meshkit.local.resources.__file__).parent.glob("*.py")
REQUESTS = sorted(
    {
        found.group("service", "operation")
        for source in SOURCES
        for found in REQUEST.finditer(source.read_text("utf-8"))
        if found["service"] != "effect"
    }
)
IDS = {
    "LaunchTemplateId": "lt-0123456789abcdef0",
    "SubnetId": "subnet-0123456789abcdef0",
    "VpcId": "vpc-0123456789abcdef0",
    "GroupId": "sg-0123456789abcdef0",
    "PrefixListId": "pl-0123456789abcdef0",
    "InstanceIds": ["i-0123456789abcdef0"],
}
ON_EVERYTHING = {
    # What lists, or tells of the account.
    "autoscaling": {"DescribeAutoScalingGroups"},
    "elasticloadbalancing": {
        *("DescribeListeners", "DescribeLoadBalancers", "DescribeRules", "DescribeTags"),
        *("DescribeLoadBalancerAttributes", "DescribeTargetGroupAttributes"),
        *("DescribeTargetGroups", "DescribeTargetHealth"),
    },
    "iam": {"ListOpenIDConnectProviders", "ListSAMLProviders"},
    "ram": {
        *("CreateResourceShare", "EnableSharingWithAwsOrganization"),
        *("GetResourceShareAssociations", "GetResourceShareInvitations", "GetResourceShares"),
        "ListResources",
    },
    "s3": {"ListBuckets"},
    "servicediscovery": {"CreateHttpNamespace", "GetOperation", "ListNamespaces"},
    "sts": {"GetCallerIdentity"},
    # What has no resource in the reference, or makes one without naming it.
    "acm-pca": {"CreateCertificateAuthority"},
    "cloudformation": {"CreateStackSet"},
    "config": {
        *("DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DescribeConfigRules"),
        *("DescribeConfigurationRecorderStatus", "DescribeConfigurationRecorders"),
        *("DescribeDeliveryChannels", "PutConfigurationRecorder", "PutDeliveryChannel"),
        *("StartConfigurationRecorder", "StopConfigurationRecorder"),
    },
    "ecs": {"DeregisterTaskDefinition", "DescribeTaskDefinition"},
    "eks": {"CreateCluster"},
    "kms": {"CreateKey"},
    "organizations": {
        *("CreateAccount", "CreateOrganization", "CreatePolicy", "DeleteOrganization"),
        *("DescribeOrganization", "DisableAWSServiceAccess", "EnableAWSServiceAccess"),
        *("ListAWSServiceAccessForOrganization", "ListRoots"),
    },
}
"""What is decided on ``*``, in AWS as here, beside what describes things of EC2.

Source: Service Authorization Reference.
"""


@pytest.fixture(scope="module", autouse=True)
def cloud() -> Iterator[Cloud]:
    with Cloud(account=ACCOUNT, region=REGION) as running:
        yield running


def resources(service: str, name: str) -> tuple[str, set[str]]:
    """The prefix of an operation, and what a request with all parameters is decided on."""
    model = get_service_model(service)
    prefix = PREFIXES.get(model.signing_name, model.signing_name)
    shape = model.operation_model(name).input_shape
    members = shape.members if isinstance(shape, StructureShape) else {}
    known = {**IDS, **VALUES.get(prefix, {})}
    made = {each: known.get(each, made_up(member)) for each, member in members.items()}
    params = {each: value for each, value in made.items() if value is not None}
    incoming = Incoming(service, prefix, name, params, "AKIA", REGION)
    signer = Signer(Caller(f"arn:aws:iam::{ACCOUNT}:root"), ACCOUNT, "aws")
    needs = needs_of(Asked(incoming, signer))
    return prefix, {need.resource for need in needs if need.action.startswith(f"{prefix}:")}


def test_the_requests_of_resource_types_are_found() -> None:
    assert len(REQUESTS) > 190
    assert ("ecs", "CreateService") in REQUESTS


@pytest.mark.parametrize(("service", "name"), REQUESTS)
def test_a_request_is_decided_on_its_resource(service: str, name: str) -> None:
    prefix, found = resources(service, name)
    describing = prefix == "ec2" and name.startswith("Describe")
    expected = describing or name in ON_EVERYTHING.get(prefix, ())
    assert (EVERYTHING in found) is expected, found
