"""The proxy in an ECS task definition, in the shapes of the ECS API.

Source: App Mesh User Guide, getting started with ECS; ECS API, ProxyConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.envoy.environment import environment
from meshkit.envoy.image import image_of
from meshkit.envoy.proxy import EGRESS_PORT, INGRESS_PORT, METADATA_ADDRESSES

if TYPE_CHECKING:
    from meshkit.envoy.proxy import EnvoyProxy

CONTAINER = "envoy"
CPU = 512
MEMORY = 64
"""Recommended by AWS: CPU units and MiB."""
OPEN_FILES = 15000
XRAY_IMAGE = "public.ecr.aws/xray/aws-xray-daemon:3.x"
XRAY_PORT = 2000


def container_definition(proxy: EnvoyProxy) -> dict[str, Any]:
    """The container of the proxy.

    A gateway's exposes its listeners and runs as the image's own user; a node's runs as the user
    whose traffic is not redirected.
    """
    settings = proxy.settings
    ports = proxy.ports if proxy.gateway else (INGRESS_PORT, EGRESS_PORT)
    definition: dict[str, Any] = {
        "name": CONTAINER,
        "image": image_of(proxy),
        "essential": True,
        "cpu": settings.cpu or CPU,
        "memory": settings.memory or MEMORY,
        "environment": [
            {"name": name, "value": value} for name, value in environment(proxy).items()
        ],
        "portMappings": [
            {"containerPort": port, "protocol": "tcp"} for port in (proxy.admin_port, *ports)
        ],
        "healthCheck": health_check(proxy),
        "ulimits": [{"name": "nofile", "softLimit": OPEN_FILES, "hardLimit": OPEN_FILES}],
    }
    if not proxy.gateway:
        definition["user"] = str(proxy.user)
    return definition


def health_check(proxy: EnvoyProxy) -> dict[str, Any]:
    """Well once Envoy has its configuration. Times are in seconds."""
    url = f"http://localhost:{proxy.admin_port}/server_info"
    return {
        "command": ["CMD-SHELL", f"curl -s {url} | grep state | grep -q LIVE"],
        "interval": 5,
        "timeout": 2,
        "retries": 3,
        "startPeriod": 10,
    }


def proxy_configuration(proxy: EnvoyProxy) -> dict[str, Any] | None:
    """How the task's traffic reaches the proxy; ``None`` for a gateway.

    A node without listeners names neither AppPorts nor ProxyIngressPort: the two go together.
    """
    if proxy.gateway:
        return None
    ingress = {
        "AppPorts": _joined(proxy.ports),
        "ProxyIngressPort": str(INGRESS_PORT),
    }
    properties = {
        "IgnoredUID": str(proxy.user),
        **(ingress if proxy.ports else {}),
        "ProxyEgressPort": str(EGRESS_PORT),
        "EgressIgnoredIPs": ",".join(proxy.egress_ignored_ips(METADATA_ADDRESSES)),
        "EgressIgnoredPorts": _joined(proxy.egress_ignored_ports),
    }
    return {
        "type": "APPMESH",
        "containerName": CONTAINER,
        "properties": [{"name": name, "value": value} for name, value in properties.items()],
    }


def xray_container(proxy: EnvoyProxy) -> dict[str, Any] | None:
    """The daemon that takes the proxy's traces; ``None`` without X-Ray.

    It runs as the proxy's user, so that its own traffic is not redirected.
    """
    if proxy.tracing != "xray":
        return None
    definition: dict[str, Any] = {
        "name": "xray-daemon",
        "image": XRAY_IMAGE,
        "essential": True,
        "cpu": 32,
        "memoryReservation": 256,
        "portMappings": [{"containerPort": XRAY_PORT, "protocol": "udp"}],
    }
    if not proxy.gateway:
        definition["user"] = str(proxy.user)
    return definition


def application_depends_on() -> list[dict[str, str]]:
    """``dependsOn`` of the application's container: it starts once the proxy is well."""
    return [{"containerName": CONTAINER, "condition": "HEALTHY"}]


def task_definition(proxy: EnvoyProxy, role_arn: str) -> dict[str, Any]:
    """What a task definition needs for the proxy; the application's containers come beside it."""
    containers = (container_definition(proxy), xray_container(proxy))
    fragment = {
        "taskRoleArn": role_arn,
        "networkMode": "awsvpc",
        "proxyConfiguration": proxy_configuration(proxy),
        "containerDefinitions": [each for each in containers if each is not None],
    }
    return {key: value for key, value in fragment.items() if value is not None}


def _joined(ports: tuple[int, ...]) -> str:
    return ",".join(str(port) for port in dict.fromkeys(ports))
