"""A whole mesh file on VPC Lattice as one component."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pulumi
import pytest

from meshkit import MeshkitError, SharedMesh
from meshkit.graph import Graph, Resource, reveal
from meshkit.mesh.lattice_outputs import LatticeNodeOutputs
from tests.programs import run_program
from tests.topology.lattice.meshes import node, route, routed

PREFIX = "aws:vpclattice/"
NETWORK = f"{PREFIX}serviceNetwork:ServiceNetwork"
SERVICE = f"{PREFIX}service:Service"
RULE = f"{PREFIX}listenerRule:ListenerRule"
GROUP = f"{PREFIX}targetGroup:TargetGroup"
POLICY = f"{PREFIX}authPolicy:AuthPolicy"
IN_NETWORK = f"{PREFIX}serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation"
VPC = f"{PREFIX}serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation"
ROLE = "aws:iam/role:Role"
INLINE = "aws:iam/rolePolicy:RolePolicy"
SHARED = {
    "organization": {
        "id": "o-exampleorg1",
        "management_account": "999999999999",
        "sharing_enabled": True,
    },
    "accounts": {
        "network": {"id": "111111111111", "vpc_id": "vpc-1"},
        "orders": {"id": "222222222222", "vpc_id": "vpc-2", "assume_role": {"name": "deployer"}},
    },
    "share": {"principals": ["orders"]},
}


def mesh(**sections: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": "eu-west-1",
        "owner": "network",
        "accounts": {"network": {"id": "111111111111", "vpc_id": "vpc-1"}},
        **sections,
    }


def deployed(data: dict[str, Any], **options: Any) -> Graph:
    return run_program(lambda: SharedMesh("shop", data, **options))


def calling(**more: Any) -> dict[str, Any]:
    """Two accounts; a node of the one calls a service of the other."""
    return mesh(
        **SHARED,
        nodes={"api": node(account="orders"), "web": {"backends": ["api.local"]}},
        services={"api.local": {"node": "api"}},
        **more,
    )


def only(graph: Graph, kind: str, name: str | None = None) -> Resource:
    (found,) = (each for each in graph.of_type(kind) if name in (None, each.name))
    return found


def made(graph: Graph) -> Counter[str]:
    custom = (each for each in graph if each.custom and not each.type.startswith("pulumi:"))
    return Counter(each.type.rpartition(":")[2] for each in custom)


def test_a_plain_service_costs_five_resources_beside_its_role() -> None:
    empty = mesh(nodes={"a": {}})
    plain = mesh(nodes={"a": node(workload={"type": "ec2"})}, services={"a": {"node": "a"}})
    called = mesh(
        nodes={"a": node(workload={"type": "ec2"}, backends=["a"])}, services={"a": {"node": "a"}}
    )
    alone = made(deployed(plain)) - made(deployed(empty))
    assert alone == Counter(
        ["Service", "Listener", "TargetGroup", "ServiceNetworkServiceAssociation",
         "InstanceProfile"],
    )  # fmt: skip
    reached = made(deployed(called)) - made(deployed(plain))
    assert reached == Counter(
        {"AuthPolicy": 2, "RolePolicy": 1, "ServiceNetworkVpcAssociation": 1}
    ), "of the service and, once for the mesh, of the network; the caller's right and its VPC"


def test_each_thing_is_made_by_the_account_that_owns_it() -> None:
    graph = deployed(calling())
    homes = {
        each.type.rpartition(":")[2]: (each.provider or "").rpartition("::")[2]
        for each in graph
        if each.type.startswith(PREFIX) and each.type != POLICY
    }
    assert homes == {
        "ServiceNetwork": "",
        "ServiceNetworkVpcAssociation": "",
        "Service": "shop-orders",
        "Listener": "shop-orders",
        "TargetGroup": "shop-orders",
        "ServiceNetworkServiceAssociation": "shop-orders",
    }


def test_what_a_consumer_joins_to_the_network_waits_for_the_share() -> None:
    graph = deployed(calling())
    share = only(graph, "aws:ram/principalAssociation:PrincipalAssociation")
    assert share.urn in only(graph, IN_NETWORK).dependencies
    assert (
        only(graph, "aws:ram/resourceAssociation:ResourceAssociation").inputs["resourceArn"]
        == only(graph, NETWORK).outputs["arn"]
    )


def test_caller_network_and_service_have_one_policy_each_that_let_it_pass() -> None:
    graph = deployed(calling())
    arn = only(graph, SERVICE).outputs["arn"]
    network = only(graph, NETWORK).outputs["arn"]
    own = json.loads(only(graph, INLINE, "shop-node-web").inputs["policy"])["Statement"]
    assert own == [
        {
            "Sid": "InvokeBackends",
            "Effect": "Allow",
            "Action": "vpc-lattice-svcs:Invoke",
            "Resource": f"{arn}/*",
            "Condition": {"StringEquals": {"vpc-lattice-svcs:ServiceNetworkArn": network}},
        }
    ]
    guards = {each.inputs["resourceIdentifier"]: each for each in graph.of_type(POLICY)}
    assert set(guards) == {arn, network}
    (admitted,) = json.loads(guards[arn].inputs["policy"])["Statement"]
    role = only(graph, ROLE, "shop-node-web").inputs["name"]
    assert admitted["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    assert admitted["Condition"]["StringEquals"] == {
        "aws:PrincipalArn": f"arn:aws:iam::111111111111:role/{role}"
    }


def test_network_and_services_are_closed_where_nobody_calls() -> None:
    graph = deployed(mesh(nodes={"a": node()}, services={"a": {"node": "a"}}))
    assert not graph.of_type(POLICY)
    closed = (*graph.of_type(NETWORK), *graph.of_type(SERVICE))
    assert [each.inputs["authType"] for each in closed] == ["AWS_IAM", "AWS_IAM"]


def test_a_role_has_no_right_of_app_mesh() -> None:
    data = calling(accept_losses=["tracing", "mesh-wide-access"])
    data["nodes"]["web"] |= {"tracing": "xray", "access": "mesh-wide"}
    graph = deployed(data)
    assert not graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    actions = [
        statement["Action"]
        for policy in graph.of_type(INLINE)
        for statement in json.loads(policy.inputs["policy"])["Statement"]
    ]
    assert not [each for each in actions if "appmesh" in str(each) or "xray" in str(each)]


def test_statements_of_the_file_stay() -> None:
    data = calling()
    added = {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shop/*"]}
    data["nodes"]["web"]["role"] = {"statements": [added]}
    policy = only(deployed(data), INLINE, "shop-node-web").inputs["policy"]
    assert "s3:GetObject" in policy


def test_a_route_that_comes_first_moves_the_others_in_place() -> None:
    def rules(**routes: Any) -> dict[str, str]:
        graph = deployed(mesh(**routed(routes)))
        return {
            each.urn: each.inputs["match"]["httpMatch"]["pathMatch"]["match"]["prefix"]
            for each in sorted(graph.of_type(RULE), key=lambda rule: rule.inputs["priority"])
        }

    before = rules(a=route("/a", priority=5), b=route("/b", priority=6))
    after = rules(a=route("/a", priority=5), b=route("/b", priority=6), c=route("/c", priority=1))
    assert list(before.values()) == ["/a", "/b"]
    assert list(after.values()) == ["/c", "/a", "/b"]
    assert list(after)[:2] == list(before)


def test_tasks_are_registered_by_a_role_for_the_groups_of_the_account_alone() -> None:
    graph = deployed(calling())
    role = only(graph, ROLE, "shop-ecs-orders")
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "ecs.amazonaws.com"}
    statements = json.loads(only(graph, INLINE, "shop-ecs-orders").inputs["policy"])["Statement"]
    by_sid = {each["Sid"]: each for each in statements}
    assert by_sid["RegisterTasks"]["Resource"] == only(graph, GROUP).outputs["arn"]
    assert all(each.startswith("ec2:Describe") for each in by_sid["FindPlaces"]["Action"])


def test_an_ecs_service_is_wired_to_the_groups_of_its_node() -> None:
    exported: list[Any] = []

    def program() -> None:
        built = SharedMesh("shop", calling())
        exported.append(built.nodes["api"])

    run_program(program)
    (configuration,) = exported[0].vpc_lattice_configurations("http")
    assert set(configuration) == {"role_arn", "target_group_arn", "port_name"}
    assert configuration["port_name"] == "http"
    with pytest.raises(MeshkitError, match="no name for port 8080"):
        exported[0].vpc_lattice_configurations({9090: "other"})


def test_instances_of_an_auto_scaling_group_are_registered_by_it() -> None:
    found: list[SharedMesh] = []
    data = mesh(
        nodes={"a": node(workload={"type": "ec2"}), "b": node()},
        services={"a": {"node": "a"}, "b": {"node": "b"}},
    )

    def program() -> None:
        built = SharedMesh("shop", data)
        found.append(built)
        instances = built.nodes["a"]
        assert isinstance(instances, LatticeNodeOutputs)
        pulumi.export("sources", instances.traffic_sources())

    graph = run_program(program)
    (stack,) = graph.of_type("pulumi:pulumi:Stack")
    targets = next(each for each in graph.of_type(GROUP) if "-a.8080" in each.name)
    assert targets.inputs["type"] == "INSTANCE"
    assert stack.outputs["sources"] == [
        {"identifier": targets.outputs["arn"], "type": "vpc-lattice"}
    ]
    tasks = found[0].nodes["b"]
    assert isinstance(tasks, LatticeNodeOutputs)
    with pytest.raises(MeshkitError, match="no EC2 instances: it is ecs"):
        tasks.traffic_sources()


def test_services_have_names_and_prefix_lists_are_told() -> None:
    found: list[SharedMesh] = []
    run_program(lambda: found.append(SharedMesh("shop", calling())))
    lattice = found[0].lattice
    assert lattice is not None
    assert lattice.prefix_lists == (
        "com.amazonaws.eu-west-1.vpc-lattice",
        "com.amazonaws.eu-west-1.ipv6.vpc-lattice",
    )
    assert list(lattice.services) == ["api.local"]
    with pytest.raises(MeshkitError, match=r'did you mean "api\.local"'):
        lattice.services["api.locl"]


@pytest.mark.parametrize("wired", ["container_definition", "arn", "user_data", "namespace_labels"])
def test_there_is_no_proxy_to_wire(wired: str) -> None:
    found: list[SharedMesh] = []
    run_program(lambda: found.append(SharedMesh("shop", calling())))
    with pytest.raises(MeshkitError, match=r"nodes\.web has no .* on vpc-lattice"):
        getattr(found[0].nodes["web"], wired)


def test_a_gateway_is_its_role_and_what_that_may_call() -> None:
    listener = {"port": 8443, "protocol": "http"}
    routes = {"all": {"http": {"match": {"prefix": "/"}, "service": "api.local"}}}
    data = calling(
        accept_losses=["gateway"], gateways={"in": {"listeners": [listener], "routes": routes}}
    )
    graph = deployed(data)
    policy = json.loads(only(graph, INLINE, "shop-gateway-in").inputs["policy"])
    assert policy["Statement"][0]["Resource"] == f"{only(graph, SERVICE).outputs['arn']}/*"


def test_the_component_tells_services_and_roles() -> None:
    (component,) = deployed(calling()).of_type("meshkit:index:SharedMesh")
    outputs: Any = reveal(component.outputs)
    assert set(outputs) == {"meshArn", "shareArn", "services", "nodes", "gateways"}
    assert set(outputs["services"]) == {"api.local"}
    assert outputs["nodes"]["web"]["roleArn"].startswith("arn:aws:iam::111111111111:role/shop-web-")
