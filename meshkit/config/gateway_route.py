"""Routes of a virtual gateway. Source: API GatewayRouteSpec."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from meshkit.config.route import Headers, Method, PathMatch, Prefix, Queries
from meshkit.config.types import Model, OneOf, Port, ServiceName, Tags

Switch = Literal["ENABLED", "DISABLED"]


class HostnameMatch(OneOf):
    """The host that was asked for: exactly one of the two."""

    one_of: ClassVar[tuple[str, ...]] = ("exact", "suffix")

    exact: Annotated[str, Field(min_length=1, max_length=253)] | None = None
    suffix: Annotated[str, Field(min_length=1, max_length=253)] | None = None


class GatewayHttpMatch(OneOf):
    """What an http or http2 route takes; one of prefix, path or hostname is needed."""

    one_of: ClassVar[tuple[str, ...]] = ("prefix", "path")
    required: ClassVar[bool] = False

    prefix: Prefix | None = None
    """Beginning of the path, with its slash."""
    path: PathMatch | None = None
    hostname: HostnameMatch | None = None
    method: Method | None = None
    """HTTP method. pulumi_aws can't send it here."""
    headers: Headers = ()
    query_parameters: Queries = ()
    port: Port | None = None
    """The gateway's listener; needed where it has several."""


class GatewayGrpcMatch(Model):
    """What a grpc route takes; service_name or hostname is needed."""

    service_name: str | None = None
    """Full name of a gRPC service."""
    hostname: HostnameMatch | None = None
    metadata: Headers = ()
    port: Port | None = None
    """The gateway's listener; needed where it has several."""


class GatewayTarget(Model):
    """The virtual service a route leads to; its name alone is the short form."""

    name: ServiceName
    """A key of ``services``."""
    port: Port | None = None
    """Needed where the service's provider has several listeners."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"name": data} if isinstance(data, str) else data


class HttpRewrite(OneOf):
    """What the gateway changes. App Mesh by itself rewrites the host and a matched prefix."""

    one_of: ClassVar[tuple[str, ...]] = ("default_prefix", "prefix", "path")
    required: ClassVar[bool] = False

    default_target_hostname: Switch | None = None
    """Whether the host becomes the service's name. App Mesh takes ENABLED."""
    default_prefix: Switch | None = None
    """Whether a matched prefix becomes ``/``. App Mesh takes ENABLED."""
    prefix: Annotated[str, Field(pattern=r"^/", max_length=255)] | None = None
    """Takes the place of the matched prefix."""
    path: Annotated[str, Field(pattern=r"^/", max_length=255)] | None = None
    """Takes the place of the matched path."""


class GrpcRewrite(Model):
    """What the gateway changes of a gRPC call."""

    default_target_hostname: Switch
    """Whether the host becomes the service's name. App Mesh takes ENABLED."""


class GatewayHttpRoute(Model):
    """An http or http2 route of a gateway."""

    match: GatewayHttpMatch
    service: GatewayTarget
    rewrite: HttpRewrite | None = None


class GatewayGrpcRoute(Model):
    """A grpc route of a gateway."""

    match: GatewayGrpcMatch
    service: GatewayTarget
    rewrite: GrpcRewrite | None = None


class GatewayRoute(OneOf):
    """A route of a gateway: exactly one protocol."""

    one_of: ClassVar[tuple[str, ...]] = ("http", "http2", "grpc")

    priority: Annotated[int, Field(ge=0, le=1000)] | None = None
    """0 to 1000, 0 first. Without it, the longest prefix wins."""
    http: GatewayHttpRoute | None = None
    http2: GatewayHttpRoute | None = None
    grpc: GatewayGrpcRoute | None = None
    tags: Tags = {}
