"""What is in a picture: of a mesh file, of a program, and by accounts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from meshkit.graph import UNKNOWN, Graph, Resource, Secret
from meshkit.inspect.diagram.by_account import MOST_BOXES, by_account, readable
from meshkit.inspect.diagram.of_graph import pictures_of_graph
from meshkit.inspect.diagram.of_mesh import picture_of_mesh
from meshkit.inspect.diagram.weights import weight_labels
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.inspect.diagram.samples import chain, shop

if TYPE_CHECKING:
    from meshkit.inspect.diagram.picture import Edge, Picture
    from meshkit.topology.model import ResolvedMesh

CERTIFICATE = {"file": {"chain": "/chain.pem", "key": "/key.pem"}}
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def edge(picture: Picture, source: str, target: str) -> Edge:
    (found,) = [each for each in picture.edges if (each.source, each.target) == (source, target)]
    return found


def test_every_part_has_a_box_in_its_account() -> None:
    picture = picture_of_mesh(shop())

    assert {box.key: box.group for box in picture.boxes} == {
        "gateway/ingress": "network",
        "node/storefront": "orders",
        "node/catalog-v1": "billing",
        "node/catalog-v2": "billing",
        "node/stock": "billing",
        "node/client": "network",
        "router/catalog": "billing",
        "service/stock.shop.local": "network",
        "service/nobody.shop.local": "network",
    }
    assert [group.label for group in picture.groups] == [
        "network 111111111111",
        "orders 222222222222",
        "billing 333333333333",
    ]


def test_a_service_stands_on_its_provider_of_the_same_account() -> None:
    boxes = picture_of_mesh(shop()).by_key

    assert boxes["node/storefront"].services == ("storefront.shop.local",)
    assert boxes["router/catalog"].services == ("catalog.shop.local",)
    assert boxes["node/stock"].services == ()
    assert boxes["service/stock.shop.local"].details == ("service",)
    assert boxes["service/nobody.shop.local"].details == ("service, no provider",)


def test_who_calls_whom_and_by_what() -> None:
    picture = picture_of_mesh(shop())

    assert [(each.source, each.service, each.tls) for each in picture.calls()] == [
        ("gateway/ingress", "storefront.shop.local", ""),
        ("node/storefront", "catalog.shop.local", ""),
        ("node/storefront", "stock.shop.local", "TLS"),
        ("node/client", "storefront.shop.local", ""),
        ("node/client", "nobody.shop.local", ""),
    ]
    assert edge(picture, "router/catalog", "node/catalog-v1").label == "90%"
    assert edge(picture, "service/stock.shop.local", "node/stock").service == ""


def test_compute_and_listeners_are_told() -> None:
    boxes = picture_of_mesh(shop()).by_key

    assert boxes["node/storefront"].details == ("node on EC2", "http 8080")
    assert boxes["node/stock"].details == ("node on ECS", "http 8080 TLS strict")
    assert boxes["node/client"].details == ("node on ECS", "no listener")
    assert boxes["gateway/ingress"].compute == "ECS"


def test_a_function_and_a_load_balancer_are_told() -> None:
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/a/50dc6c49"
    nodes = {"f": {"workload": {"type": "lambda"}}, "t": {"lattice": {"alb": balancer}}}
    mesh = check({"name": "m", "data_plane": "vpc-lattice", "region": "eu-west-1",
                  "owner": "111111111111", "nodes": nodes}).resolve()  # fmt: skip
    boxes = picture_of_mesh(mesh).by_key

    assert boxes["node/f"].compute == "Lambda"
    assert boxes["node/t"].details[0] == "node on ECS behind an ALB"


@pytest.mark.parametrize(
    ("tls", "marked"),
    [
        ({"validation": {"trust": {"file": "/ca.pem"}}}, "TLS"),
        ({"validation": {"trust": {"file": "/ca.pem"}}, "enforce": False}, ""),
        ({"validation": {"trust": {"file": "/ca.pem"}}, "certificate": CERTIFICATE}, "mTLS"),
    ],
)
def test_the_default_client_policy_marks_calls(tls: dict[str, object], marked: str) -> None:
    mesh = shop(defaults={"backend_defaults": {"client_policy": {"tls": tls}}})
    calls = picture_of_mesh(mesh).calls()

    assert {call.tls for call in calls if call.service != "stock.shop.local"} == {marked}


def test_the_share_is_told_by_the_names_of_the_file() -> None:
    picture = picture_of_mesh(shop())

    assert picture.title == "Mesh shop, owned by network 111111111111"
    assert picture.subtitle == "eu-west-1, shared with orders, billing"
    assert picture_of_mesh(shop_alone()).subtitle == "eu-west-1, not shared"


def shop_alone() -> ResolvedMesh:
    """A mesh of one account that is a plain id."""
    return check(
        {"name": "a", "region": "eu-west-1", "owner": "111111111111", "nodes": {"n": {}}}
    ).resolve()


def test_an_account_that_is_an_id_is_shown_once() -> None:
    assert picture_of_mesh(shop_alone()).owner == "111111111111"


@pytest.mark.parametrize(
    ("routes", "labels"),
    [
        ({"r": [("a", 3), ("b", 1)]}, {"a": "75%", "b": "25%"}),
        ({"r": [("a", 0)]}, {"a": "0%"}),
        ({"r": [("a", 1), ("a", 1), ("b", 2)]}, {"a": "50%", "b": "50%"}),
        ({"r": [("a", 1)], "s": [("a", 1), ("b", 1)]}, {"a": "r 100%, s 50%", "b": "s 50%"}),
        ({}, {}),
    ],
)
def test_weights_are_shares_of_each_route(
    routes: dict[str, list[tuple[str, int]]], labels: dict[str, str]
) -> None:
    assert weight_labels(routes) == labels


@pytest.mark.parametrize("example", ["shared-mesh", "ecs-cross-account"])
def test_a_program_shows_what_its_file_shows_but_for_names_and_compute(example: str) -> None:
    mesh = check(EXAMPLES / example / "mesh.yaml").resolve()
    (ours,) = pictures_of_graph(run(EXAMPLES / example).graph)
    theirs = picture_of_mesh(mesh)
    ids = {group.key: group.id for group in theirs.groups}

    assert {(box.key, box.group, box.services) for box in ours.boxes} == {
        (box.key, ids[box.group], box.services) for box in theirs.boxes
    }
    assert set(ours.edges) == set(theirs.edges)
    assert ours.sharing is not None
    assert theirs.sharing is not None
    assert set(ours.sharing.principals) == {ids[name] for name in theirs.sharing.principals}


def node(name: object, **inputs: object) -> Resource:
    return Resource(
        urn=f"urn:{name}",
        type="aws:appmesh/virtualNode:VirtualNode",
        name="in-the-stack",
        inputs={"name": name, "meshName": "shop", **inputs},
        account="111111111111",
        region="eu-west-1",
    )


def test_what_is_named_but_not_made_stands_elsewhere() -> None:
    backends = [{"virtualService": {"virtualServiceName": "far.shop.local"}}]
    (picture,) = pictures_of_graph(Graph((node("web", spec={"backends": backends}),)))

    assert picture.by_key["service/far.shop.local"].details == ("service, made elsewhere",)
    assert [group.label for group in picture.groups] == ["111111111111", "not in this program"]


def test_secrets_and_unknown_values_show_as_their_marks() -> None:
    secret = Secret("hidden-name")
    backends = [{"virtualService": {"virtualServiceName": secret}}]
    graph = Graph((node(UNKNOWN, spec=UNKNOWN), node(secret, spec={"backends": backends})))
    (picture,) = pictures_of_graph(graph)

    assert [box.name for box in picture.boxes] == ["in-the-stack", "[secret]", "[secret]"]
    assert "hidden-name" not in repr(picture)


def test_each_mesh_has_its_picture() -> None:
    elsewhere = node("b", meshOwner="222222222222")
    pictures = pictures_of_graph(Graph((node("a"), elsewhere)))

    assert [(each.mesh, each.owner) for each in pictures] == [
        ("shop", "111111111111"),
        ("shop", "222222222222"),
    ]


def test_a_program_without_a_mesh_has_no_picture() -> None:
    assert pictures_of_graph(Graph()) == ()


def test_by_account_counts_calls_and_keeps_names() -> None:
    picture = by_account(picture_of_mesh(shop()))

    network, orders, billing = picture.boxes
    assert network.name == "network 111111111111"
    assert network.details == (
        "1 gateway, 1 node, on ECS",
        "2 calls to orders",
        "1 call within",
    )
    assert orders.details == ("1 node, on EC2", "1 call to billing", "1 call to network, 1 by TLS")
    assert [member.name for member in billing.members] == ["catalog-v1", "catalog-v2", "stock"]
    assert orders.members[0].note.endswith("; calls catalog.shop.local, stock.shop.local")
    assert [(each.source, each.target, each.both, each.calls) for each in picture.edges] == [
        ("account/network", "account/orders", True, 3),
        ("account/orders", "account/billing", False, 1),
    ]


def test_an_edge_between_accounts_is_secure_only_where_all_its_calls_are() -> None:
    picture = by_account(picture_of_mesh(shop()))

    assert [each.tls for each in picture.edges] == ["", ""]


def test_lines_that_would_only_hide_each_other_are_left_out() -> None:
    dense = by_account(chain(200, 8))

    assert dense.edges == ()
    assert any("calls to account-1" in detail for detail in dense.boxes[0].details)


def test_only_a_large_mesh_is_shown_by_accounts() -> None:
    assert readable(small := chain(MOST_BOXES, 3)) is small
    assert {box.kind for box in readable(chain(MOST_BOXES + 1, 3)).boxes} == {"account"}


@pytest.mark.parametrize(
    ("sharing", "subtitle"),
    [
        ("network", "eu-west-1, shared with orders, billing"),
        ("both", "eu-west-1, shared with orders, billing, with services of billing, orders"),
    ],
)
def test_a_picture_of_lattice_says_who_shares_services(sharing: str, subtitle: str) -> None:
    text = (EXAMPLES / "lattice-team-stacks" / "mesh.yaml").read_text("utf-8")
    data = yaml.safe_load(text.replace("sharing: network", f"sharing: {sharing}"))

    assert picture_of_mesh(check(data).resolve()).subtitle == subtitle


def test_services_alone_are_shared_without_the_network() -> None:
    text = (EXAMPLES / "lattice-team-stacks" / "mesh.yaml").read_text("utf-8")
    data = yaml.safe_load(text.replace("sharing: network", "sharing: services"))
    del data["share"], data["lattice"]["security_groups"]
    data["nodes"]["storefront"]["account"] = "network"
    del data["nodes"]["invoices"]["backends"]

    picture = picture_of_mesh(check(data).resolve())

    assert picture.subtitle == "eu-west-1, with services of billing"
