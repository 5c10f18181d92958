"""Listeners of nodes, gateways and routers. Source: API Listener, VirtualGatewayListener."""

from typing import Annotated, Literal

from pydantic import Field

from meshkit.config.tls import ListenerTls
from meshkit.config.types import Count, Duration, Model, Port, Protocol


class PortMapping(Model):
    """A port and what is spoken on it; all there is to a router's listener."""

    port: Port
    protocol: Protocol


class HealthCheck(Model):
    """How the proxy finds out whether the workload is well.

    The defaults are those of the App Mesh console; the API has none.
    """

    protocol: Protocol | None = None
    """The listener's own where it is not given."""
    path: str | None = None
    """Only for http and http2."""
    port: Port | None = None
    """If given, the listener's own port."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    interval_millis: Annotated[int, Field(ge=5000, le=300000)] = 5000
    timeout_millis: Annotated[int, Field(ge=2000, le=60000)] = 2000


class ConnectionPool(Model):
    """Limits of one listener; which key fits depends on its protocol.

    tcp: ``max_connections``; http: ``max_connections`` and ``max_pending_requests``;
    http2 and grpc: ``max_requests``.
    """

    max_connections: Count | None = None
    max_pending_requests: Count | None = None
    max_requests: Count | None = None


class OutlierDetection(Model):
    """When a failing endpoint is left out for a while. All keys are required by the API."""

    max_server_errors: Count
    interval: Duration
    base_ejection_duration: Duration
    max_ejection_percent: Annotated[int, Field(ge=0, le=100)]


class Timeout(Model):
    """Timeouts of a listener or route. App Mesh takes 15 s a request and 300 s idle; 0 is none."""

    idle: Duration | None = None
    per_request: Duration | None = None
    """Not for tcp."""


class Listener(Model):
    """A listener of a virtual node."""

    port: Port
    protocol: Protocol
    health_check: HealthCheck | None = None
    connection_pool: ConnectionPool | None = None
    outlier_detection: OutlierDetection | None = None
    timeout: Timeout | None = None
    tls: ListenerTls | None = None


class GatewayListener(Model):
    """A listener of a virtual gateway: no tcp, no timeout, no outlier detection."""

    port: Port
    protocol: Literal["http", "http2", "grpc"]
    health_check: HealthCheck | None = None
    connection_pool: ConnectionPool | None = None
    tls: ListenerTls | None = None
