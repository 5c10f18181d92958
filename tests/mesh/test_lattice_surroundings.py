"""What is made around a mesh on VPC Lattice: rules of security groups, names in hosted zones."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit import LatticeService, LatticeServiceArgs, MeshkitError, SharedMesh
from meshkit.graph import Graph
from tests.programs import run_program

RECORD = "aws:route53/record:Record"
RULES = "aws:vpc/securityGroup{}Rule:SecurityGroup{}Rule"
NETWORK = "arn:aws:vpc-lattice:eu-west-1:111111111111:servicenetwork/sn-00000000000000000"


def mesh(**settings: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": "eu-west-1",
        "owner": "network",
        "accounts": {"network": {"id": "111111111111", "vpc_id": "vpc-1"}},
        "nodes": {
            "api": {
                "listeners": [{"port": 8080, "protocol": "http"}],
                "backends": ["api.local"],
                "lattice": {"security_groups": ["${var.GROUP}"], "egress": True},
            }
        },
        "services": {"api.local": {"node": "api", "lattice": settings}},
    }


def deployed(data: dict[str, Any]) -> Graph:
    values = {"GROUP": "sg-1", "ZONE": "Z1"}
    return run_program(lambda: SharedMesh("shop", data, values=values))


def test_rules_name_the_prefix_lists_of_lattice() -> None:
    graph = deployed(mesh())
    (inward,) = graph.of_type(RULES.format("Ingress", "Ingress"))
    assert inward.name == "shop-ingress-sg-1.8080.ipv4"
    wanted = {"securityGroupId": "sg-1", "prefixListId": "pl-1", "ipProtocol": "tcp"}
    assert wanted.items() <= inward.inputs.items()
    assert (inward.inputs["fromPort"], inward.inputs["toPort"]) == (8080, 8080)
    outward = graph.of_type(RULES.format("Egress", "Egress"))
    assert {each.name for each in outward} == {
        "shop-egress-sg-1.8080.ipv4",
        "shop-egress-sg-1.8080.ipv6",
    }


def test_a_domain_gets_aliases_of_the_service_in_its_zone() -> None:
    graph = deployed(mesh(domain="api.example.com", hosted_zone="${var.ZONE}"))
    records = {each.inputs["type"]: each.inputs for each in graph.of_type(RECORD)}
    assert records.keys() == {"A", "AAAA"}
    for inputs in records.values():
        assert (inputs["name"], inputs["zoneId"]) == ("api.example.com", "Z1")
        assert inputs["aliases"][0]["evaluateTargetHealth"] is False


def test_without_a_zone_no_record_is_made() -> None:
    assert not deployed(mesh(domain="api.example.com")).of_type(RECORD)


def service(**args: Any) -> Graph:
    base: dict[str, Any] = {"network_arn": NETWORK, "target_groups": {}, "listeners": []}
    return run_program(lambda: LatticeService("api", LatticeServiceArgs(**base, **args)))


def test_the_component_names_its_domain_too() -> None:
    graph = service(domain="api.example.com", hosted_zone_id="Z1")
    assert [each.name for each in graph.of_type(RECORD)] == ["api-A", "api-AAAA"]
    with pytest.raises(MeshkitError, match="hosted_zone_id needs domain"):
        service(hosted_zone_id="Z1")
