"""Reads through boto3 what there is in App Mesh."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.corpus.original import Made, Original, name_key, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Where = dict[str, str]
"""The keys by which the API finds something."""

CONSUMERS = ("VirtualNode", "VirtualService", "VirtualRouter")
OWNERS = ("Mesh", *CONSUMERS, "VirtualGateway")
"""The owner of a mesh may list gateways as well."""
BELOW = {"VirtualRouter": "Route", "VirtualGateway": "GatewayRoute"}


def read_back(clients: Mapping[str, Any], mesh: str, owner: str) -> Original:
    """Everything in a mesh, each thing read in the account that made it.

    ``clients`` are App Mesh clients by account.
    """
    within = {"meshName": mesh, "meshOwner": owner}
    return {
        name_of(kind, item): Made(item["metadata"]["resourceOwner"], item["spec"])
        for account, client in clients.items()
        for kind, where in _listed(client, account, within)
        for item in [_described(client, kind, where)]
    }


def _listed(client: Any, account: str, within: Where) -> Iterator[tuple[str, Where]]:
    """The kind and place of everything that an account made."""
    for kind in OWNERS if account == within["meshOwner"] else CONSUMERS:
        for where, maker in _list(client, kind, {} if kind == "Mesh" else within):
            if maker == account:
                yield kind, where
            if kind in BELOW:
                below = _list(client, BELOW[kind], where)
                yield from ((BELOW[kind], each) for each, maker in below if maker == account)


def _list(client: Any, kind: str, within: Where) -> Iterator[tuple[Where, str]]:
    plural = kind + ("es" if kind == "Mesh" else "s")
    for page in client.get_paginator(f"list_{_snake(plural)}").paginate(**within):
        for item in page[plural[0].lower() + plural[1:]]:
            found = {"meshOwner": item["meshOwner"], name_key(kind): item[name_key(kind)]}
            yield within | found, item["resourceOwner"]


def _described(client: Any, kind: str, where: Where) -> dict[str, Any]:
    answer = getattr(client, f"describe_{_snake(kind)}")(**where)
    item: dict[str, Any] = answer[kind[0].lower() + kind[1:]]
    assert item["status"] == {"status": "ACTIVE"}
    assert item["metadata"]["meshOwner"] == where["meshOwner"]
    return item


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
