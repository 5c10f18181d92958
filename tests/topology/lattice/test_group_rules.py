"""What the security groups of workloads let pass."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.config.deferred import Deferred
from meshkit.topology.slices.lattice import lattice_parts
from tests.topology.lattice.meshes import compiled

OTHER = {"port": 9000, "protocol": "http"}


def node(*groups: Any, **more: Any) -> dict[str, Any]:
    lattice = {"security_groups": list(groups), **more.pop("lattice", {})}
    listeners = more.pop("listeners", [{"port": 8080, "protocol": "http"}])
    return {"listeners": listeners, "lattice": lattice, **more}


def rules(**sections: Any) -> set[tuple[str, int, str]]:
    found = compiled(**sections).group_rules
    return {(each.direction, each.port, each.family) for each in found}


def test_lattice_comes_in_on_the_port_of_the_listener() -> None:
    made = {"nodes": {"a": node("sg-1")}, "services": {"s": {"node": "a"}}}
    assert rules(**made) == {("ingress", 8080, "IPV4")}


def test_nothing_comes_in_where_no_service_leads() -> None:
    two = node("sg-1", listeners=[{"port": 8080, "protocol": "http"}, OTHER])
    assert rules(nodes={"a": two}) == set()
    routes = {
        "r": {
            "http": {
                "match": {"prefix": "/"},
                "targets": [{"node": "a", "port": 9000, "weight": 1}],
            }
        }
    }
    router = {"listeners": [{"port": 80, "protocol": "http"}], "routes": routes}
    led = {"nodes": {"a": two}, "routers": {"r": router}, "services": {"s": {"router": "r"}}}
    assert rules(**led) == {("ingress", 9000, "IPV4")}, "not on 8080, and not on the service's 80"


def test_targets_with_addresses_of_ipv6_are_reached_from_such() -> None:
    found = rules(
        mesh={"ip_preference": "IPv6_PREFERRED"},
        nodes={"a": node("sg-1"), "b": node("sg-2", workload={"type": "ec2"})},
        services={"a": {"node": "a"}, "b": {"node": "b"}},
    )
    assert found == {("ingress", 8080, "IPV6"), ("ingress", 8080, "IPV4")}


def test_calls_go_out_to_backends_alone_and_only_where_asked() -> None:
    made: dict[str, Any] = {
        "nodes": {"a": node("sg-1"), "b": node("sg-2", backends=["a"], listeners=[OTHER])},
        "services": {"a": {"node": "a"}, "b": {"node": "b"}},
    }
    inward = {("ingress", 8080, "IPV4"), ("ingress", 9000, "IPV4")}
    assert rules(**made) == inward
    made["nodes"]["b"]["lattice"]["egress"] = True
    assert rules(**made) - inward == {("egress", 8080, "IPV4"), ("egress", 8080, "IPV6")}


def test_a_group_of_two_nodes_gets_each_rule_once() -> None:
    late = Deferred.of(object(), "GROUP")
    lattice = compiled(
        nodes={"a": node("sg-1", late), "b": node("sg-1", late)},
        services={"a": {"node": "a"}, "b": {"node": "b"}},
    )
    assert [each.group for each in lattice.group_rules] == ["sg-1", late]
    keys = [each.key for each in lattice.group_rules]
    assert keys == ["ingress-sg-1.8080.ipv4", "ingress-a.1.8080.ipv4"]


@pytest.mark.parametrize("groups", [(), ("sg-1",), ("sg-1", "sg-2")])
def test_each_is_a_part_of_the_account_of_the_node(groups: tuple[str, ...]) -> None:
    lattice = compiled(
        accounts={
            "network": {"id": "111111111111", "vpc_id": "vpc-1"},
            "orders": {"id": "222222222222", "vpc_id": "vpc-2"},
        },
        nodes={"a": node(*groups, account="orders")},
        services={"a": {"node": "a"}},
    )
    kind = "security group rule"
    found = [each for each in lattice_parts(lattice) if each.kind == kind]
    assert [(each.name, each.owner.key, each.phase) for each in found] == [
        (f"ingress-{group}.8080.ipv4", "orders", "endpoints") for group in groups
    ]
