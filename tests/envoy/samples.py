"""Proxies for the tests of the wiring."""

from __future__ import annotations

from typing import Any

from meshkit.config.proxy import Proxy
from meshkit.envoy.proxy import EnvoyProxy

NODE = "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode/web"
GATEWAY = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualGateway/in"


def node(**settings: Any) -> EnvoyProxy:
    """A node that listens on 8080 and 9090."""
    return EnvoyProxy(NODE, "eu-west-1", (8080, 9090), settings=Proxy.model_validate(settings))


def gateway(**settings: Any) -> EnvoyProxy:
    """A gateway that listens on 8443."""
    found = Proxy.model_validate(settings)
    return EnvoyProxy(GATEWAY, "eu-west-1", (8443,), gateway=True, settings=found)
