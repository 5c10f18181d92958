"""Virtual gateways, which only the mesh owner can have. Source: API VirtualGatewaySpec."""

from typing import Annotated

from pydantic import Field

from meshkit.config.access_log import AccessLog
from meshkit.config.gateway_route import GatewayRoute
from meshkit.config.listener import GatewayListener
from meshkit.config.proxy import Proxy
from meshkit.config.role import Role
from meshkit.config.tls import BackendDefaults
from meshkit.config.types import Label, Model, Name, Seq, Tags
from meshkit.config.workload import Access, Tracing, Workload


class Gateway(Model):
    """A virtual gateway, its routes, the workload behind it and its role."""

    account: Label | None = None
    """Only the mesh owner, which is the default."""
    workload: Workload | None = None
    """Default: ``defaults.workload``."""
    listeners: Annotated[Seq[GatewayListener], Field(min_length=1)]
    """At least one."""
    backend_defaults: BackendDefaults | None = None
    access_log: AccessLog | None = None
    routes: dict[Name, GatewayRoute] = {}
    role: Role | None = None
    access: Access | None = None
    """``exact`` (default): its own configuration only. ``mesh-wide``: AWS's managed wildcard."""
    tracing: Tracing | None = None
    """Tracer of its proxy. Default: ``defaults.tracing``."""
    proxy: Proxy | None = None
    tags: Tags = {}
