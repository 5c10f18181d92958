"""What the role of a Gateway API controller lets through, asked of the evaluator."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.document import Document
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from meshkit.policy.lattice import caller_statements, sample_arns
from meshkit.policy.trust import trust_of
from tests.topology.lattice.meshes import compiled

ACCOUNT = "111111111111"
HEAD = f"arn:aws:vpc-lattice:eu-west-1:{ACCOUNT}"
LED, OTHER = (f"{HEAD}:service/svc-{number:017d}" for number in (0, 1))
GROUP = f"{HEAD}:targetgroup/tg-00000000000000000"
NETWORK = f"{HEAD}:servicenetwork/sn-00000000000000000"
OWN = f"{ACCOUNT}/main/vpc-1"
TAG = "application-networking.k8s.aws/ManagedBy"
MARKED = {f"aws:ResourceTag/{TAG}": OWN}
MARKING = {f"aws:RequestTag/{TAG}": OWN, "vpc-lattice:VpcId": "vpc-1"}
POD = {"cluster": "main", "namespace": "shop", "service_account": "web"}


def lattice(identity: str = "irsa") -> Any:
    listener = {"port": 8080, "protocol": "http"}
    return compiled(
        clusters={
            "main": {
                "oidc_issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/E",
                "gateway_api": {"identity": identity},
            }
        },
        nodes={
            "web": {"workload": {"type": "eks", **POD}, "listeners": [listener]},
            "task": {"workload": {"type": "ecs"}, "listeners": [listener]},
        },
        services={"web.local": {"node": "web"}, "task.local": {"node": "task"}},
    )


@pytest.fixture(scope="module")
def allowed() -> Any:
    mesh = lattice()
    role = mesh.mesh.roles["gateway-api-main"]
    document = Document(caller_statements(mesh, role, sample_arns(mesh)))
    layers = Layers(identity=(Policy.parse(document.to_dict()),))
    caller = Caller(f"arn:aws:iam::{ACCOUNT}:role/controller")

    def ask(action: str, resource: str, context: dict[str, str] | None = None) -> bool:
        return evaluate(Request(action, resource, caller, context or {}), layers).allowed

    return ask


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("GetService", LED, {}),
        ("TagResource", LED, {}),
        ("CreateListener", f"{LED}/listener/listener-1", {}),
        ("DeleteListener", f"{LED}/listener/listener-1", {}),
        ("CreateRule", f"{LED}/listener/listener-1/rule/rule-1", {}),
        ("UpdateRule", f"{LED}/listener/listener-1/rule/rule-1", {}),
        ("CreateTargetGroup", GROUP, MARKING),
        ("UpdateTargetGroup", GROUP, MARKED),
        ("DeleteTargetGroup", GROUP, MARKED),
        ("RegisterTargets", GROUP, {}),
        ("ListServices", "*", {}),
        ("GetServiceNetwork", NETWORK, {}),
    ],
)
def test_it_leads_its_services_to_pods(
    allowed: Any, action: str, resource: str, context: dict[str, str]
) -> None:
    assert allowed(f"vpc-lattice:{action}", resource, context)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        # A service is the program's: the route that is deleted must not take it along.
        ("CreateService", f"{HEAD}:service/*", {}),
        ("DeleteService", LED, {}),
        ("UpdateService", LED, {}),
        # Who may call is decided by the file, not in the cluster.
        ("PutAuthPolicy", LED, {}),
        ("DeleteAuthPolicy", LED, {}),
        ("PutAuthPolicy", NETWORK, {}),
        ("PutResourcePolicy", LED, {}),
        (
            "CreateServiceNetworkServiceAssociation",
            f"{HEAD}:servicenetworkserviceassociation/*",
            {},
        ),
        (
            "DeleteServiceNetworkServiceAssociation",
            f"{HEAD}:servicenetworkserviceassociation/a",
            {},
        ),
        ("CreateServiceNetworkVpcAssociation", f"{HEAD}:servicenetworkvpcassociation/*", {}),
        ("UpdateServiceNetwork", NETWORK, {}),
        # Services and groups of others.
        ("GetService", OTHER, {}),
        ("CreateListener", f"{OTHER}/listener/listener-1", {}),
        ("DeleteListener", f"{LED}0/listener/listener-1", {}),
        ("DeleteTargetGroup", GROUP, {}),
        ("UpdateTargetGroup", GROUP, {f"aws:ResourceTag/{TAG}": f"{ACCOUNT}/other/vpc-1"}),
        ("CreateTargetGroup", GROUP, {**MARKING, "vpc-lattice:VpcId": "vpc-2"}),
        ("CreateTargetGroup", GROUP, {"vpc-lattice:VpcId": "vpc-1"}),
        ("RegisterTargets", GROUP.replace(ACCOUNT, "222222222222"), {}),
        ("TagResource", NETWORK, {}),
        ("TagResource", OTHER, MARKING),
    ],
)
def test_it_may_do_nothing_else(
    allowed: Any, action: str, resource: str, context: dict[str, str]
) -> None:
    assert not allowed(f"vpc-lattice:{action}", resource, context)


@pytest.mark.parametrize("action", ["iam:CreateServiceLinkedRole", "logs:PutResourcePolicy"])
def test_what_the_recommended_policy_has_for_logs_and_roles_is_left_out(
    allowed: Any, action: str
) -> None:
    assert not allowed(action, "*")


@pytest.mark.parametrize("identity", ["irsa", "pod-identity"])
def test_only_the_controller_of_the_cluster_can_take_it(identity: str) -> None:
    mesh = lattice(identity).mesh
    (statement,) = trust_of(mesh.roles["gateway-api-main"], mesh).to_dict()["Statement"]
    told = str(statement["Condition"])
    assert "gateway-api-controller" in told
    assert "aws-application-networking-system" in told
    assert "*" not in told
