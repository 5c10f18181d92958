"""Routes of a router and what they match. Source: API RouteSpec."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from meshkit.config.listener import Timeout
from meshkit.config.types import Duration, Model, Name, OneOf, Port, Seq, Tags

MatchText = Annotated[str, Field(min_length=1, max_length=255)]
Prefix = Annotated[str, Field(pattern=r"^/")]
Method = Literal["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
HttpEvent = Literal["server-error", "gateway-error", "client-error", "stream-error"]
GrpcEvent = Literal[
    "cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"
]


class Range(Model):
    """Whole numbers from ``start`` up to but not including ``end``."""

    start: int
    """The first number."""
    end: int
    """The first number beyond."""


class HeaderMatch(OneOf):
    """A header, or a key of gRPC metadata. With none of the methods: it is there."""

    one_of: ClassVar[tuple[str, ...]] = ("exact", "prefix", "suffix", "regex", "range")
    required: ClassVar[bool] = False

    name: Annotated[str, Field(min_length=1, max_length=50)]
    """Name of the header or key."""
    invert: bool | None = None
    """Takes what does not match."""
    exact: MatchText | None = None
    prefix: MatchText | None = None
    suffix: MatchText | None = None
    regex: MatchText | None = None
    range: Range | None = None


class PathMatch(OneOf):
    """A whole path: exactly one of the two."""

    one_of: ClassVar[tuple[str, ...]] = ("exact", "regex")

    exact: Annotated[str, Field(pattern=r"^/", max_length=255)] | None = None
    regex: MatchText | None = None


class QueryMatch(Model):
    """A parameter of the query. Without ``exact``: it is there."""

    name: str
    """Name of the parameter."""
    exact: str | None = None
    """Its value."""


Headers = Annotated[Seq[HeaderMatch], Field(max_length=10)]
Queries = Annotated[Seq[QueryMatch], Field(max_length=10)]


class HttpMatch(OneOf):
    """What an http or http2 route takes; ``prefix`` or ``path`` is needed."""

    one_of: ClassVar[tuple[str, ...]] = ("prefix", "path")

    prefix: Prefix | None = None
    """Beginning of the path, with its slash."""
    path: PathMatch | None = None
    method: Method | None = None
    """HTTP method. Default: any."""
    scheme: Literal["http", "https"] | None = None
    """http or https. Default: any."""
    headers: Headers = ()
    query_parameters: Queries = ()
    port: Port | None = None
    """The router's listener; needed where it has several."""


class GrpcMatch(Model):
    """What a grpc route takes."""

    service_name: str | None = None
    """Full name of a gRPC service."""
    method_name: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    """Needs ``service_name``."""
    metadata: Headers = ()
    port: Port | None = None
    """The router's listener; needed where it has several."""


class TcpMatch(Model):
    """Which listener a tcp route belongs to."""

    port: Port | None = None
    """The router's listener; needed where it has several."""


class Target(Model):
    """A node that gets a share of a route's traffic."""

    node: Name
    """A key of ``nodes``."""
    weight: Annotated[int, Field(ge=0, le=100)]
    """Its share, 0 to 100; shares are relative to their sum."""
    port: Port | None = None
    """The node's listener; needed where it has several."""


def _short_form(data: Any) -> Any:
    if isinstance(data, dict):
        return [{"node": node, "weight": weight} for node, weight in data.items()]
    return data


Targets = Annotated[Seq[Target], Field(min_length=1, max_length=10), BeforeValidator(_short_form)]
"""``{catalog-v1: 90, catalog-v2: 10}`` or a list of ``Target``."""


class Retry(Model):
    """When a request is tried again; at least one event is needed."""

    max_retries: Annotated[int, Field(ge=0)]
    """How often at most; AWS advises 2 or more."""
    per_retry_timeout: Duration
    """How long one try may take."""
    http_events: Annotated[Seq[HttpEvent], Field(max_length=25)] = ()
    """server-error: 500 to 508, 510, 511; gateway-error: 502 to 504; client-error: 409; stream-
    error: a refused stream."""
    tcp_events: Annotated[Seq[Literal["connection-error"]], Field(max_length=1)] = ()
    """connection-error, or none."""


class GrpcRetry(Retry):
    """As ``Retry``, with the states of gRPC."""

    grpc_events: Annotated[Seq[GrpcEvent], Field(max_length=5)] = ()
    """States of gRPC after which it is tried again."""


class HttpRoute(Model):
    """An http or http2 route."""

    match: HttpMatch
    targets: Targets
    """Who gets which share of the traffic."""
    retry: Retry | None = None
    timeout: Timeout | None = None


class GrpcRoute(Model):
    """A grpc route."""

    match: GrpcMatch
    targets: Targets
    retry: GrpcRetry | None = None
    timeout: Timeout | None = None


class TcpRoute(Model):
    """A tcp route."""

    match: TcpMatch | None = None
    targets: Targets
    timeout: Timeout | None = None


class Route(OneOf):
    """A route: exactly one protocol, and where several match, the lowest ``priority``."""

    one_of: ClassVar[tuple[str, ...]] = ("http", "http2", "grpc", "tcp")

    priority: Annotated[int, Field(ge=0, le=1000)] | None = None
    """0 to 1000, 0 first."""
    http: HttpRoute | None = None
    http2: HttpRoute | None = None
    grpc: GrpcRoute | None = None
    tcp: TcpRoute | None = None
    tags: Tags = {}
