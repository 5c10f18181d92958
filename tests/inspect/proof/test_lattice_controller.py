"""The proof of a mesh whose services a Gateway API controller leads to pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.inspect.proof.lattice_mistakes import service_arn, with_policy
from tests.inspect.proof.lattice_programs import lattice_proof
from tests.inspect.proof.programs import allow, at, codes

if TYPE_CHECKING:
    import meshkit
    from tests.inspect.proof.programs import Plant

ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"


def data() -> dict[str, Any]:
    account = {
        "id": "222222222222",
        "vpc_id": "vpc-22222222",
        "assume_role": {"name": "mesh-deployer"},
    }
    pod = {"type": "eks", "cluster": "main", "namespace": "shop"}
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": "eu-west-1",
        "owner": "orders",
        "accounts": {"orders": account},
        "clusters": {
            "main": {"oidc_issuer": ISSUER, "gateway_api": {"role": {"name": "controller"}}}
        },
        "nodes": {
            "api": {
                "workload": {**pod, "service_account": "api"},
                "listeners": [{"port": 8080, "protocol": "http"}],
            },
            "web": {"workload": {**pod, "service_account": "web"}, "backends": ["api.local"]},
        },
        "services": {"api.local": {"node": "api"}},
    }


def one_listener(mesh: meshkit.SharedMesh) -> None:
    aws.vpclattice.Listener(
        "extra",
        name="extra",
        service_identifier=service_arn(mesh, "api.local"),
        port=8080,
        protocol="HTTP",
        default_action={"fixed_response": {"status_code": 404}},
        opts=pulumi.ResourceOptions.merge(at(mesh, "orders"), pulumi.ResourceOptions()),
    )


def test_what_the_controller_makes_is_not_missed() -> None:
    assert codes(lattice_proof(data())) == []


MISTAKES: dict[str, tuple[Plant, list[str]]] = {
    "the program makes a listener, which the controller would delete": (one_listener, ["MP508"]),
    "the controller may delete services": (
        with_policy("orders", "controller", allow("vpc-lattice:DeleteService", "*")),
        ["MP109"],
    ),
    "the controller has the policy that its guide recommends": (
        with_policy("orders", "controller", allow("vpc-lattice:*", "*")),
        ["MP109"],
    ),
}


@pytest.mark.parametrize(("plant", "found"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_not_its_own_is_found(plant: Plant, found: list[str]) -> None:
    assert codes(lattice_proof(data(), plant)) == found
