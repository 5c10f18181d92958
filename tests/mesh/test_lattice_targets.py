"""Load balancers and functions behind the services of a whole mesh file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import MeshkitError, SharedMesh
from meshkit.mesh.lattice_outputs import LatticeNodeOutputs
from tests.mesh.test_lattice import GROUP, SHARED, deployed, mesh, only
from tests.programs import run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph

ATTACHMENT = "aws:vpclattice/targetGroupAttachment:TargetGroupAttachment"
PERMISSION = "aws:lambda/permission:Permission"
FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:receipts"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/legacy/50dc6c49"
HTTP = {"listeners": [{"port": 80, "protocol": "http"}]}
SERVICES = {"receipts": {"node": "receipts"}}


def function(name: str | None = "receipts", **more: Any) -> dict[str, Any]:
    return {"workload": {"type": "lambda", "function": name}, **HTTP, **more}


def with_function(name: str | None = "receipts", **more: Any) -> dict[str, Any]:
    return mesh(nodes={"receipts": function(name, **more)}, services=SERVICES)


def registering(data: dict[str, Any], arn: str, *, late: bool = False) -> Graph:
    def program() -> None:
        node = SharedMesh("shop", data).nodes["receipts"]
        assert isinstance(node, LatticeNodeOutputs)
        node.register_function(pulumi.Output.from_input(arn) if late else arn)

    return run_program(program)


def test_a_balancer_is_registered_in_place_of_what_is_behind_it() -> None:
    graph = deployed(mesh(nodes={"a": {**HTTP, "lattice": {"alb": BALANCER}}},
                          services={"a": {"node": "a"}}))  # fmt: skip
    group = only(graph, GROUP)
    assert group.inputs["type"] == "ALB"
    assert group.inputs["config"] == {
        "port": 80, "protocol": "HTTP", "protocolVersion": "HTTP1", "vpcIdentifier": "vpc-1",
    }  # fmt: skip
    assert only(graph, ATTACHMENT).inputs == {
        "targetGroupIdentifier": group.outputs["id"],
        "target": {"id": BALANCER, "port": 80},
        "region": "eu-west-1",
    }
    assert not graph.of_type(PERMISSION)


def test_a_function_that_is_there_is_registered_and_may_be_invoked_by_its_group_alone() -> None:
    graph = deployed(with_function(f"{FUNCTION}:live"))
    group, permission = only(graph, GROUP), only(graph, PERMISSION)
    assert group.inputs["type"] == "LAMBDA"
    assert group.inputs["config"] == {"lambdaEventStructureVersion": "V2"}
    assert permission.inputs == {
        "statementId": group.inputs["name"],
        "principal": "vpc-lattice.amazonaws.com",
        "action": "lambda:InvokeFunction",
        "function": FUNCTION,
        "qualifier": "live",
        "sourceArn": group.outputs["arn"],
        "region": "eu-west-1",
    }
    attached = only(graph, ATTACHMENT)
    assert attached.inputs["target"] == {"id": f"{FUNCTION}:live"}
    assert permission.urn in attached.dependencies


def test_a_function_that_the_program_makes_is_registered_by_it() -> None:
    data = with_function()
    assert not deployed(data).of_type(ATTACHMENT)
    graph = registering(data, FUNCTION)
    assert only(graph, ATTACHMENT).inputs["target"] == {"id": FUNCTION}
    assert "qualifier" not in only(graph, PERMISSION).inputs
    parents = {each.parent for each in (only(graph, ATTACHMENT), only(graph, PERMISSION))}
    assert parents == {only(graph, "meshkit:index:SharedMesh").urn}


def test_a_function_is_registered_with_each_service_and_its_own_permission() -> None:
    data = with_function() | {"services": {**SERVICES, "bills": {"node": "receipts"}}}
    graph = registering(data, FUNCTION)
    names = {each.inputs["statementId"] for each in graph.of_type(PERMISSION)}
    assert names == {each.inputs["name"] for each in graph.of_type(GROUP)}
    assert len(names) == len(graph.of_type(ATTACHMENT)) == 2


def test_what_is_registered_is_made_by_the_account_of_the_service() -> None:
    here = FUNCTION.replace("111111111111", "222222222222")
    data = with_function(here, account="orders") | SHARED
    graph = deployed(data)
    for kind in (ATTACHMENT, PERMISSION):
        assert (only(graph, kind).provider or "").rpartition("::")[2] == "shop-orders"


@pytest.mark.parametrize(
    ("arn", "fault"),
    [
        ("receipts", "is a name; give the ARN"),
        (FUNCTION.replace("receipts", "bills"), "is not the function receipts of the file"),
        (FUNCTION.replace("111111111111", "222222222222"), "is of account 222222222222"),
        (BALANCER, "is no Lambda function"),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_another_function_is_refused_also_when_it_comes_late(
    arn: str, fault: str, late: bool
) -> None:
    with pytest.raises(Exception, match=fault):
        registering(with_function(), arn, late=late)


@pytest.mark.parametrize(
    "data",
    [
        with_function(FUNCTION),
        mesh(nodes={"receipts": function()}),
        mesh(nodes={"receipts": HTTP}, services=SERVICES),
    ],
)
def test_a_node_that_takes_no_function_says_so(data: dict[str, Any]) -> None:
    with pytest.raises(MeshkitError, match="takes no function"):
        registering(data, FUNCTION)


def test_a_late_balancer_is_checked_before_it_is_used() -> None:
    data = mesh(nodes={"a": {**HTTP, "lattice": {"alb": "${var.ALB}"}}},
                services={"a": {"node": "a"}})  # fmt: skip

    def late(arn: str) -> Graph:
        return run_program(
            lambda: SharedMesh("shop", data, values={"ALB": pulumi.Output.from_input(arn)})
        )

    assert only(late(BALANCER), ATTACHMENT).inputs["target"]["id"] == BALANCER
    with pytest.raises(Exception, match="is no Application Load Balancer"):
        late(BALANCER.replace("/app/", "/net/"))


def test_a_group_is_of_one_name_whether_its_target_comes_late_or_not() -> None:
    def name(alb: Any, **values: Any) -> str:
        data = mesh(nodes={"a": {**HTTP, "lattice": {"alb": alb}}}, services={"a": {"node": "a"}})
        return str(only(deployed(data, values=values), GROUP).inputs["name"])

    assert name(BALANCER) == name("${var.ALB}", ALB=BALANCER.replace("legacy", "modern"))
    events = {
        version: only(deployed(with_event(version)), GROUP).inputs["name"]
        for version in ("V1", "V2")
    }
    assert events["V1"] != events["V2"]


def with_event(version: str) -> dict[str, Any]:
    workload = {"type": "lambda", "event_version": version}
    return mesh(nodes={"receipts": {"workload": workload, **HTTP}}, services=SERVICES)
