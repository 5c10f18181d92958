"""Manifests for the Gateway API controllers of clusters."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from meshkit.config.deferred import Deferred
from meshkit.topology.lattice.manifests import Manifest, filled, manifests, texts, to_yaml
from tests.topology.lattice.meshes import compiled

ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
CLUSTERS = {
    "blue": {"oidc_issuer": ISSUER, "gateway_api": {}},
    "green": {"gateway_api": {"identity": "pod-identity"}, "name": "green-1"},
    "plain": {},
}


def pods(cluster: str = "blue", protocol: str = "http", **more: Any) -> dict[str, Any]:
    """A node that is pods, with one listener on 8080."""
    workload = {"type": "eks", "cluster": cluster, "namespace": "shop", "service_account": "a"}
    service = {"service": more.pop("service")} if "service" in more else {}
    listener = {"port": 8080, "protocol": protocol, **more}
    return {"workload": {**workload, **service}, "listeners": [listener]}


def routed(routes: dict[str, Any], protocol: str = "http", **sections: Any) -> Any:
    """A service behind a router on port 80."""
    router = {"listeners": [{"port": 80, "protocol": protocol}], "routes": routes}
    return compiled(
        clusters=CLUSTERS, routers={"web": router}, services={"web": {"router": "web"}}, **sections
    )


def of_kind(found: list[Manifest], kind: str) -> list[Any]:
    return [each for each in found if each["kind"] == kind]


def only(found: list[Manifest], kind: str) -> Any:
    (one,) = of_kind(found, kind)
    return one


def test_a_route_takes_over_the_service_and_leads_to_kubernetes_services() -> None:
    match = {"path": {"exact": "/beta"}, "method": "GET", "headers": [{"name": "x", "exact": "y"}]}
    lattice = routed(
        {
            "beta": {"priority": 1, "http": {"match": match, "targets": {"b": 1}}},
            "all": {"http": {"match": {"prefix": "/"}, "targets": {"a": 9, "b": 1}}},
        },
        nodes={"a": pods(), "b": pods(service="beta")},
        tags={"team": "shop", "cost": "1"},
    )
    route = only(manifests(lattice, "blue"), "HTTPRoute")
    name = lattice.services["web"].name
    assert route["metadata"] == {
        "name": name,
        "namespace": "shop",
        "annotations": {
            "application-networking.k8s.aws/service-name-override": name,
            "application-networking.k8s.aws/standalone": "true",
            "application-networking.k8s.aws/tags": "team=shop,cost=1",
        },
    }
    assert route["spec"]["rules"] == [
        {
            "matches": [
                {
                    "path": {"type": "Exact", "value": "/beta"},
                    "method": "GET",
                    "headers": [{"type": "Exact", "name": "x", "value": "y"}],
                }
            ],
            "backendRefs": [{"kind": "Service", "name": "beta", "port": 8080, "weight": 1}],
        },
        {
            "backendRefs": [
                {"kind": "Service", "name": "a", "port": 8080, "weight": 9},
                {"kind": "Service", "name": "beta", "port": 8080, "weight": 1},
            ]
        },
    ]


def test_the_gateway_is_the_service_network_with_the_listener_of_each_service() -> None:
    lattice = compiled(
        clusters=CLUSTERS,
        nodes={"a": pods(), "b": pods(protocol="grpc")},
        services={"a": {"node": "a"}, "b": {"node": "b"}},
    )
    found = manifests(lattice, "blue")
    gateway = only(found, "Gateway")
    assert gateway["metadata"]["name"] == lattice.network
    assert gateway["spec"]["gatewayClassName"] == only(found, "GatewayClass")["metadata"]["name"]
    sections = {each["name"]: each for each in gateway["spec"]["listeners"]}
    assert sections.keys() == {"http-8080", "https-8080"}
    assert sections["https-8080"]["tls"]["mode"] == "Terminate"
    (parent,) = only(found, "GRPCRoute")["spec"]["parentRefs"]
    assert parent["name"] == lattice.network
    assert parent["namespace"] == gateway["metadata"]["namespace"]
    assert parent["sectionName"] == "https-8080"


def test_a_policy_says_how_pods_are_spoken_to_and_checked() -> None:
    check = {"path": "/health", "port": 9000, "interval_millis": 10000}
    lattice = compiled(
        clusters=CLUSTERS,
        nodes={"a": pods(protocol="http2", health_check=check), "b": pods(protocol="grpc")},
        services={"a": {"node": "a"}, "b": {"node": "b"}, "again": {"node": "a"}},
    )
    policies = of_kind(manifests(lattice, "blue"), "TargetGroupPolicy")
    assert [each["spec"]["targetRef"]["name"] for each in policies] == ["a", "b"], "one for each"
    first, second = (each["spec"] for each in policies)
    assert (first["protocol"], first["protocolVersion"]) == ("HTTP", "HTTP2")
    wanted = {"enabled": True, "path": "/health", "port": 9000, "intervalSeconds": 10}
    assert wanted.items() <= first["healthCheck"].items()
    assert "protocolVersion" not in second, "that of gRPC follows from the route"
    assert second["healthCheck"] == {"enabled": False}


def test_pods_of_another_cluster_are_exported_there_and_imported_here() -> None:
    lattice = routed(
        {"all": {"http": {"match": {"prefix": "/"}, "targets": {"a": 1, "b": 3}}}},
        nodes={"a": pods(), "b": pods("green")},
    )
    here, there = manifests(lattice, "blue"), manifests(lattice, "green")
    (rule,) = only(here, "HTTPRoute")["spec"]["rules"]
    assert [(each["kind"], each["name"]) for each in rule["backendRefs"]] == [
        ("Service", "a"),
        ("ServiceImport", "b"),
    ]
    imported, exported = only(here, "ServiceImport"), only(there, "ServiceExport")
    for key in ("name", "namespace"):
        assert imported["metadata"][key] == exported["metadata"][key], "they meet by name"
    assert imported["metadata"]["annotations"] == {
        "application-networking.k8s.aws/aws-eks-cluster-name": "green-1",
        "application-networking.k8s.aws/aws-vpc": "vpc-1",
    }
    assert exported["spec"] == {"exportedPorts": [{"port": 8080, "routeType": "HTTP"}]}
    target = only(there, "TargetGroupPolicy")["spec"]["targetRef"]
    assert target["kind"] == "ServiceExport"
    assert not of_kind(there, "HTTPRoute"), "a service has one route"
    assert not of_kind(there, "Gateway")


@pytest.mark.parametrize(
    ("match", "told"),
    [
        ({}, None),
        ({"service_name": "shop.Cart"}, {"type": "Exact", "service": "shop.Cart"}),
        (
            {"service_name": "shop.Cart", "method_name": "Add"},
            {"type": "Exact", "service": "shop.Cart", "method": "Add"},
        ),
    ],
)
def test_calls_of_grpc_are_told_by_service_and_method(match: Any, told: Any) -> None:
    body = {"match": match or {"metadata": [{"name": "x", "exact": "y"}]}, "targets": {"a": 1}}
    lattice = routed({"one": {"grpc": body}}, "grpc", nodes={"a": pods(protocol="grpc")})
    (rule,) = only(manifests(lattice, "blue"), "GRPCRoute")["spec"]["rules"]
    (found,) = rule["matches"]
    assert found.get("method") == told


def test_the_service_account_has_its_role_for_irsa_alone() -> None:
    lattice = compiled(clusters=CLUSTERS)
    role = lattice.mesh.roles["gateway-api-blue"]
    by_token = only(manifests(lattice, "blue"), "ServiceAccount")["metadata"]
    assert by_token["annotations"] == {"eks.amazonaws.com/role-arn": role.arn}
    (subject,) = role.subjects
    assert (by_token["namespace"], by_token["name"]) == (subject.namespace, subject.service_account)
    assert "annotations" not in only(manifests(lattice, "green"), "ServiceAccount")["metadata"]


def test_without_a_controller_the_program_leads_the_service_itself() -> None:
    lattice = compiled(clusters=CLUSTERS, nodes={"a": pods("plain")}, services={"a": {"node": "a"}})
    assert lattice.services["a"].controller is None
    assert "gateway-api-plain" not in lattice.mesh.roles


def test_texts_that_only_the_program_knows_are_put_in() -> None:
    late = Deferred.of(object(), "NAME")
    lattice = compiled(
        clusters={"blue": {"gateway_api": {"identity": "pod-identity"}},
                  "green": {"gateway_api": {"identity": "pod-identity"}, "name": late}},
        nodes={"a": pods(), "b": pods("green")},
        routers={"web": {
            "listeners": [{"port": 80, "protocol": "http"}],
            "routes": {"all": {"http": {"match": {"prefix": "/"}, "targets": {"a": 1, "b": 1}}}},
        }},
        services={"web": {"router": "web"}},
    )  # fmt: skip
    found = manifests(lattice, "blue")
    assert list(texts(found)) == [late]
    text = to_yaml(filled(found, {late: "green-2"}))
    assert "aws-eks-cluster-name: green-2" in text
    assert len(list(yaml.safe_load_all(text))) == len(found)
