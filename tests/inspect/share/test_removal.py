"""What a change to a program's share orphans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from meshkit import SharedMesh
from meshkit.graph import UNKNOWN, Graph, Resource
from meshkit.inspect.share.removal import (
    EXCLUSIVE,
    MESH_IN_SHARE,
    PRINCIPAL,
    Removal,
    removal,
)
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from tests.inspect.share.conftest import EXAMPLES
from tests.programs import run_program
from tests.test_mesh import mesh_file

if TYPE_CHECKING:
    from collections.abc import Callable

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
    return {each.resource.name for each in removal(before, after).orphans}


EVERYTHING = {
    "shop-node-api",
    "shop-router-api",
    "shop-route-api.all",
    "shop-service-api.local",
}


@pytest.mark.parametrize("type_", [PRINCIPAL, MESH_IN_SHARE])
def test_what_stays_while_the_way_in_goes_is_orphaned(type_: str) -> None:
    before = program("orders")

    found = removal(before, without(before, lambda each: each.type == type_)).orphans

    assert {each.resource.name for each in found} == EVERYTHING
    assert {each.account for each in found} == {ORDERS}
    assert {each.removed.association.type for each in found} == {type_}


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

    assert removal(graph, graph) == Removal((), ())


def is_principal_of(name: str) -> Callable[[Resource], bool]:
    return lambda each: each.type == PRINCIPAL and each.name.startswith(name)


def two_meshes(**second: Any) -> Graph:
    def both() -> None:
        SharedMesh("shop", mesh_file(share={"principals": ["orders"]}))
        SharedMesh("other", mesh_file(share={"principals": ["orders"]}, **second))

    return Graph(tuple(_in_its_account(each) for each in run_program(both)))


@pytest.mark.parametrize("second", [{"name": "back"}, {"region": "us-east-1"}])
@pytest.mark.parametrize("type_", [PRINCIPAL, MESH_IN_SHARE])
def test_a_way_into_one_mesh_is_none_into_another(second: dict[str, Any], type_: str) -> None:
    before = two_meshes(**second)

    after = without(before, lambda each: each.type == type_ and each.name.startswith("shop"))

    assert orphans(before, after) == EVERYTHING


def test_a_share_of_subnets_lets_nobody_into_the_mesh() -> None:
    share = {"principals": ["orders"], "subnets": ["subnet-1"]}
    graph = run_program(lambda: SharedMesh("shop", mesh_file(share=share)))
    before = Graph(tuple(_in_its_account(each) for each in graph))

    without_subnets = without(before, is_principal_of("shop-subnets"))
    assert removal(before, without_subnets) == Removal((), ())
    assert orphans(before, without(before, is_principal_of("shop-share"))) == EVERYTHING


def changed(graph: Graph, of: str, /, **fields: Any) -> Graph:
    return Graph(tuple(replace(each, **fields) if each.name == of else each for each in graph))


def test_a_principal_that_gives_its_name_to_another_goes() -> None:
    before = program("orders")
    share = before.of_type(PRINCIPAL)[0].inputs["resourceShareArn"]

    after = changed(
        before,
        f"shop-share-{ORDERS}",
        inputs={"principal": "333333333333", "resourceShareArn": share},
    )

    assert orphans(before, after) == EVERYTHING


def test_a_principal_that_only_the_deployment_tells_is_not_known_to_stay() -> None:
    before = program("orders")
    (association,) = before.of_type(PRINCIPAL)

    after = changed(before, association.name, inputs={**association.inputs, "principal": UNKNOWN})

    found = removal(before, after)
    assert [each.principal for each in found.lost] == [ORDERS]
    assert found.orphans == ()


def test_a_mesh_that_joins_a_share_shuts_nobody_out() -> None:
    after = program("orders")

    assert removal(without(after, lambda each: each.type == MESH_IN_SHARE), after).lost == ()


def test_an_association_under_another_name_is_the_same_way() -> None:
    before = program("orders")

    after = changed(before, f"shop-share-{ORDERS}", urn="urn:other", name="other")

    assert removal(before, after) == Removal((), ())


def test_a_share_made_anew_lets_the_same_accounts_in() -> None:
    before = program("orders")
    (share,) = (each for each in before if each.name == "shop-share" and "Share" in each.type[-5:])
    new = {"resourceShareArn": UNKNOWN}

    after = Graph(
        tuple(
            replace(
                each,
                inputs={**each.inputs, **new},
                input_dependencies={"resourceShareArn": (share.urn,)},
            )
            if each.type in (PRINCIPAL, MESH_IN_SHARE)
            else each
            for each in before
        )
    )

    assert removal(before, after) == Removal((), ())
    assert orphans(before, without(after, lambda each: each.type == PRINCIPAL)) == EVERYTHING


def test_principals_kept_in_one_resource_are_looked_into() -> None:
    plain = program("orders")
    (mesh,) = plain.of_type(MESH_IN_SHARE)
    kept = without(plain, lambda each: each.type in (PRINCIPAL, MESH_IN_SHARE))

    def exclusive(principals: list[str]) -> Graph:
        inputs = {
            "principals": principals,
            "resourceArns": [mesh.inputs["resourceArn"]],
            "resourceShareArn": mesh.inputs["resourceShareArn"],
        }
        return Graph((*kept, Resource("urn:all", EXCLUSIVE, "all", inputs)))

    before = exclusive([ORDERS, "333333333333"])
    assert orphans(before, exclusive(["333333333333"])) == EVERYTHING
    (lost,) = removal(before, exclusive([ORDERS])).lost
    assert lost.principal == "333333333333"


def test_an_organization_that_stays_may_let_an_account_in() -> None:
    """It is told what goes; whether the account is of the organization, only AWS can tell."""
    both = program("orders", ORGANIZATION)

    after = without(both, lambda each: each.inputs.get("principal") == ORDERS)

    assert orphans(both, after) == set()
    assert [each.principal for each in removal(both, after).lost] == [ORDERS]


BILLING, NETWORK = "333333333333", "111111111111"
OF_BILLING = {
    "shop-service-catalog.shop.local",
    "shop-service-invoices.shop.local",
    "shop-vpc-billing",
}


@pytest.fixture(scope="module")
def lattice_programs() -> dict[str, Graph]:
    """What the example of VPC Lattice has on a local cloud, by what is shared."""
    return {sharing: on_lattice(sharing) for sharing in ("network", "both")}


def on_lattice(sharing: str) -> Graph:
    folder = EXAMPLES / "lattice-team-stacks"
    text = (folder / "mesh.yaml").read_text("utf-8")
    data = yaml.safe_load(text.replace("sharing: network", f"sharing: {sharing}"))
    with Cloud(account=NETWORK, region="eu-west-1") as cloud:
        landscape_of(folder, {}).found()
        outcome = run(lambda: SharedMesh("shop", data), cloud=cloud)
    assert outcome.ok
    return outcome.graph


def lost_principal(resource: Resource, principal: str) -> bool:
    return resource.type == PRINCIPAL and resource.inputs["principal"] == principal


def test_associations_with_a_network_are_orphaned(lattice_programs: dict[str, Graph]) -> None:
    before = lattice_programs["network"]

    after = without(before, lambda each: lost_principal(each, BILLING))

    assert orphans(before, after) == OF_BILLING


def test_associations_that_go_with_the_principal_are_not(
    lattice_programs: dict[str, Graph],
) -> None:
    before = lattice_programs["network"]

    after = without(before, lambda each: lost_principal(each, BILLING) or each.name in OF_BILLING)

    assert orphans(before, after) == set()


def test_the_mesh_owner_s_associations_with_services_are_orphaned(
    lattice_programs: dict[str, Graph],
) -> None:
    before = lattice_programs["both"]

    after = without(before, lambda each: lost_principal(each, NETWORK) and each.account == BILLING)

    lost = removal(before, after).lost
    assert {each.principal for each in lost} == {NETWORK}
    assert orphans(before, after) == {
        "shop-service-catalog.shop.local",
        "shop-service-invoices.shop.local",
    }
