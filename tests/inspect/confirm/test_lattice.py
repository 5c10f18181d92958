"""A mesh on VPC Lattice that is broken in one place, and what confirmation says of it."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore import xform_name

import meshkit
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.kube import Clusters
from meshkit.inspect.confirm.lattice.live import read_lattice
from meshkit.inspect.confirm.lattice.rows import lattice_rows
from meshkit.inspect.confirm.run import confirm
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.confirm.workload import Site
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import Landscape
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.inspect.proof.lattice_programs import lattice_data
from tests.inspect.proof.programs import BILLING, NETWORK, ORDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.inspect.confirm.remark import Row

REGION = "eu-west-1"
ACCOUNTS = {"network": NETWORK, "orders": ORDERS, "billing": BILLING}


class Shop:
    """The mesh, deployed with a healthy target behind each node."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.mesh = check(lattice_data()).resolve()
        self.live = read_lattice(self.mesh, Accounts(self.mesh, Texts()))

    def client(self, account: str, service: str = "vpc-lattice") -> Any:
        return self.cloud.client(service, ACCOUNTS[account], REGION)

    def service(self, name: str) -> tuple[Any, str]:
        """A client in the account of a service, and the service's ARN."""
        owner = self.live.lattice.services[name].owner.key
        return self.client(owner), self.live.services[name]

    def groups(self, name: str) -> tuple[Any, list[str]]:
        """The target groups of a service."""
        client, _ = self.service(name)
        names = {each.name for each in self.live.lattice.services[name].groups.values()}
        listed = client.list_target_groups()["items"]
        return client, [each["id"] for each in listed if each["name"] in names]

    def register(self) -> None:
        for name in self.live.lattice.services:
            client, groups = self.groups(name)
            for number, group in enumerate(groups, start=10):
                target = {"id": f"10.0.0.{number}", "port": 8080}
                client.register_targets(targetGroupIdentifier=group, targets=[target])

    def rows(self) -> dict[str, Row]:
        texts = Texts()
        accounts = Accounts(self.mesh, texts)
        site = Site(self.mesh, accounts, Clusters(None, {}), texts)
        site = replace(site, live=read_lattice(self.mesh, accounts))
        assert site.live is not None
        chosen = [self.mesh.nodes[name] for name in ("web", "cart")]
        found = (*lattice_rows(site, site.live), *confirm(site, chosen, workers=1))
        return {row.endpoint: row for row in found}


@pytest.fixture
def shop() -> Iterator[Shop]:
    landscape = Landscape(
        NETWORK, "o-exampleorg1", "999999999999", (NETWORK, ORDERS, BILLING), sharing_enabled=True
    )
    with Cloud(account=NETWORK, region=REGION) as cloud:
        landscape.found()
        made = run(lambda: meshkit.SharedMesh("shop", lattice_data()), cloud=cloud)
        assert made.ok, made.failures
        found = Shop(cloud)
        found.register()
        yield found


def told(rows: dict[str, Row], name: str) -> list[str]:
    return [each.text for each in rows[name].remarks if each.kind == "missing"]


def test_a_mesh_as_its_file_says_is_confirmed(shop: Shop) -> None:
    rows = shop.rows()
    network = shop.live.lattice.network
    assert list(rows) == [network, *shop.live.lattice.services, "web", "cart"]
    found = {name: [each.text for each in row.remarks] for name, row in rows.items()}
    services = (network, *shop.live.lattice.services)
    assert {name: found[name] for name in services} == {name: [] for name in services}
    assert {rows[name].outcome for name in services} == {"confirmed"}
    assert {rows[name].outcome for name in ("web", "cart")} == {"in part"}  # no ECS service named


# One thing that is broken each.


def no_auth(shop: Shop) -> None:
    client, arn = shop.service("stock.local")
    client.update_service(serviceIdentifier=arn, authType="NONE")


def no_network_auth(shop: Shop) -> None:
    shop.client("network").update_service_network(
        serviceNetworkIdentifier=shop.live.network, authType="NONE"
    )


def no_policy(shop: Shop) -> None:
    client, arn = shop.service("stock.local")
    client.update_service(serviceIdentifier=arn, authType="NONE")
    client.delete_auth_policy(resourceIdentifier=arn)
    client.update_service(serviceIdentifier=arn, authType="AWS_IAM")


def _put(client: Any, arn: str | None) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client.put_auth_policy(resourceIdentifier=arn, policy=policy)


def wide_policy(shop: Shop) -> None:
    _put(*shop.service("cart.local"))


def wide_network(shop: Shop) -> None:
    _put(shop.client("network"), shop.live.network)


def out_of_the_network(shop: Shop) -> None:
    client, arn = shop.service("cart.local")
    found = client.list_service_network_service_associations(serviceIdentifier=arn)["items"]
    for each in found:
        client.delete_service_network_service_association(
            serviceNetworkServiceAssociationIdentifier=each["id"]
        )


def no_vpc(shop: Shop) -> None:
    client = shop.client("orders")
    found = client.list_service_network_vpc_associations(vpcIdentifier="vpc-22222222")["items"]
    for each in found:
        client.delete_service_network_vpc_association(
            serviceNetworkVpcAssociationIdentifier=each["id"]
        )


def no_targets(shop: Shop) -> None:
    client, groups = shop.groups("ledger.local")
    targets = [{"id": "10.0.0.10", "port": 8080}]
    client.deregister_targets(targetGroupIdentifier=groups[0], targets=targets)


def no_rule(shop: Shop) -> None:
    client, arn = shop.service("cart.local")
    (listener,) = client.list_listeners(serviceIdentifier=arn)["items"]
    ids = {"serviceIdentifier": arn, "listenerIdentifier": listener["id"]}
    for each in client.list_rules(**ids)["items"]:
        if not each.get("isDefault"):
            client.delete_rule(**ids, ruleIdentifier=each["id"])


def turned_weights(shop: Shop) -> None:
    client, arn = shop.service("cart.local")
    (listener,) = client.list_listeners(serviceIdentifier=arn)["items"]
    ids = {"serviceIdentifier": arn, "listenerIdentifier": listener["id"]}
    action = client.get_listener(**ids)["defaultAction"]
    for each in action["forward"]["targetGroups"]:
        each["weight"] = 100 - each["weight"]
    client.update_listener(**ids, defaultAction=action)


def other_match(shop: Shop) -> None:
    client, arn = shop.service("cart.local")
    (listener,) = client.list_listeners(serviceIdentifier=arn)["items"]
    ids = {"serviceIdentifier": arn, "listenerIdentifier": listener["id"]}
    (rule,) = (each for each in client.list_rules(**ids)["items"] if not each.get("isDefault"))
    match = {"httpMatch": {"pathMatch": {"caseSensitive": True, "match": {"prefix": "/old"}}}}
    client.update_rule(**ids, ruleIdentifier=rule["id"], match=match)


def one_more_listener(shop: Shop) -> None:
    client, arn = shop.service("stock.local")
    client.create_listener(
        serviceIdentifier=arn,
        name="more",
        port=9090,
        protocol="HTTP",
        defaultAction={"fixedResponse": {"statusCode": 404}},
    )


def no_listener(shop: Shop) -> None:
    client, arn = shop.service("stock.local")
    (listener,) = client.list_listeners(serviceIdentifier=arn)["items"]
    client.delete_listener(serviceIdentifier=arn, listenerIdentifier=listener["id"])


def no_right(shop: Shop) -> None:
    iam = shop.client("orders", "iam")
    for name in iam.list_role_policies(RoleName="shop-web")["PolicyNames"]:
        iam.delete_role_policy(RoleName="shop-web", PolicyName=name)


def no_role(shop: Shop) -> None:
    no_right(shop)
    shop.client("orders", "iam").delete_role(RoleName="shop-web")


def second_network(shop: Shop) -> None:
    client, arn = shop.service("stock.local")
    other = client.create_service_network(name="second", authType="AWS_IAM")["arn"]
    client.create_service_network_service_association(
        serviceIdentifier=arn, serviceNetworkIdentifier=other
    )


BROKEN: dict[str, tuple[Callable[[Shop], None], str, str]] = {
    "no auth": (no_auth, "stock.local", "auth type NONE"),
    "no auth of the network": (no_network_auth, "", "auth type NONE"),
    "no policy": (no_policy, "stock.local", "no auth policy, and so lets nobody in"),
    "a wide policy": (wide_policy, "cart.local", "is not that of the file"),
    "a wide network": (wide_network, "", "is not that of the file"),
    "out of the network": (out_of_the_network, "cart.local", "not in the network"),
    "in a second network": (second_network, "stock.local", "in another network too"),
    "a VPC that is out": (no_vpc, "", "VPC vpc-22222222 of orders is not in the network"),
    "no targets": (no_targets, "ledger.local", "node ledger has no target on port 8080"),
    "no rule": (no_rule, "cart.local", "port 8080 has no rule for route new"),
    "turned weights": (turned_weights, "cart.local", "goes elsewhere than the file says"),
    "another match": (other_match, "cart.local", "the rule of route new takes other requests"),
    "one more listener": (one_more_listener, "stock.local", "it listens on port 9090"),
    "no listener": (
        no_listener,
        "stock.local",
        "it does not listen on port 8080",
    ),
    "no right to call": (no_right, "web", "it may not call cart.local (GET /*)"),
    "no role": (no_role, "web", "there is no role"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found(shop: Shop, name: str) -> None:
    break_it, where, words = BROKEN[name]
    break_it(shop)
    rows = shop.rows()
    place = where or shop.live.lattice.network
    missing = [each for each in rows[place].remarks if each.kind == "missing"]
    assert words in missing[0].text
    assert missing[0].mend
    assert rows[place].outcome == "missing"
    others = {row.endpoint for row in rows.values() if row.outcome == "missing"}
    assert others == {place}


def run_command(shop: Shop, account: str, command: str) -> None:
    """Makes the call that a command of the AWS CLI makes."""
    words = shlex.split(command)
    assert words[0] == "aws"
    pairs = dict(zip(words[3::2], words[4::2], strict=True))
    pairs.pop("--region", None)
    client = shop.client(account, words[1])
    operation = words[2].replace("-", "_")
    members = client.meta.service_model.operation_model(
        client.meta.method_to_api_mapping[operation]
    ).input_shape.members
    given = {key: pairs[f"--{xform_name(key, '-')}"] for key in members
             if f"--{xform_name(key, '-')}" in pairs}  # fmt: skip
    getattr(client, operation)(**given)


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("no auth", "billing"),
        ("no auth of the network", "network"),
        ("no policy", "billing"),
        ("a wide policy", "orders"),
        ("out of the network", "orders"),
        ("in a second network", "billing"),
        ("a VPC that is out", "orders"),
        ("one more listener", "billing"),
        ("no right to call", "orders"),
    ],
)
def test_its_mend_mends_it(shop: Shop, name: str, account: str) -> None:
    break_it, where, _ = BROKEN[name]
    break_it(shop)
    place = where or shop.live.lattice.network
    for remark in shop.rows()[place].remarks:
        for command in remark.mend:
            run_command(shop, account, command)
    assert not told(shop.rows(), place)
