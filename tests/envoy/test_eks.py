"""The proxy in pods, as the App Mesh controller takes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meshkit.envoy.eks import (
    gateway_container,
    namespace_labels,
    pod_annotations,
    pod_security_context,
    service_account_annotations,
    service_account_manifest,
)
from meshkit.envoy.image import image_of
from meshkit.errors import MeshkitError
from tests.envoy.samples import GATEWAY, gateway, node

ROLE = "arn:aws:iam::222222222222:role/web"


def test_a_service_account_carries_its_role() -> None:
    annotations = {"eks.amazonaws.com/role-arn": ROLE}

    assert service_account_annotations(ROLE) == annotations
    assert service_account_manifest("shop", "web", ROLE) == {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"namespace": "shop", "name": "web", "annotations": annotations},
    }


def test_pod_identity_needs_no_annotation() -> None:
    assert "annotations" not in service_account_manifest("shop", "web")["metadata"]


def test_a_namespace_joins_the_mesh_by_its_labels() -> None:
    assert namespace_labels("shop") == {
        "mesh": "shop",
        "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled",
    }


def test_annotations_of_a_nodes_pods() -> None:
    assert pod_annotations(node()) == {
        "appmesh.k8s.aws/ports": "8080,9090",
        "appmesh.k8s.aws/egressIgnoredIPs": "169.254.169.254",
        "appmesh.k8s.aws/egressIgnoredPorts": "22",
    }


def test_the_agent_of_pod_identity_is_reached_without_the_proxy() -> None:
    found = pod_annotations(node(egress_ignored_ips=["10.0.0.1"]), "pod-identity")

    assert found["appmesh.k8s.aws/egressIgnoredIPs"] == "169.254.169.254,169.254.170.23,10.0.0.1"


def test_settings_become_annotations() -> None:
    found = pod_annotations(
        node(cpu=512, memory=64, fips=True, egress_ignored_ports=[2049], env={"A": "1"})
    )

    assert {key.removeprefix("appmesh.k8s.aws/"): value for key, value in found.items()} == {
        "ports": "8080,9090",
        "egressIgnoredIPs": "169.254.169.254",
        "egressIgnoredPorts": "22,2049",
        "cpuRequest": "500m",
        "memoryRequest": "64Mi",
        "sidecarEnv": "A=1,APPMESH_FIPS_ENDPOINT=1",
    }


def test_what_the_controller_sets_itself_is_left_to_it() -> None:
    proxy = node(log_level="debug", admin_port=9902, sds_socket="/s", dualstack=True)

    assert pod_annotations(replace(proxy, tracing="xray")) == pod_annotations(node())


@pytest.mark.parametrize("value", ["a,b", "a=b"])
def test_a_variable_that_the_controller_would_misread_is_refused(value: str) -> None:
    with pytest.raises(MeshkitError, match="LIST"):
        pod_annotations(node(env={"LIST": value}))


def test_a_node_without_listeners_names_no_ports() -> None:
    assert "appmesh.k8s.aws/ports" not in pod_annotations(replace(node(), ports=()))


def test_a_gateway_brings_its_own_container() -> None:
    assert gateway_container(gateway()) == {
        "name": "envoy",
        "image": image_of(gateway()),
        "ports": [{"containerPort": 8443}],
        "env": [{"name": "APPMESH_RESOURCE_ARN", "value": GATEWAY}],
    }


def test_only_an_own_image_keeps_the_controller_from_setting_its_own() -> None:
    assert pod_annotations(gateway()) == {}
    assert pod_annotations(gateway(image="own:1")) == {
        "appmesh.k8s.aws/virtualGatewaySkipImageOverride": "true"
    }


def test_the_proxy_can_read_its_token() -> None:
    assert pod_security_context() == {"fsGroup": 1337}
