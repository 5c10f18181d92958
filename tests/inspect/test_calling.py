"""What becomes of a call on VPC Lattice, and which layer refuses it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.graph import Graph
from meshkit.inspect.calling import service_names, unknown_service
from meshkit.inspect.explain import explain
from meshkit.inspect.proof.case import case_of
from meshkit.inspect.proof.where import nowhere
from meshkit.inspect.refusal import checked
from meshkit.inspect.who_can import who_can
from meshkit.policy.denial import Denial
from meshkit.policy.lattice import CONNECT
from meshkit.topology.check import check
from tests.inspect.proof.lattice_programs import INVOKE, ROLES, lattice_data, lattice_graph

if TYPE_CHECKING:
    from meshkit.inspect.proof.case import Case

UNHEARD = "arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-0123456789abcdef0"


@cache
def case(without: str = "") -> Case:
    """The program; without a policy, by the name of its resource."""
    graph = Graph(
        tuple(each for each in lattice_graph() if each.name != without or "Policy" not in each.type)
    )
    return case_of(graph, [check(lattice_data()).resolve()], nowhere)


def refused(role: str, resource: str) -> Denial:
    return Denial(action=INVOKE, resource=resource, caller=ROLES[role])


def test_a_service_goes_by_the_name_of_its_mesh() -> None:
    assert set(service_names(case())) == {
        "ledger.local",
        "cart.local",
        "stock.local",
        "vault.local",
    }
    assert [each.arn for each in who_can(case(), INVOKE, "stock.local/items")] == [ROLES["cart"]]
    assert who_can(case(), INVOKE, "stock.local/else") == ()
    assert [each.arn for each in who_can(case(), INVOKE, "cart.local")] == [ROLES["web"]]


def test_a_service_of_no_file_goes_by_its_own_name() -> None:
    found = case_of(lattice_graph(), [], nowhere)

    assert all(name.startswith("shop-") for name in service_names(found))


def test_a_misspelt_service_gets_the_nearest() -> None:
    with pytest.raises(MeshkitError, match=r'no service "stok.local" .did you mean "stock.local"'):
        who_can(case(), INVOKE, "stok.local/items")
    with pytest.raises(MeshkitError, match=r'no service "xyz"; it makes .*stock.local'):
        who_can(case(), INVOKE, "xyz")


def test_an_arn_of_another_run_is_told() -> None:
    assert "makes no service svc-0123456789abcdef0" in str(unknown_service(case(), INVOKE, UNHEARD))
    stock = service_names(case())["stock.local"]
    assert unknown_service(case(), INVOKE, f"{stock}/items") is None
    assert unknown_service(case(), "s3:GetObject", "arn:aws:s3:::b/k") is None


def test_of_tls_that_is_handed_on_no_role_is_asked() -> None:
    (holder,) = who_can(case(), CONNECT, "vault.local")

    assert (holder.arn, holder.answer) == ("anybody without an identity", "can't tell")


@pytest.mark.parametrize(
    ("name", "told"),
    [("web", ("may call cart.local: caller, network and service allow it",)), ("ledger", ())],
)
def test_a_role_is_explained_with_what_it_may_call(name: str, told: tuple[str, ...]) -> None:
    assert explain(case(), name).calls == told


def test_a_node_s_name_means_its_role() -> None:
    assert explain(case(), "stock").subject.arn == ROLES["stock"]


@pytest.mark.parametrize(
    ("without", "layer"),
    [
        ("shop-auth", "the auth policy of the network"),
        ("shop-auth-cart.local", "the auth policy of the service"),
        ("shop-shared-222222222222-shop-web", "the caller's own policies"),
    ],
)
def test_the_layer_that_refuses_is_named(without: str, layer: str) -> None:
    found = case(without)
    assert len(found.graph) < len(lattice_graph())
    cart = service_names(found)["cart.local"]

    (told,) = explain(found, ROLES["web"]).calls
    answer = checked(found, refused("web", f"{cart}/"))

    assert told.startswith("may not call cart.local (")
    assert f"{layer}: " in told
    assert answer.outcome == "implicit-deny"
    assert f"is refused by {layer}: " in answer.told


def test_a_deny_of_a_service_is_named() -> None:
    deny = {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    graph = Graph(tuple(denying(each, deny) for each in lattice_graph()))
    found = case_of(graph, [check(lattice_data()).resolve()], nowhere)
    cart = service_names(found)["cart.local"]

    answer = checked(found, refused("web", f"{cart}/"))

    assert answer.outcome == "explicit-deny"
    assert "the auth policy of the service: " in answer.told


def denying(resource: Any, statement: dict[str, Any]) -> Any:
    if resource.name != "shop-auth-cart.local":
        return resource
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return replace(resource, inputs={**resource.inputs, "policy": json.dumps(policy)})


def test_what_the_program_lets_pass_is_deployed_otherwise() -> None:
    cart = service_names(case())["cart.local"]

    assert checked(case(), refused("web", f"{cart}/")).outcome == "allow"
    assert checked(case(), refused("web", f"{UNHEARD}/")).outcome == "unknown"
