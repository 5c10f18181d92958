"""Wiring of the proxy of a node or gateway that stands alone; its ARN comes with the deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from meshkit.config.proxy import Proxy
from meshkit.envoy import ecs
from meshkit.envoy.outputs import wired
from meshkit.envoy.proxy import EnvoyProxy

if TYPE_CHECKING:
    from collections.abc import Callable

    import pulumi

    from meshkit.config.gateway import Gateway
    from meshkit.config.node import Node

T = TypeVar("T")


def task_proxy_configuration(proxy: EnvoyProxy) -> dict[str, Any] | None:
    """``proxy_configuration`` as pulumi_aws takes it: its properties are a mapping."""
    configuration = ecs.proxy_configuration(proxy)
    return configuration and {
        "type": configuration["type"],
        "container_name": configuration["containerName"],
        "properties": {each["name"]: each["value"] for each in configuration["properties"]},
    }


def proxy_value(
    arn: pulumi.Output[str],
    spec: Node | Gateway,
    make: Callable[[EnvoyProxy], T],
    *,
    gateway: bool = False,
) -> pulumi.Output[T]:
    """``make`` of the proxy that runs as ``arn``."""

    def made(text: str) -> Any:
        proxy = EnvoyProxy(
            resource_arn=text,
            region=text.split(":")[3],
            ports=tuple(listener.port for listener in spec.listeners),
            gateway=gateway,
            tracing=spec.tracing or "none",
            settings=spec.proxy or Proxy(),
        )
        return wired(proxy, make)

    return arn.apply(made)
