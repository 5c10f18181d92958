"""Load balancers and functions as targets: what is refused, and where a call ends.

Source: VPC Lattice user guide, "Application Load Balancers as targets" and "Lambda functions as
targets".
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from meshkit.local.services.vpclattice.backend import backend
from meshkit.local.services.vpclattice.kinds import TARGET_GROUP
from meshkit.local.services.vpclattice.single_targets import uninvoked
from tests.local.services.conftest import CONSUMER, OWNER, REGION, Cloud

ErrorOf = Callable[..., tuple[str, str]]
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)
FUNCTION = f"arn:aws:lambda:{REGION}:{OWNER}:function:receipts"


class Made:
    """A function with an alias, and load balancers in a VPC."""

    def __init__(self, cloud: Cloud) -> None:
        self.lattice, self.functions = cloud("vpc-lattice"), cloud("lambda")
        self.balancers, self.ec2 = cloud("elbv2"), cloud("ec2")
        role = cloud("iam").create_role(RoleName="receipts", AssumeRolePolicyDocument=TRUST)
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("index.py", "")
        self.functions.create_function(
            FunctionName="receipts",
            Role=role["Role"]["Arn"],
            Code={"ZipFile": code.getvalue()},
            Handler="index.handler",
            Runtime="python3.13",
            Publish=True,
        )
        self.functions.create_alias(FunctionName="receipts", Name="live", FunctionVersion="1")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def balancer(self, scheme: str = "internal", vpc: str | None = None) -> str:
        vpc = vpc or self.vpc
        nets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=zone)
            for n, zone in enumerate((f"{REGION}a", f"{REGION}b"))
        ]
        made = self.balancers.create_load_balancer(
            Name="legacy", Scheme=scheme, Subnets=[each["Subnet"]["SubnetId"] for each in nets]
        )
        return str(made["LoadBalancers"][0]["LoadBalancerArn"])

    def group(self, name: str, type_: str = "ALB") -> dict[str, str]:
        config = {"config": {"protocol": "HTTP", "port": 80, "vpcIdentifier": self.vpc}}
        more = config if type_ == "ALB" else {}
        made = self.lattice.create_target_group(name=name, type=type_, **more)
        return {"targetGroupIdentifier": made["arn"]}

    def register(self, group: dict[str, str], *arns: str) -> Any:
        return self.lattice.register_targets(**group, targets=[{"id": arn} for arn in arns])


@pytest.fixture
def made(cloud: Cloud) -> Made:
    return Made(cloud)


@pytest.mark.parametrize("arn", [FUNCTION, f"{FUNCTION}:live", f"{FUNCTION}:1"])
def test_a_function_is_registered_by_itself_its_alias_or_version(made: Made, arn: str) -> None:
    group = made.group("receipts", "LAMBDA")
    assert made.register(group, arn)["successful"] == [{"id": arn}]
    assert [each["id"] for each in made.lattice.list_targets(**group)["items"]] == [arn]


@pytest.mark.parametrize(
    "arn",
    [
        f"{FUNCTION}s",
        f"{FUNCTION}:old",
        FUNCTION.replace(OWNER, CONSUMER),
        FUNCTION.replace(REGION, "eu-central-1"),
    ],
)
def test_a_function_that_is_not_here_is_refused(made: Made, error_of: ErrorOf, arn: str) -> None:
    group = made.group("receipts", "LAMBDA")
    assert error_of(partial(made.register, group, arn))[0] == "ValidationException"


def test_only_an_internal_balancer_of_the_vpc_is_registered(made: Made, error_of: ErrorOf) -> None:
    group = made.group("legacy")
    absent = f"arn:aws:elasticloadbalancing:{REGION}:{OWNER}:loadbalancer/app/legacy/1"
    assert "no load balancer" in error_of(partial(made.register, group, absent))[1]
    public = made.balancer("internet-facing")
    assert "must be internal" in error_of(partial(made.register, group, public))[1]
    made.balancers.delete_load_balancer(LoadBalancerArn=public)
    other = made.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert other in error_of(partial(made.register, group, made.balancer(vpc=other)))[1]


def test_a_balancer_is_in_two_groups_at_most(made: Made, error_of: ErrorOf) -> None:
    arn = made.balancer()
    for name in ("one", "two"):
        assert made.register(made.group(name), arn)["successful"] == [{"id": arn, "port": 80}]
    assert error_of(partial(made.register, made.group("three"), arn))[0] == "ValidationException"


def test_a_function_is_invoked_by_the_group_that_its_policy_names(made: Made) -> None:
    mine, other = made.group("mine", "LAMBDA"), made.group("other", "LAMBDA")
    for qualifier in ({}, {"Qualifier": "live"}):
        made.functions.add_permission(
            FunctionName="receipts",
            StatementId=f"mine{len(qualifier)}",
            Action="lambda:InvokeFunction",
            Principal="vpc-lattice.amazonaws.com",
            SourceArn=mine["targetGroupIdentifier"],
            **qualifier,
        )
    groups = {each.arn: each for each in backend(OWNER, REGION).of(TARGET_GROUP)}

    def told(group: dict[str, str], arn: str) -> str | None:
        return uninvoked(groups[group["targetGroupIdentifier"]], arn)

    assert told(mine, FUNCTION) is None
    assert told(mine, f"{FUNCTION}:live") is None
    assert "does not let" in (told(mine, f"{FUNCTION}:1") or "")
    assert "does not let" in (told(other, FUNCTION) or "")
    made.functions.delete_function(FunctionName="receipts")
    assert told(mine, FUNCTION) == f"{FUNCTION} is gone"


def test_a_group_has_one_of_them(made: Made, error_of: ErrorOf) -> None:
    group = made.group("receipts", "LAMBDA")
    made.register(group, FUNCTION)
    assert "has one target" in error_of(partial(made.register, group, f"{FUNCTION}:live"))[1]
    made.lattice.deregister_targets(**group, targets=[{"id": FUNCTION}])
    made.register(group, f"{FUNCTION}:live")
