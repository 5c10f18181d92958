"""The proxy in a task definition, against the documents of App Mesh and ECS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from meshkit.envoy.ecs import (
    application_depends_on,
    container_definition,
    proxy_configuration,
    task_definition,
    xray_container,
)
from meshkit.envoy.proxy import EnvoyProxy
from tests.envoy.samples import NODE, gateway, node

ROLE = "arn:aws:iam::222222222222:role/web"


def properties(proxy: EnvoyProxy) -> dict[str, str]:
    configuration = proxy_configuration(proxy)
    assert configuration is not None
    return {each["name"]: each["value"] for each in configuration["properties"]}


def test_the_container_of_a_node() -> None:
    image = "840364872350.dkr.ecr.eu-west-1.amazonaws.com/aws-appmesh-envoy:v1.34.13.3-prod"

    assert container_definition(node()) == {
        "name": "envoy",
        "image": image,
        "essential": True,
        "cpu": 512,
        "memory": 64,
        "user": "1337",
        "environment": [{"name": "APPMESH_RESOURCE_ARN", "value": NODE}],
        "portMappings": [
            {"containerPort": 9901, "protocol": "tcp"},
            {"containerPort": 15000, "protocol": "tcp"},
            {"containerPort": 15001, "protocol": "tcp"},
        ],
        "healthCheck": {
            "command": [
                "CMD-SHELL",
                "curl -s http://localhost:9901/server_info | grep state | grep -q LIVE",
            ],
            "interval": 5,
            "timeout": 2,
            "retries": 3,
            "startPeriod": 10,
        },
        "ulimits": [{"name": "nofile", "softLimit": 15000, "hardLimit": 15000}],
    }


def test_settings_of_the_container_are_honoured() -> None:
    found = container_definition(
        node(image="own:1", cpu=256, memory=128, admin_port=9902, ignored_uid=2000)
    )

    assert (found["image"], found["cpu"], found["memory"]) == ("own:1", 256, 128)
    assert found["user"] == "2000"
    assert found["portMappings"][0]["containerPort"] == 9902
    assert ":9902/" in found["healthCheck"]["command"][1]


def test_a_gateway_exposes_its_listeners_and_redirects_nothing() -> None:
    found = container_definition(gateway())

    assert [each["containerPort"] for each in found["portMappings"]] == [9901, 8443]
    assert "user" not in found
    assert proxy_configuration(gateway()) is None


def test_traffic_is_redirected_to_the_proxy() -> None:
    configuration = proxy_configuration(node())

    assert configuration is not None
    assert (configuration["type"], configuration["containerName"]) == ("APPMESH", "envoy")
    assert properties(node()) == {
        "IgnoredUID": "1337",
        "AppPorts": "8080,9090",
        "ProxyIngressPort": "15000",
        "ProxyEgressPort": "15001",
        "EgressIgnoredIPs": "169.254.170.2,169.254.169.254",
        "EgressIgnoredPorts": "22",
    }


def test_what_the_proxy_leaves_alone_is_added_to() -> None:
    found = properties(
        node(ignored_uid=2000, egress_ignored_ips=["10.0.0.1"], egress_ignored_ports=[2049, 22])
    )

    assert found["IgnoredUID"] == "2000"
    assert found["EgressIgnoredIPs"] == "169.254.170.2,169.254.169.254,10.0.0.1"
    assert found["EgressIgnoredPorts"] == "22,2049"


def test_a_node_without_listeners_takes_no_traffic() -> None:
    found = properties(replace(node(), ports=()))

    assert "AppPorts" not in found
    assert "ProxyIngressPort" not in found
    assert found["ProxyEgressPort"] == "15001"


def test_xray_has_its_daemon() -> None:
    assert xray_container(node()) is None

    daemon = xray_container(replace(node(ignored_uid=2000), tracing="xray"))

    assert daemon is not None
    assert daemon["user"] == "2000"
    assert daemon["portMappings"] == [{"containerPort": 2000, "protocol": "udp"}]


@pytest.mark.parametrize("proxy", [node(), gateway(), replace(node(), tracing="xray")])
def test_ecs_takes_the_fragment(proxy: EnvoyProxy) -> None:
    application: dict[str, Any] = {
        "name": "app",
        "image": "app:1",
        "dependsOn": application_depends_on(),
    }
    fragment = task_definition(proxy, ROLE)
    fragment["containerDefinitions"].append(application)

    assert fragment["taskRoleArn"] == ROLE
    assert fragment["networkMode"] == "awsvpc"
    assert ("proxyConfiguration" in fragment) != proxy.gateway
    assert application["dependsOn"] == [{"containerName": "envoy", "condition": "HEALTHY"}]
    model = botocore.session.get_session().get_service_model("ecs")
    shape = model.operation_model("RegisterTaskDefinition").input_shape
    assert shape is not None
    report = ParamValidator().validate({"family": "web", **fragment}, shape)
    assert report.generate_report() == ""


def test_the_fragment_holds_the_daemon_only_with_xray() -> None:
    def names(proxy: EnvoyProxy) -> list[str]:
        return [each["name"] for each in task_definition(proxy, ROLE)["containerDefinitions"]]

    assert names(node()) == ["envoy"]
    assert names(replace(gateway(), tracing="xray")) == ["envoy", "xray-daemon"]
