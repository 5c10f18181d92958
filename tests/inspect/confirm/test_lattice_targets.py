"""A function and a load balancer, broken in one place, and what confirmation says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.kube import Clusters
from meshkit.inspect.confirm.lattice.live import read_lattice
from meshkit.inspect.confirm.lattice.rows import lattice_rows
from meshkit.inspect.confirm.run import confirm
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.confirm.workload import Site
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.topology.check import check
from tools.golden import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.inspect.confirm.remark import Row

OWNER, REGION = "111111111111", "eu-west-1"
EXAMPLE = ROOT / "examples" / "lattice-targets"
RECEIPTS, ORDERS = "receipts.shop.local", "orders.shop.local"


class Shop:
    """The example, deployed."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.lattice, self.functions = self.client("vpc-lattice"), self.client("lambda")
        (balancer,) = self.client("elbv2").describe_load_balancers()["LoadBalancers"]
        values = {"vpc": balancer["VpcId"], "orders_alb": balancer["LoadBalancerArn"]}
        self.mesh = check(EXAMPLE / "mesh.yaml", values=values).resolve()

    def client(self, service: str) -> Any:
        return self.cloud.client(service, OWNER, REGION)

    def group(self, type_: str) -> dict[str, str]:
        (found,) = self.lattice.list_target_groups(targetGroupType=type_)["items"]
        return {"targetGroupIdentifier": found["id"]}

    def empty(self, type_: str) -> None:
        group = self.group(type_)
        targets = [{"id": each["id"]} for each in self.lattice.list_targets(**group)["items"]]
        self.lattice.deregister_targets(**group, targets=targets)

    def rows(self) -> dict[str, Row]:
        texts = Texts()
        accounts = Accounts(self.mesh, texts)
        site = Site(self.mesh, accounts, Clusters(None, {}), texts)
        site = replace(site, live=read_lattice(self.mesh, accounts))
        assert site.live is not None
        found = confirm(site, [self.mesh.nodes["receipts"]], workers=1)
        return {row.endpoint: row for row in (*lattice_rows(site, site.live), *found)}


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Cloud(account=OWNER, region=REGION) as cloud:
        made = run(EXAMPLE, cloud=cloud)
        assert made.ok, made.failures
        yield Shop(cloud)


def missing(rows: dict[str, Row], name: str) -> str:
    return "; ".join(each.text for each in rows[name].remarks if each.kind == "missing")


def test_what_is_as_the_file_says_is_confirmed(shop: Shop) -> None:
    rows = shop.rows()
    as_said = (RECEIPTS, ORDERS, "receipts")
    assert {rows[name].outcome for name in as_said} == {"confirmed"}
    # Its network comes late in the program and is known here, which makes no difference.
    assert missing(rows, "storefront.shop.local") == "node storefront has no target on port 8080"
    assert rows["receipts"].compute == "lambda"
    assert rows["receipts"].workload == "function receipts"


def no_function_registered(shop: Shop) -> None:
    shop.empty("LAMBDA")


def no_balancer_registered(shop: Shop) -> None:
    shop.empty("ALB")


def another_alias(shop: Shop) -> None:
    shop.functions.create_alias(FunctionName="receipts", Name="old", FunctionVersion="$LATEST")
    arn = f"arn:aws:lambda:{REGION}:{OWNER}:function:receipts:old"
    shop.empty("LAMBDA")
    shop.lattice.register_targets(**shop.group("LAMBDA"), targets=[{"id": arn}])


def nobody_invokes(shop: Shop) -> None:
    policy = json.loads(shop.functions.get_policy(FunctionName="receipts")["Policy"])
    for statement in policy["Statement"]:
        shop.functions.remove_permission(FunctionName="receipts", StatementId=statement["Sid"])


def another_group_invokes(shop: Shop) -> None:
    nobody_invokes(shop)
    shop.functions.add_permission(
        FunctionName="receipts", StatementId="other", Action="lambda:InvokeFunction",
        Principal="vpc-lattice.amazonaws.com",
        SourceArn=f"arn:aws:vpc-lattice:{REGION}:{OWNER}:targetgroup/tg-0123456789abcdef0",
    )  # fmt: skip


def another_role(shop: Shop) -> None:
    role = shop.client("iam").get_role(RoleName=shop.mesh.roles["node-orders"].name)["Role"]["Arn"]
    shop.functions.update_function_configuration(FunctionName="receipts", Role=role)


def no_function(shop: Shop) -> None:
    shop.functions.delete_function(FunctionName="receipts")


def a_trust_of_tasks(shop: Shop) -> None:
    iam = shop.client("iam")
    tasks = iam.get_role(RoleName=shop.mesh.roles["node-orders"].name)["Role"]
    iam.update_assume_role_policy(
        RoleName=shop.mesh.roles["node-receipts"].name,
        PolicyDocument=json.dumps(tasks["AssumeRolePolicyDocument"]),
    )


@pytest.mark.parametrize(
    ("breaking", "name", "text"),
    [
        (no_function_registered, RECEIPTS, "function:receipts is not registered for node receipts"),
        (no_balancer_registered, ORDERS, "is not registered for node orders"),
        (another_alias, RECEIPTS, "node receipts leads to"),
        (nobody_invokes, RECEIPTS, "VPC Lattice may not invoke"),
        (another_group_invokes, RECEIPTS, "VPC Lattice may not invoke"),
        (no_function, RECEIPTS, "VPC Lattice may not invoke"),
        (no_function, "receipts", "there is no function receipts in shop"),
        (another_role, "receipts", "the execution role of function receipts is"),
        (a_trust_of_tasks, "receipts", "does not admit function receipts"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_broken_is_told(
    shop: Shop, breaking: Callable[[Shop], None], name: str, text: str
) -> None:
    breaking(shop)
    assert text in missing(shop.rows(), name)
