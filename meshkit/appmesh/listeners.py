"""Listeners of nodes, gateways and routers. Source: API Listener, VirtualGatewayListener."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.appmesh.tls import listener_tls
from meshkit.appmesh.translation import duration, given

if TYPE_CHECKING:
    from meshkit.appmesh.translation import Leaves, Spec
    from meshkit.config.listener import (
        ConnectionPool,
        GatewayListener,
        HealthCheck,
        Listener,
        OutlierDetection,
        PortMapping,
        Timeout,
    )

NODE_POOLS = {"http": "https", "http2": "http2s", "tcp": "tcps"}
"""pulumi_aws makes plurals of these members of a node's pool, and lists of their values."""


def port_mapping(listener: Listener | GatewayListener | PortMapping) -> Spec:
    """Port and protocol."""
    return {"port": listener.port, "protocol": listener.protocol}


def node_listener(listener: Listener, leaves: Leaves) -> Spec:
    """A listener of a virtual node."""
    return given(
        port_mapping=port_mapping(listener),
        health_check=_health_check(listener.health_check, listener.protocol),
        connection_pool=_node_pool(listener.connection_pool, listener.protocol),
        outlier_detection=_outlier_detection(listener.outlier_detection),
        timeout=listener.timeout and {listener.protocol: timeout(listener.timeout)},
        tls=listener_tls(listener.tls, leaves),
    )


def gateway_listener(listener: GatewayListener, leaves: Leaves) -> Spec:
    """A listener of a virtual gateway."""
    pool = listener.connection_pool
    return given(
        port_mapping=port_mapping(listener),
        health_check=_health_check(listener.health_check, listener.protocol),
        connection_pool=pool and {listener.protocol: _limits(pool)},
        tls=listener_tls(listener.tls, leaves),
    )


def timeout(given_timeout: Timeout | None) -> Spec | None:
    """Timeouts of a listener or a route."""
    return given_timeout and given(
        idle=duration(given_timeout.idle), per_request=duration(given_timeout.per_request)
    )


def _health_check(check: HealthCheck | None, protocol: str) -> Spec | None:
    return check and given(
        protocol=check.protocol or protocol,
        path=check.path,
        port=check.port,
        healthy_threshold=check.healthy_threshold,
        unhealthy_threshold=check.unhealthy_threshold,
        interval_millis=check.interval_millis,
        timeout_millis=check.timeout_millis,
    )


def _node_pool(pool: ConnectionPool | None, protocol: str) -> Spec | None:
    if pool is None:
        return None
    plural = NODE_POOLS.get(protocol)
    return {plural: [_limits(pool)]} if plural else {protocol: _limits(pool)}


def _limits(pool: ConnectionPool) -> Spec:
    return given(
        max_connections=pool.max_connections,
        max_pending_requests=pool.max_pending_requests,
        max_requests=pool.max_requests,
    )


def _outlier_detection(detection: OutlierDetection | None) -> Spec | None:
    return detection and {
        "max_server_errors": detection.max_server_errors,
        "interval": duration(detection.interval),
        "base_ejection_duration": duration(detection.base_ejection_duration),
        "max_ejection_percent": detection.max_ejection_percent,
    }
