"""What a change to a program's share orphans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from meshkit import SharedMesh
from meshkit.graph import Graph
from meshkit.inspect.share.removal import MESH_IN_SHARE, PRINCIPAL, orphans_of_removal
from tests.programs import run_program
from tests.test_mesh import mesh_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.graph import Resource

ORDERS = "222222222222"
ORGANIZATION = "arn:aws:organizations::999999999999:organization/o-exampleorg1"


def program(*principals: str) -> Graph:
    graph = run_program(
        lambda: SharedMesh("shop", mesh_file(share={"principals": list(principals)}))
    )
    return Graph(tuple(_in_its_account(each) for each in graph))


def _in_its_account(resource: Resource) -> Resource:
    """As a run or a state has it: the mock engine knows no accounts."""
    return replace(resource, account=ORDERS if resource.provider else "111111111111")


def without(graph: Graph, drop: Callable[[Resource], bool]) -> Graph:
    return Graph(tuple(each for each in graph if not drop(each)))


def orphans(before: Graph, after: Graph) -> set[str]:
    return {each.resource.name for each in orphans_of_removal(before, after)}


EVERYTHING = {
    "shop-node-api",
    "shop-router-api",
    "shop-route-api.all",
    "shop-service-api.local",
}


@pytest.mark.parametrize("type_", [PRINCIPAL, MESH_IN_SHARE])
def test_what_stays_while_the_way_in_goes_is_orphaned(type_: str) -> None:
    before = program("orders")

    found = orphans_of_removal(before, without(before, lambda each: each.type == type_))

    assert {each.resource.name for each in found} == EVERYTHING
    assert {each.account for each in found} == {ORDERS}
    assert {each.removed.type for each in found} == {type_}


def test_what_goes_with_it_is_not() -> None:
    before = program("orders")

    def consumers(each: Resource) -> bool:
        return each.type == PRINCIPAL or each.account == ORDERS

    assert orphans(before, without(before, consumers)) == set()


def test_an_account_that_stays_a_principal_is_let_in() -> None:
    both = program("orders", ORGANIZATION)

    def is_organization(each: Resource) -> bool:
        return each.type == PRINCIPAL and not str(each.inputs["principal"]).isdigit()

    assert orphans(both, without(both, is_organization)) == set()
    wide: Any = program(ORGANIZATION)
    assert orphans(wide, without(wide, is_organization)) == EVERYTHING


def test_no_change_orphans_nothing() -> None:
    graph = program("orders")

    assert orphans_of_removal(graph, graph) == ()
