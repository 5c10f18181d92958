"""Environment variables of the proxy.

Source: App Mesh User Guide, Envoy configuration variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.envoy.proxy import known

if TYPE_CHECKING:
    from meshkit.envoy.proxy import EnvoyProxy

TRACERS = {
    "xray": "ENABLE_ENVOY_XRAY_TRACING",
    "jaeger": "ENABLE_ENVOY_JAEGER_TRACING",
    "datadog": "ENABLE_ENVOY_DATADOG_TRACING",
    "none": None,
}
"""Envoy takes only one of them."""

RESOURCE_ARN = "APPMESH_RESOURCE_ARN"


def environment(proxy: EnvoyProxy) -> dict[str, str]:
    """The variables by name, sorted; those of the settings' ``env`` win."""
    settings = proxy.settings
    tracer = TRACERS[proxy.tracing]
    given: dict[str, str | None] = {
        RESOURCE_ARN: known(proxy.resource_arn),
        "ENVOY_LOG_LEVEL": settings.log_level,
        "ENVOY_ADMIN_ACCESS_PORT": str(settings.admin_port) if settings.admin_port else None,
        "APPMESH_DUALSTACK_ENDPOINT": "1" if settings.dualstack else None,
        "APPMESH_FIPS_ENDPOINT": "1" if settings.fips else None,
        "APPMESH_SDS_SOCKET_PATH": known(settings.sds_socket) if settings.sds_socket else None,
    }
    if tracer is not None:
        given[tracer] = "1"
    given |= {key: known(value) for key, value in settings.env.items()}
    return {key: value for key, value in sorted(given.items()) if value is not None}
