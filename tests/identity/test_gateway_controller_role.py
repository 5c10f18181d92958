"""The role of a Gateway API controller by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import GatewayControllerRole, GatewayControllerRoleArgs, MeshkitError
from tests.programs import run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph

SERVICE = "arn:aws-us-gov:vpc-lattice:us-gov-west-1:222222222222:service/svc-00000000000000000"
NETWORK = SERVICE.partition(":service/")[0] + ":servicenetwork/sn-00000000000000000"
PROVIDER = "arn:aws-us-gov:iam::222222222222:oidc-provider/oidc.eks/id/E"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
BASE = {"cluster_name": "main", "vpc_id": "vpc-1", "network_arn": NETWORK}


def role(**args: Any) -> Graph:
    given = GatewayControllerRoleArgs(**{**BASE, "service_arns": [SERVICE], **args})
    return run_program(lambda: GatewayControllerRole("controller", given))


def trust(graph: Graph) -> Any:
    (made,) = graph.of_type("aws:iam/role:Role")
    (statement,) = json.loads(made.inputs["assumeRolePolicy"])["Statement"]
    return statement


def test_pods_take_it_by_their_token_where_a_provider_is_given() -> None:
    graph = role(provider_arn=PROVIDER)
    statement = trust(graph)
    assert statement["Principal"] == {"Federated": PROVIDER}
    assert statement["Condition"]["StringEquals"]["oidc.eks/id/E:sub"] == (
        "system:serviceaccount:aws-application-networking-system:gateway-api-controller"
    )
    assert not graph.of_type(ASSOCIATION)


def test_pods_take_it_by_pod_identity_otherwise() -> None:
    graph = role()
    condition = trust(graph)["Condition"]
    cluster = "arn:aws-us-gov:eks:us-gov-west-1:222222222222:cluster/main"
    assert condition["ArnEquals"] == {"aws:SourceArn": cluster}
    (association,) = graph.of_type(ASSOCIATION)
    assert association.inputs["clusterName"] == "main"


def test_its_policy_is_of_the_place_of_the_services() -> None:
    def program() -> None:
        late: Any = {**BASE, "service_arns": [pulumi.Output.from_input(SERVICE)]}
        GatewayControllerRole("controller", GatewayControllerRoleArgs(**late))

    graph = run_program(program)
    (policy,) = graph.of_type("aws:iam/rolePolicy:RolePolicy")
    by_sid = {each["Sid"]: each for each in json.loads(policy.inputs["policy"])["Statement"]}
    assert by_sid["RouteServices"]["Resource"] == [SERVICE, f"{SERVICE}/listener/*"]
    groups = "arn:aws-us-gov:vpc-lattice:us-gov-west-1:222222222222:targetgroup/*"
    assert by_sid["RegisterPods"]["Resource"] == groups


@pytest.mark.parametrize(
    ("arns", "told"),
    [
        ([], "service_arns takes a list of at least one ARN"),
        (SERVICE, "service_arns takes a list of at least one ARN"),
        (["arn:aws:iam::222222222222:role/x"], "is not the ARN of a service of VPC Lattice"),
        ([f"{SERVICE}*"], "is not the ARN of a service of VPC Lattice"),
        ([SERVICE, SERVICE.replace("2222", "3333")], "are of one account and region"),
    ],
)
def test_services_are_exact_and_of_one_place(arns: Any, told: str) -> None:
    with pytest.raises(MeshkitError, match=told):
        role(service_arns=arns)
