"""Gateway API controllers: what is said of a file that one can't serve, and of none that it can."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.topology.check import check

ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
CLUSTERS = {
    "blue": {"oidc_issuer": ISSUER, "gateway_api": {}},
    "green": {"gateway_api": {"identity": "pod-identity"}},
    "red": {"gateway_api": {"identity": "pod-identity"}},
    "plain": {},
}


def pods(name: str, cluster: str = "blue", **workload: Any) -> dict[str, Any]:
    base = {"type": "eks", "cluster": cluster, "namespace": "shop", "service_account": name}
    return {
        "workload": {**base, "identity": "pod-identity", **workload},
        "listeners": [{"port": 8080, "protocol": "http"}],
    }


def file(*routes: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """Nodes a and b behind one router, as pods of cluster blue."""
    body = {"match": {"prefix": "/"}, "targets": {"a": 90, "b": 10}}
    router = {
        "listeners": [{"port": 80, "protocol": "http"}],
        "routes": {f"r{place}": {"priority": place, "http": {**body, **each}}
                   for place, each in enumerate(routes or ({},))},
    }  # fmt: skip
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": "eu-west-1",
        "owner": "network",
        "accounts": {"network": {"id": "111111111111", "vpc_id": "vpc-1"}},
        "clusters": CLUSTERS,
        "nodes": {"a": pods("a"), "b": pods("b")},
        "routers": {"web": router},
        "services": {"web": {"router": "web"}},
        **sections,
    }


def found(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in check(data).findings]


SILENT: dict[str, dict[str, Any]] = {
    "pods of one cluster": file(),
    "pods of two clusters, each with a service of one name": file(
        nodes={"a": pods("a", service="web"), "b": pods("b", "green", service="web")}
    ),
    "a header by its whole value": file({"match": {"prefix": "/", "headers": [
        {"name": "x", "exact": "y"}]}}),
    "tasks beside services of a controller": file(
        nodes={"a": pods("a"), "b": pods("b"), "c": {
            "workload": {"type": "ecs"}, "listeners": [{"port": 1, "protocol": "http"}]}},
        services={"web": {"router": "web"}, "c": {"node": "c"}},
    ),
    "pods of a cluster without a controller in two namespaces": file(
        nodes={"a": pods("a", "plain"), "b": pods("b", "plain", namespace="other")}
    ),
    "a role with a name of its own": file(
        clusters={"blue": {"gateway_api": {"identity": "pod-identity", "role": {"name": "mine"}}}}
    ),
    "irsa with a provider that is there": file(
        clusters={"blue": {"gateway_api": {}, "oidc_provider": {
            "arn": "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/E"
        }}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", SILENT.values(), ids=SILENT)
def test_nothing_is_said_of_what_a_controller_can_serve(data: dict[str, Any]) -> None:
    assert found(data) == []


TLS = {"domain": "web.example.com", "passthrough": True}
FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "tasks behind the service too": (
        file(nodes={"a": pods("a"), "b": {
            "workload": {"type": "ecs"}, "listeners": [{"port": 1, "protocol": "http"}]}}),
        "MK915", 'node "b", which is no pod of a cluster with gateway_api',
    ),
    "pods of a cluster without a controller too": (
        file(nodes={"a": pods("a", "plain"), "b": pods("b")}), "MK915", 'node "a"',
    ),
    "two namespaces": (
        file(nodes={"a": pods("a"), "b": pods("b", namespace="other")}),
        "MK915", "namespaces shop and other",
    ),
    "a header by its beginning": (
        file({"match": {"prefix": "/", "headers": [{"name": "x", "prefix": "y"}]}}),
        "MK916", 'takes values of "x" by a prefix',
    ),
    "two listeners of a service": (
        file(routers={"web": {
            "listeners": [{"port": 80, "protocol": "http"}, {"port": 81, "protocol": "http"}],
            "routes": {"r": {"http": {
                "match": {"prefix": "/", "port": 80}, "targets": {"a": 1}}}},
        }}),
        "MK916", "2 listeners where a route has one",
    ),
    "two listeners of a node": (
        file(services={"web": {"node": "a"}}, nodes={"a": {**pods("a"), "listeners": [
            {"port": 80, "protocol": "http"}, {"port": 81, "protocol": "http"}]}}, routers={}),
        "MK916", 'node "a" has 2 listeners',
    ),
    "TLS that is handed on": (
        file(services={"web": {"node": "a", "lattice": TLS}}, routers={}, nodes={
            "a": {**pods("a"), "listeners": [{"port": 443, "protocol": "tcp"}]}}),
        "MK916", "TLS that is handed on",
    ),
    "a tag that can't be written": (file(tags={"team": "a,b"}), "MK916", 'tag "team"'),
    "a path": (file({"match": {"prefix": "/Items"}}), "MK917", "/Items in capital and small"),
    "two nodes with one Kubernetes service": (
        file(nodes={"a": pods("a", service="x"), "b": pods("b", service="x")}),
        "MK918", 'that of node "a" already',
    ),
    "two imports of one name": (
        file(nodes={"h": pods("h"), "a": pods("a", "green", service="x"),
                    "b": pods("b", "red", service="x")},
             routers={"web": {"listeners": [{"port": 80, "protocol": "http"}], "routes": {
                 "r": {"http": {"match": {"prefix": "/"}, "targets": {"h": 1, "a": 1, "b": 1}}},
             }}}),
        "MK918", 'that of node "a" already',
    ),
    "a controller with irsa and no issuer": (
        file(clusters={"blue": {"gateway_api": {}}}), "MK711", "needs oidc_issuer",
    ),
    "a cluster in an account without a VPC": (
        file(accounts={"network": {"id": "111111111111", "vpc_id": "vpc-1"},
                       "far": {"id": "222222222222"}},
             share={"principals": ["far"]},
             clusters={**CLUSTERS, "x": {
                 "account": "far", "gateway_api": {"identity": "pod-identity"}}}),
        "MK949", 'the controller of cluster "x" is in it',
    ),
    "two controllers with one role name": (
        file(clusters={key: {"gateway_api": {"identity": "pod-identity", "role": {"name": "One"}}}
                       for key in ("blue", "green")}),
        "MK748", '"One" is the role of cluster "blue" already',
    ),
    "a boundary of another account": (
        file(clusters={"blue": {"gateway_api": {"identity": "pod-identity", "role": {
            "permissions_boundary": "arn:aws:iam::222222222222:policy/b"}}}}),
        "MK709", "222222222222",
    ),
    "a workload as the controller": (
        file(nodes={"a": pods("gateway-api-controller",
                              namespace="aws-application-networking-system")},
             services={"web": {"node": "a"}}, routers={}),
        "MK714", "the role of the cluster's Gateway API controller",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "told"), FAULTS.values(), ids=FAULTS)
def test_what_a_controller_cannot_serve_is_said(data: dict[str, Any], code: str, told: str) -> None:
    findings = found(data)
    assert code in {each for each, _ in findings}
    assert any(told in message for each, message in findings if each == code)
