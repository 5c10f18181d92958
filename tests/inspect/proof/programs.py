"""A mesh of three accounts and five proxies, for programs with and without mistakes in them."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pulumi

import meshkit
from meshkit.graph import Graph
from meshkit.inspect.places import Place, placed
from meshkit.inspect.proof import Proof, prove
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import Landscape
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Plant = Callable[[meshkit.SharedMesh], None]

NETWORK, ORDERS, BILLING = "111111111111", "222222222222", "333333333333"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
STREAM = "appmesh:StreamAggregatedResources"
HEAD = "arn:aws:appmesh:eu-west-1"
LEDGER = f"{HEAD}:{NETWORK}:mesh/shop/virtualNode/ledger"
INGRESS = f"{HEAD}:{NETWORK}:mesh/shop/virtualGateway/ingress"
STOREFRONT = f"{HEAD}:{ORDERS}:mesh/shop@{NETWORK}/virtualNode/storefront"
CART = f"{HEAD}:{ORDERS}:mesh/shop@{NETWORK}/virtualNode/cart"
CATALOG = f"{HEAD}:{BILLING}:mesh/shop@{NETWORK}/virtualNode/catalog"
ROLES = {
    "ledger": NETWORK,
    "ingress": NETWORK,
    "storefront": ORDERS,
    "cart": ORDERS,
    "catalog": BILLING,
}
"""Role names are fixed, so that a program can add to them by hand."""


def mesh_data() -> dict[str, Any]:
    """The mesh file."""

    def account(id_: str) -> dict[str, Any]:
        return {"id": id_, "assume_role": {"name": "mesh-deployer"}}

    def node(name: str, **more: Any) -> dict[str, Any]:
        return {
            "role": {"name": f"shop-{name}"},
            "listeners": [{"port": 8080, "protocol": "http"}],
            "service_discovery": {"dns": f"{name}.shop.local"},
            **more,
        }

    def pods(name: str, cluster: str, identity: str) -> dict[str, Any]:
        return {
            "type": "eks",
            "cluster": cluster,
            "namespace": "shop",
            "service_account": name,
            "identity": identity,
        }

    return {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "organization": {
            "id": "o-exampleorg1",
            "management_account": "999999999999",
            "sharing_enabled": True,
        },
        "accounts": {
            "network": account(NETWORK),
            "orders": account(ORDERS),
            "billing": account(BILLING),
        },
        "clusters": {
            "main": {"account": "orders", "oidc_issuer": f"https://{ISSUER}"},
            "pods": {"account": "orders"},
        },
        "share": {"principals": ["orders", "billing"]},
        "nodes": {
            "ledger": node("ledger", tracing="xray"),
            "storefront": node(
                "storefront", account="orders", workload=pods("storefront", "main", "irsa")
            ),
            "cart": node("cart", account="orders", workload=pods("cart", "pods", "pod-identity")),
            "catalog": node("catalog", account="billing"),
        },
        "gateways": {
            "ingress": {
                "role": {"name": "shop-ingress"},
                "workload": {"type": "ec2"},
                "listeners": [{"port": 8443, "protocol": "http"}],
            }
        },
    }


def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The mesh file with a change."""
    data = copy.deepcopy(mesh_data())
    change(data)
    return data


def program_of(data: Mapping[str, Any], plant: Plant | None = None) -> Callable[[], None]:
    """A program that makes the mesh and then what is planted beside it."""

    def program() -> None:
        mesh = meshkit.SharedMesh("shop", data)
        if plant is not None:
            plant(mesh)

    return program


def previewed(program: Callable[[], None]) -> Graph:
    """What a preview of a program tells: nothing that only AWS knows."""
    return placed(run_program(program, preview=True), Place(NETWORK, "eu-west-1"))


def deployed(program: Callable[[], None]) -> Graph:
    """What a program asks of the local cloud, also what that refuses."""
    landscape = Landscape(
        NETWORK, "o-exampleorg1", "999999999999", (NETWORK, ORDERS, BILLING), sharing_enabled=True
    )
    with Cloud(account=NETWORK) as cloud:
        landscape.found()
        cloud.client("eks", ORDERS, "eu-west-1").create_cluster(
            name="pods",
            roleArn=f"arn:aws:iam::{ORDERS}:role/eks",
            resourcesVpcConfig={"subnetIds": ["subnet-1", "subnet-2"]},
        )
        result = run(program, cloud=cloud)
    faults = [each.message for each in result.failures if not each.urn]
    assert not faults, faults
    assert not result.skipped, result.failures
    return Graph((*result.graph, *result.refused))


def proof_of(
    data: Mapping[str, Any],
    plant: Plant | None = None,
    *,
    file: Mapping[str, Any] | None = None,
    look: Callable[[Callable[[], None]], Graph] = previewed,
) -> Proof:
    """The proof of a program against its mesh file, or against another file."""
    return prove(look(program_of(data, plant)), [check(file or data).resolve()])


def codes(proof: Proof) -> list[str]:
    """What a proof finds: each code once, and whether something is open."""
    found = {each.code for each in proof.violations}
    return [*sorted(found), *(["open"] if proof.unknowns else [])]


def at(mesh: meshkit.SharedMesh, account: str) -> pulumi.ResourceOptions:
    """Options of a resource of an account."""
    return pulumi.ResourceOptions(provider=mesh.providers[account], depends_on=[mesh])


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Any, resources: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: Any, resources: Any, **more: Any) -> dict[str, Any]:
    return {**allow(actions, resources, **more), "Effect": "Deny"}
