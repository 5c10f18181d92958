"""Settings of the Envoy proxy. Source: App Mesh user guide, Envoy configuration variables."""

from typing import Annotated, Literal

from pydantic import Field

from meshkit.config.types import AnyText, Count, Model, Port, Seq, Text

LogLevel = Literal["trace", "debug", "info", "warning", "error", "critical", "off"]
EnvName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Proxy(Model):
    """How every proxy of the mesh runs; a node's or gateway's own keys win."""

    image: Text | None = None
    """Default: AWS's image for the region."""
    log_level: LogLevel | None = None
    """Default info."""
    admin_port: Port | None = None
    """Default 9901."""
    cpu: Count | None = None
    """CPU units of ECS. AWS recommends 512."""
    memory: Count | None = None
    """MiB. AWS recommends 64."""
    ignored_uid: Annotated[int, Field(ge=1, le=65535)] | None = None
    """User of the proxy, whose own traffic is not redirected. Default 1337."""
    egress_ignored_ips: Seq[Text] = ()
    """Added to the metadata addresses, which are always ignored."""
    egress_ignored_ports: Annotated[Seq[Port], Field(max_length=14)] = ()
    """Added to 22, which is always ignored; at most 15 together."""
    dualstack: bool | None = None
    """Whether App Mesh is reached over IPv6 as well."""
    fips: bool | None = None
    """Whether the FIPS endpoint and image are used."""
    sds_socket: Text | None = None
    """Path of the socket of the Secret Discovery Service."""
    env: dict[EnvName, AnyText] = {}
    """More variables of the proxy."""
