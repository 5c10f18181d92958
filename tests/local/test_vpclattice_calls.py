"""A mesh file on VPC Lattice, deployed on the local cloud: who can call what, method and path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.local.services.vpclattice.backend import everywhere
from meshkit.local.services.vpclattice.invocation import Invocation, invoke
from meshkit.local.services.vpclattice.kinds import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator

MESH = Path(__file__).parents[2] / "docs" / "examples" / "lattice"
REGION = "eu-west-1"
ACCOUNTS = ("111111111111", "222222222222", "333333333333")
CALLS = [("GET", "/items"), ("GET", "/items/1"), ("POST", "/items"), ("GET", "/admin")]
EDGE = ("storefront", "catalog")
"""Its file lets this caller read the service's items, and nobody do anything else."""


@pytest.fixture(scope="module")
def roles() -> Iterator[dict[str, str]]:
    """The roles of the deployed mesh, by the name of their node."""
    with Cloud(account=ACCOUNTS[0], region=REGION) as cloud:
        landscape_of(MESH, {}).found()
        done = run(MESH, cloud=cloud)
        assert (done.failures, done.skipped) == ((), ())
        found = {}
        for account in ACCOUNTS:
            for role in cloud.client("iam", account).list_roles()["Roles"]:
                node = role["RoleName"].removeprefix("shop-").rpartition("-")[0]
                found[node] = role["Arn"]
        yield found


def allowed(caller: str | None, service: str, method: str, path: str) -> bool:
    (name,) = (
        each.values["name"]
        for each in everywhere(SERVICE, REGION)
        if each.values["name"].startswith(f"shop-{service}-")
    )
    return invoke(Invocation(name, caller, method, path), REGION).allowed


@pytest.mark.parametrize("service", ["storefront", "catalog"])
@pytest.mark.parametrize("node", ["storefront", "catalog-v1", "catalog-v2", "ecs-targets", None])
def test_exactly_the_edges_of_the_file_may_call(
    roles: dict[str, str], node: str | None, service: str
) -> None:
    caller = roles[node] if node else None

    may = {call for call in CALLS if allowed(caller, service, *call)}

    reading = {("GET", "/items"), ("GET", "/items/1")}
    assert may == (reading if (node, service) == EDGE else set())
