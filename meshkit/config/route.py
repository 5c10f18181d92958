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
    end: int


class HeaderMatch(OneOf):
    """A header, or a key of gRPC metadata. With none of the methods: it is there."""

    one_of: ClassVar[tuple[str, ...]] = ("exact", "prefix", "suffix", "regex", "range")
    required: ClassVar[bool] = False

    name: Annotated[str, Field(min_length=1, max_length=50)]
    invert: bool | None = None
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
    exact: str | None = None


Headers = Annotated[Seq[HeaderMatch], Field(max_length=10)]
Queries = Annotated[Seq[QueryMatch], Field(max_length=10)]


class HttpMatch(OneOf):
    """What an http or http2 route takes; ``prefix`` or ``path`` is needed."""

    one_of: ClassVar[tuple[str, ...]] = ("prefix", "path")

    prefix: Prefix | None = None
    path: PathMatch | None = None
    method: Method | None = None
    scheme: Literal["http", "https"] | None = None
    headers: Headers = ()
    query_parameters: Queries = ()
    port: Port | None = None
    """The router's listener; needed where it has several."""


class GrpcMatch(Model):
    """What a grpc route takes."""

    service_name: str | None = None
    method_name: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    """Needs ``service_name``."""
    metadata: Headers = ()
    port: Port | None = None


class TcpMatch(Model):
    """Which listener a tcp route belongs to."""

    port: Port | None = None


class Target(Model):
    """A node that gets a share of a route's traffic."""

    node: Name
    weight: Annotated[int, Field(ge=0, le=100)]
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
    per_retry_timeout: Duration
    http_events: Annotated[Seq[HttpEvent], Field(max_length=25)] = ()
    tcp_events: Annotated[Seq[Literal["connection-error"]], Field(max_length=1)] = ()


class GrpcRetry(Retry):
    """As ``Retry``, with the states of gRPC."""

    grpc_events: Annotated[Seq[GrpcEvent], Field(max_length=5)] = ()


class HttpRoute(Model):
    """An http or http2 route."""

    match: HttpMatch
    targets: Targets
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
    http: HttpRoute | None = None
    http2: HttpRoute | None = None
    grpc: GrpcRoute | None = None
    tcp: TcpRoute | None = None
    tags: Tags = {}
