"""The example with a function and a load balancer: who reaches what, and where a call ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.config.interpolate import OpenValues
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.local.services.vpclattice.invocation import Invocation, Verdict, invoke
from meshkit.topology.check import check
from meshkit.topology.lattice.compile import compile_lattice
from tools.golden import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = ROOT / "examples" / "lattice-targets"
OWNER, REGION = "111111111111", "eu-west-1"
FUNCTION = f"arn:aws:lambda:{REGION}:{OWNER}:function:receipts"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud(account=OWNER, region=REGION) as running:
        made = run(EXAMPLE, cloud=running)
        assert made.ok, made.failures
        yield running


def call(caller: str, service: str, method: str = "GET", path: str = "/") -> Verdict:
    """What becomes of a call of a node's role."""
    lattice = compile_lattice(check(EXAMPLE / "mesh.yaml", values=OpenValues()).resolve())
    name = lattice.services[f"{service}.shop.local"].name
    role = lattice.mesh.roles[f"node-{caller}"].name
    return invoke(Invocation(name, role, method, path), REGION)


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("caller", "service", "method", "path", "allowed"),
    [
        ("storefront", "receipts", "POST", "/", True),
        ("storefront", "orders", "GET", "/", True),
        ("receipts", "orders", "GET", "/orders/1", True),
        ("receipts", "orders", "POST", "/orders/1", False),
        ("receipts", "orders", "GET", "/", False),
        ("receipts", "receipts", "GET", "/", False),
        ("orders", "receipts", "GET", "/", False),
        ("receipts", "storefront", "GET", "/", False),
    ],
)
def test_a_function_calls_and_is_called_as_the_file_says(
    caller: str, service: str, method: str, path: str, allowed: bool
) -> None:
    assert call(caller, service, method, path).allowed is allowed


def test_a_call_ends_at_the_function_or_the_load_balancer(cloud: Cloud) -> None:
    (balancer,) = cloud.client("elbv2", OWNER, REGION).describe_load_balancers()["LoadBalancers"]
    ends = {"receipts": FUNCTION, "orders": balancer["LoadBalancerArn"]}
    for service, arn in ends.items():
        route = call("storefront", service).route
        assert route is not None
        assert [(each.single, each.fault) for each in route.targets] == [(arn, None)]


def test_the_role_of_the_function_is_taken_by_no_other_function(cloud: Cloud) -> None:
    found = cloud.client("lambda", OWNER, REGION).get_function(FunctionName="receipts")
    role = found["Configuration"]["Role"].rpartition("/")[2]
    trust = cloud.client("iam", OWNER, REGION).get_role(RoleName=role)["Role"]
    (statement,) = trust["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"] == [FUNCTION, f"{FUNCTION}:*"]
