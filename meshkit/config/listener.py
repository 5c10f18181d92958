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
    """Successes in a row until it is well, 2 to 10."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    """Failures in a row until it is ill, 2 to 10."""
    interval_millis: Annotated[int, Field(ge=5000, le=300000)] = 5000
    """Milliseconds between checks, 5000 to 300000."""
    timeout_millis: Annotated[int, Field(ge=2000, le=60000)] = 2000
    """Milliseconds that a check may take, 2000 to 60000."""


class ConnectionPool(Model):
    """Limits of one listener; which key fits depends on its protocol.

    tcp: ``max_connections``; http: ``max_connections`` and ``max_pending_requests``;
    http2 and grpc: ``max_requests``.
    """

    max_connections: Count | None = None
    """For http and tcp."""
    max_pending_requests: Count | None = None
    """For http. App Mesh takes 2147483647."""
    max_requests: Count | None = None
    """For http2 and grpc."""


class OutlierDetection(Model):
    """When a failing endpoint is left out for a while. All keys are required by the API."""

    max_server_errors: Count
    """Errors in a row (5xx) after which an endpoint is left out."""
    interval: Duration
    """Time between looks."""
    base_ejection_duration: Duration
    """How long it is left out; longer each time."""
    max_ejection_percent: Annotated[int, Field(ge=0, le=100)]
    """How many may be left out at once; one always may."""


class Timeout(Model):
    """Timeouts of a listener or route. App Mesh takes 15 s a request and 300 s idle; 0 is none."""

    idle: Duration | None = None
    """How long a connection may be silent."""
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
