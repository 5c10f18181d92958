"""A mesh on VPC Lattice of three accounts, for programs with and without mistakes in them."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from meshkit.inspect.proof import prove
from meshkit.topology.check import check
from tests.inspect.proof.programs import BILLING, NETWORK, ORDERS, deployed, program_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshkit.graph import Graph
    from meshkit.inspect.proof import Proof
    from tests.inspect.proof.programs import Plant

INVOKE = "vpc-lattice-svcs:Invoke"
ORGANIZATION = "o-exampleorg1"
VPCS = {NETWORK: "vpc-11111111", ORDERS: "vpc-22222222", BILLING: "vpc-33333333"}
ROLES = {
    key: f"arn:aws:iam::{account}:role/shop-{key}"
    for key, account in (
        ("ledger", NETWORK), ("web", ORDERS), ("cart", ORDERS), ("stock", BILLING),
    )
}  # fmt: skip
"""Role names are fixed, so that a program can add to them by hand."""


def lattice_data() -> dict[str, Any]:
    """The mesh file: the web calls the cart, which reads of the stock; the stock calls the ledger.

    TLS is handed on to the vault, which the cart alone connects to.
    """

    def account(id_: str) -> dict[str, Any]:
        return {"id": id_, "assume_role": {"name": "mesh-deployer"}, "vpc_id": VPCS[id_]}

    def node(name: str, protocol: str = "http", **more: Any) -> dict[str, Any]:
        return {
            "role": {"name": f"shop-{name}"},
            "listeners": [{"port": 8080, "protocol": protocol}],
            "service_discovery": {"dns": f"{name}.shop.local"},
            **more,
        }

    reading = {"service": "stock.local", "methods": ["GET"], "paths": ["/items", "/items/*"]}
    routes = {
        "new": {"http": {"match": {"prefix": "/new"}, "targets": {"cart": 100}}},
        "rest": {"http": {"match": {"prefix": "/"}, "targets": {"cart": 90, "cart-v2": 10}}},
    }
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": "eu-west-1",
        "owner": "network",
        "organization": {
            "id": ORGANIZATION,
            "management_account": "999999999999",
            "sharing_enabled": True,
        },
        "accounts": {
            "network": account(NETWORK),
            "orders": account(ORDERS),
            "billing": account(BILLING),
        },
        "share": {"principals": ["orders", "billing"]},
        "nodes": {
            "ledger": node("ledger"),
            "web": node("web", account="orders", backends=["cart.local"]),
            "cart": node("cart", account="orders", backends=[reading, "vault.local"]),
            "cart-v2": node("cart", account="orders", backends=[reading, "vault.local"]),
            "stock": node("stock", account="billing", backends=["ledger.local"]),
            "vault": node("vault", "tcp"),
        },
        "routers": {
            "cart": {
                "account": "orders",
                "listeners": [{"port": 8080, "protocol": "http"}],
                "routes": routes,
            }
        },
        "services": {
            "ledger.local": {"node": "ledger"},
            "cart.local": {"router": "cart"},
            "stock.local": {"node": "stock"},
            "vault.local": {
                "node": "vault",
                "lattice": {"domain": "vault.example.com", "passthrough": True},
            },
        },
    }


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The mesh file with a change."""
    data = copy.deepcopy(lattice_data())
    change(data)
    return data


@cache
def _deployed(data: str) -> Graph:
    """What a program of a file alone makes, once for all that look at it."""
    return deployed(program_of(json.loads(data)))


def lattice_graph() -> Graph:
    """What the mesh file makes."""
    return _deployed(json.dumps(lattice_data()))


def lattice_proof(
    data: Mapping[str, Any],
    plant: Plant | None = None,
    *,
    file: Mapping[str, Any] | None = None,
    edit: Callable[[Graph], Graph] | None = None,
) -> Proof:
    """The proof of a deployed program against its mesh file, or against another file.

    ``edit`` changes what was deployed, as somebody might have done by hand.
    """
    graph = deployed(program_of(data, plant)) if plant else _deployed(json.dumps(data))
    return prove(edit(graph) if edit else graph, [check(file or data).resolve()])
