"""The proxy as a value: from the resolved mesh, its image, its variables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from meshkit.config.deferred import Deferred, Hole
from meshkit.config.proxy import Proxy
from meshkit.envoy.environment import environment
from meshkit.envoy.image import VERSION, image_of, public_image, regional_image
from meshkit.envoy.proxy import EnvoyProxy, proxy_of
from meshkit.errors import MeshkitError
from tests.envoy.samples import GATEWAY, NODE, gateway, node
from tests.policy.samples import listener, mesh


def test_a_node_becomes_a_proxy_with_its_settings() -> None:
    image = Deferred((Hole("context", "account"), ".dkr.ecr.example/envoy:1"))
    resolved = mesh(
        proxy={"log_level": "debug"},
        nodes={
            "web": {
                "account": "orders",
                "listeners": [listener(8080), listener(9090)],
                "tracing": "xray",
                "proxy": {"image": image},
            }
        },
    )

    assert proxy_of(resolved.nodes["web"]) == EnvoyProxy(
        resource_arn=NODE,
        region="eu-west-1",
        ports=(8080, 9090),
        tracing="xray",
        settings=Proxy(log_level="debug", image="222222222222.dkr.ecr.example/envoy:1"),
    )


def test_a_gateway_becomes_a_proxy_that_stands_alone() -> None:
    resolved = mesh(gateways={"in": {"listeners": [listener(8443)]}})

    assert proxy_of(resolved.gateways["in"]) == gateway()
    assert gateway().resource_arn == GATEWAY


@pytest.mark.parametrize(
    ("region", "account"),
    [
        ("eu-west-1", "840364872350"),
        ("us-east-1", "840364872350"),
        ("af-south-1", "924023996002"),
        ("ap-east-1", "856666278305"),
        ("ap-southeast-3", "909464085924"),
        ("eu-south-1", "422531588944"),
        ("il-central-1", "564877687649"),
        ("me-south-1", "772975370895"),
    ],
)
def test_the_image_comes_from_the_registry_of_the_region(region: str, account: str) -> None:
    expected = f"{account}.dkr.ecr.{region}.amazonaws.com/aws-appmesh-envoy:{VERSION}"

    assert regional_image(region) == expected


def test_fips_has_its_own_image() -> None:
    assert regional_image("us-east-1", fips=True).endswith("-prod-fips")
    assert public_image(fips=True).endswith("-prod-fips")
    assert image_of(node(fips=True)).endswith("-prod-fips")


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_where_aws_names_no_registry_the_image_must_be_given(region: str) -> None:
    with pytest.raises(MeshkitError, match=f"for {region}"):
        image_of(replace(node(), region=region))
    assert image_of(replace(node(image="own:1"), region=region)) == "own:1"


def test_the_environment_is_the_arn_alone_by_default() -> None:
    assert environment(node()) == {"APPMESH_RESOURCE_ARN": NODE}


@pytest.mark.parametrize(
    ("settings", "variables"),
    [
        ({"log_level": "debug"}, {"ENVOY_LOG_LEVEL": "debug"}),
        ({"admin_port": 9902}, {"ENVOY_ADMIN_ACCESS_PORT": "9902"}),
        ({"dualstack": True}, {"APPMESH_DUALSTACK_ENDPOINT": "1"}),
        ({"fips": True}, {"APPMESH_FIPS_ENDPOINT": "1"}),
        ({"dualstack": False, "fips": False}, {}),
        ({"sds_socket": "/run/sds.sock"}, {"APPMESH_SDS_SOCKET_PATH": "/run/sds.sock"}),
        ({"env": {"EMPTY": "", "B": "2"}}, {"EMPTY": "", "B": "2"}),
        ({"log_level": "debug", "env": {"ENVOY_LOG_LEVEL": "off"}}, {"ENVOY_LOG_LEVEL": "off"}),
    ],
)
def test_settings_become_variables(settings: dict[str, Any], variables: dict[str, str]) -> None:
    assert environment(node(**settings)) == {"APPMESH_RESOURCE_ARN": NODE, **variables}


@pytest.mark.parametrize(
    ("tracing", "variable"),
    [
        ("xray", "ENABLE_ENVOY_XRAY_TRACING"),
        ("jaeger", "ENABLE_ENVOY_JAEGER_TRACING"),
        ("datadog", "ENABLE_ENVOY_DATADOG_TRACING"),
    ],
)
def test_a_tracer_is_the_only_one(tracing: Any, variable: str) -> None:
    found = environment(replace(node(), tracing=tracing))

    assert found == {"APPMESH_RESOURCE_ARN": NODE, variable: "1"}


def test_variables_come_in_a_stable_order() -> None:
    found = environment(node(env={"Z": "1", "A": "1"}, log_level="info"))

    assert list(found) == sorted(found)
