"""A mesh file whose cluster has a Gateway API controller, as one component."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest
import yaml

from meshkit import MeshkitError, SharedMesh
from meshkit.graph import Graph, reveal
from meshkit.policy.fitting import resolved
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.slices.lattice import lattice_parts
from tests.programs import run_program

ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
POLICY = "aws:iam/rolePolicy:RolePolicy"
SERVICE = "aws:vpclattice/service:Service"


def mesh(**controller: Any) -> dict[str, Any]:
    """A service of pods, and a caller of another account."""
    pod = {"type": "eks", "cluster": "main", "namespace": "shop"}
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": "eu-west-1",
        "owner": "network",
        "organization": {
            "id": "o-exampleorg1",
            "management_account": "999999999999",
            "sharing_enabled": True,
        },
        "accounts": {
            "network": {"id": "111111111111", "vpc_id": "vpc-1"},
            "orders": {"id": "222222222222", "vpc_id": "vpc-2", "assume_role": {"name": "deploy"}},
        },
        "share": {"principals": ["orders"]},
        "clusters": {
            "main": {"account": "orders", "oidc_issuer": ISSUER, "gateway_api": controller}
        },
        "nodes": {
            "api": {
                "account": "orders",
                "workload": {**pod, "service_account": "api"},
                "listeners": [{"port": 8080, "protocol": "http"}],
            },
            "web": {"workload": {"type": "ecs"}, "backends": ["api.local"]},
        },
        "services": {"api.local": {"node": "api"}},
    }


def deployed(data: dict[str, Any], **options: Any) -> Graph:
    return run_program(lambda: SharedMesh("shop", data, **options))


def test_the_program_makes_the_service_and_the_controller_what_leads_to_pods() -> None:
    graph = deployed(mesh())
    (service,) = graph.of_type(SERVICE)
    assert service.inputs["authType"] == "AWS_IAM"
    for kind in ("listener:Listener", "targetGroup:TargetGroup"):
        assert not graph.of_type(f"aws:vpclattice/{kind}")
    assert len(graph.of_type("aws:vpclattice/authPolicy:AuthPolicy")) == 2, "network and service"
    associations = "serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation"
    assert len(graph.of_type(f"aws:vpclattice/{associations}")) == 1


def test_the_role_of_the_controller_names_the_services_it_leads() -> None:
    graph = deployed(mesh())
    (service,) = graph.of_type(SERVICE)
    (policy,) = (each for each in graph.of_type(POLICY) if each.name == "shop-gateway-api-main")
    assert "shop-orders" in str(policy.provider), "made where the cluster is"
    by_sid = {each["Sid"]: each for each in json.loads(policy.inputs["policy"])["Statement"]}
    arn = service.outputs["arn"]
    assert by_sid["RouteServices"]["Resource"] == [arn, f"{arn}/listener/*"]


def test_pod_identity_associates_the_service_account_of_the_controller() -> None:
    graph = deployed(mesh(identity="pod-identity"))
    (association,) = graph.of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["serviceAccount"] == "gateway-api-controller"
    assert association.inputs["namespace"] == "aws-application-networking-system"


def test_manifests_are_outputs_of_the_program() -> None:
    def program() -> None:
        made = SharedMesh("shop", mesh())
        assert made.lattice is not None
        found = made.lattice.manifests["main"]
        pulumi.export("objects", found.objects)
        pulumi.export("yaml", found.yaml)

    graph = run_program(program)
    (stack,) = graph.of_type("pulumi:pulumi:Stack")
    objects, text = (reveal(stack.outputs[key]) for key in ("objects", "yaml"))
    assert [dict(each) for each in yaml.safe_load_all(text)] == objects
    (service,) = graph.of_type(SERVICE)
    (route,) = (each for each in objects if each["kind"] == "HTTPRoute")
    assert service.inputs["name"] in route["metadata"]["annotations"].values()


def test_values_that_come_late_are_put_into_manifests() -> None:
    data = mesh(identity="pod-identity")
    data["tags"] = {"team": "${var.TEAM}"}

    def program() -> None:
        made = SharedMesh("shop", data, values={"TEAM": pulumi.Output.from_input("shop")})
        assert made.lattice is not None
        pulumi.export("yaml", made.lattice.manifests["main"].yaml)

    (stack,) = run_program(program).of_type("pulumi:pulumi:Stack")
    assert "application-networking.k8s.aws/tags: team=shop" in reveal(stack.outputs["yaml"])


def test_a_cluster_without_controller_has_no_manifests() -> None:
    def program() -> None:
        made = SharedMesh("shop", mesh())
        assert made.lattice is not None
        made.lattice.manifests["mian"]

    with pytest.raises(MeshkitError, match=r'no cluster with gateway_api "mian".*"main"'):
        run_program(program)


def test_the_rights_of_the_controller_come_after_the_services_it_leads() -> None:
    lattice = compile_lattice(resolved(mesh()))
    parts = {each.ref: each for each in lattice_parts(lattice)}
    assert parts["role", "gateway-api-main"].owner.key == "orders"
    rights = parts["role policy", "gateway-api-main"]
    assert rights.phase == "routing"
    needed = {("role", "gateway-api-main"), ("service", "api.local"), ("share", "shop")}
    assert set(rights.needs) == needed
