"""The components, one resource each, with a mesh of one's own or of somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import (
    GatewayRoute,
    GatewayRouteArgs,
    Mesh,
    MeshArgs,
    MeshkitError,
    Route,
    RouteArgs,
    SharedMeshRef,
    VirtualGateway,
    VirtualGatewayArgs,
    VirtualNode,
    VirtualNodeArgs,
    VirtualRouter,
    VirtualRouterArgs,
    VirtualService,
    VirtualServiceArgs,
)
from meshkit.config.deferred import Deferred, Hole
from meshkit.graph import STACK_TYPE
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.graph import Graph, Resource

LISTENERS = [{"port": 8080, "protocol": "http"}]
NODE = {"listeners": LISTENERS, "service_discovery": {"dns": "a.local"}, "tags": {"team": "a"}}
ROUTE = {"http": {"match": {"prefix": "/"}, "targets": {"a": 1}}, "tags": {"team": "a"}}
GATEWAY_ROUTE = {
    "http": {"match": {"prefix": "/"}, "service": "a.local"},
    "tags": {"team": "a"},
}
OWNER = "111111111111"
KINDS = ("Mesh", "VirtualNode", "VirtualRouter", "Route", "VirtualService", "VirtualGateway",
         "GatewayRoute")  # fmt: skip


def everything() -> None:
    mesh = Mesh("shop", MeshArgs(spec={"egress_filter": "DROP_ALL", "tags": {"team": "a"}}))
    node = VirtualNode("a", VirtualNodeArgs(mesh=mesh, spec=NODE))
    router = VirtualRouter(
        "r", VirtualRouterArgs(mesh=mesh, spec={"listeners": LISTENERS, "tags": {"team": "a"}})
    )
    Route("all", RouteArgs(mesh=mesh, router=router, spec=ROUTE, nodes=[node]))
    service = VirtualService(
        "a.local", VirtualServiceArgs(mesh=mesh, router=router, tags={"team": "a"})
    )
    gateway = VirtualGateway(
        "in", VirtualGatewayArgs(mesh=mesh, spec={"listeners": LISTENERS, "tags": {"team": "a"}})
    )
    GatewayRoute(
        "web", GatewayRouteArgs(mesh=mesh, gateway=gateway, spec=GATEWAY_ROUTE, service=service)
    )


def made(graph: Graph, kind: str) -> Resource:
    (resource,) = graph.of_type(f"aws:appmesh/{kind[0].lower()}{kind[1:]}:{kind}")
    return resource


def component(graph: Graph, kind: str) -> Resource:
    (resource,) = graph.of_type(f"meshkit:index:{kind}")
    return resource


@pytest.mark.parametrize("kind", KINDS)
def test_each_component_makes_one_resource_of_its_own_name_below_itself(kind: str) -> None:
    graph = run_program(everything)

    resource = made(graph, kind)
    assert graph.children(component(graph, kind).urn) == (resource,)
    assert resource.name == component(graph, kind).name == resource.inputs["name"]
    assert resource.inputs["tags"] == {"team": "a"}
    assert component(graph, kind).outputs["arn"] == resource.outputs["arn"]


@pytest.mark.parametrize("kind", KINDS[1:])
def test_in_an_own_mesh_no_owner_is_named(kind: str) -> None:
    inputs = made(run_program(everything), kind).inputs

    assert inputs["meshName"] == "shop"
    assert "meshOwner" not in inputs
    assert "region" not in inputs


def test_specs_are_sent_in_the_provider_s_words() -> None:
    graph = run_program(everything)

    assert made(graph, "Mesh").inputs["spec"] == {"egressFilter": {"type": "DROP_ALL"}}
    assert made(graph, "VirtualNode").inputs["spec"] == {
        "listeners": [{"portMapping": {"port": 8080, "protocol": "http"}}],
        "serviceDiscovery": {"dns": {"hostname": "a.local"}},
    }
    assert made(graph, "VirtualService").inputs["spec"] == {
        "provider": {"virtualRouter": {"virtualRouterName": "r"}}
    }
    assert made(graph, "Route").inputs["virtualRouterName"] == "r"
    assert made(graph, "GatewayRoute").inputs["virtualGatewayName"] == "in"


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("VirtualNode", {"Mesh"}),
        ("VirtualRouter", {"Mesh"}),
        ("Route", {"Mesh", "VirtualRouter", "VirtualNode"}),
        ("VirtualService", {"Mesh", "VirtualRouter"}),
        ("VirtualGateway", {"Mesh"}),
        ("GatewayRoute", {"Mesh", "VirtualGateway", "VirtualService"}),
    ],
)
def test_what_app_mesh_refuses_to_delete_comes_first(kind: str, others: set[str]) -> None:
    graph = run_program(everything)

    depends = {graph[urn].type.rpartition(":")[2] for urn in made(graph, kind).dependencies}
    assert depends == others


@pytest.mark.parametrize("mesh", [SharedMeshRef("shop", OWNER, "eu-west-1")])
def test_a_shared_mesh_stands_wherever_a_mesh_does(mesh: SharedMeshRef) -> None:
    def program() -> None:
        VirtualNode("a", VirtualNodeArgs(mesh=mesh, spec=NODE))
        VirtualRouter("r", VirtualRouterArgs(mesh=mesh, spec={"listeners": LISTENERS}))
        Route("all", RouteArgs(mesh=mesh, router="r", spec=ROUTE))
        VirtualService("a.local", VirtualServiceArgs(mesh=mesh, node="a"))

    graph = run_program(program)

    for kind in ("VirtualNode", "VirtualRouter", "Route", "VirtualService"):
        inputs = made(graph, kind).inputs
        assert (inputs["meshName"], inputs["meshOwner"]) == ("shop", OWNER)
        assert inputs["region"] == "eu-west-1"
    assert not graph.of_type("aws:appmesh/mesh:Mesh")


def test_meshes_and_nodes_made_by_hand_are_taken_by_name() -> None:
    def program() -> None:
        mesh = aws.appmesh.Mesh("raw", name="raw")
        node = aws.appmesh.VirtualNode("n", name="n", mesh_name=mesh.name, spec={})
        VirtualService("a.local", VirtualServiceArgs(mesh=mesh.name, node=node.name))

    service = made(run_program(program), "VirtualService")

    assert service.inputs["meshName"] == "raw"
    assert service.inputs["spec"] == {"provider": {"virtualNode": {"virtualNodeName": "n"}}}


def test_the_wiring_of_a_node_names_its_arn() -> None:
    arn = f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop/virtualNode/a"

    def program() -> None:
        node = VirtualNode("a", VirtualNodeArgs(mesh="shop", spec=NODE))
        pulumi.export("user", node.user_data)
        pulumi.export("container", node.container_definition)
        pulumi.export("proxy", node.proxy_configuration)

    outputs = run_with_arn(program, arn)

    environment = {each["name"]: each["value"] for each in outputs["container"]["environment"]}
    assert environment["APPMESH_RESOURCE_ARN"] == arn
    assert arn in outputs["user"]
    assert outputs["proxy"]["properties"]["AppPorts"] == "8080"


def run_with_arn(program: Callable[[], None], arn: str) -> dict[str, Any]:
    """The mock's ARN has no region, which the wiring reads; so the node is looked up instead."""
    original = aws.appmesh.VirtualNode
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            original, "arn", property(lambda _self: pulumi.Output.from_input(arn)), raising=True
        )
        (stack,) = run_program(program).of_type(STACK_TYPE)
    return dict(stack.outputs)


def test_a_mesh_to_protect_is_protected() -> None:
    graph = run_program(lambda: Mesh("shop", MeshArgs(spec={"protect": True})))

    assert made(graph, "Mesh").protect
    assert not component(graph, "Mesh").protect


LATE = Deferred((Hole("context", "account"),))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: VirtualNode("a", VirtualNodeArgs(mesh="m", spec={"listener": []})),
            r'^a: .*no key "listener"',
        ),
        (
            lambda: VirtualNode("a b", VirtualNodeArgs(mesh="m", spec=NODE)),
            '^a b: "a b" is no name',
        ),
        (
            lambda: VirtualNode("a", VirtualNodeArgs(mesh="m", spec=NODE, name="x*")),
            r'^a: "x\*" is no name',
        ),
        (
            lambda: VirtualNode("a", VirtualNodeArgs(mesh="m", spec={"tags": {"account": LATE}})),
            "only a mesh file knows",
        ),
        (
            lambda: VirtualService("s", VirtualServiceArgs(mesh="m", node="a", router="b")),
            "^s: node and router exclude each other",
        ),
        (
            lambda: VirtualRouter(
                "r",
                VirtualRouterArgs(mesh="m", spec={"listeners": LISTENERS, "routes": {"x": ROUTE}}),
            ),
            "^r: make each of its routes",
        ),
        (
            lambda: GatewayRoute(
                "g",
                GatewayRouteArgs(
                    mesh="m",
                    gateway="in",
                    spec={"http": {"match": {"prefix": "/", "method": "GET"}, "service": "s"}},
                ),
            ),
            "^g: match.method",
        ),
        (
            lambda: Mesh("m", MeshArgs(spec={"arn": "arn:aws:appmesh:eu-west-1:1:mesh/m"})),
            "^m: arn names an existing mesh",
        ),
    ],
)
def test_a_fault_is_told_in_one_line_and_nothing_is_registered(
    make: Callable[[], object], message: str
) -> None:
    def program() -> None:
        with pytest.raises(MeshkitError, match=message) as caught:
            make()
        assert "\n" not in str(caught.value)

    assert [resource.type for resource in run_program(program)] == [STACK_TYPE]
