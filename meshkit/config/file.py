"""The whole mesh file."""

from typing import Literal

from pydantic import Field

from meshkit.config.access_log import AccessLog
from meshkit.config.accounts import Account, Cluster, Connection, Namespace, Organization
from meshkit.config.gateway import Gateway
from meshkit.config.node import Node
from meshkit.config.proxy import Proxy
from meshkit.config.quotas import Quotas
from meshkit.config.role import Role
from meshkit.config.router import Router
from meshkit.config.service import Service
from meshkit.config.share import Share
from meshkit.config.tls import BackendDefaults
from meshkit.config.types import (
    Arn,
    IpPreference,
    Label,
    Model,
    Name,
    Region,
    Seq,
    ServiceName,
    Tags,
)
from meshkit.config.workload import Access, Tracing, Workload

DataPlane = Literal["app-mesh", "vpc-lattice"]


class Mesh(Model):
    """The mesh itself. Source: API MeshSpec."""

    egress_filter: Literal["ALLOW_ALL", "DROP_ALL"] | None = None
    """App Mesh takes DROP_ALL."""
    ip_preference: IpPreference | None = None
    arn: Arn | None = None
    """An existing mesh to build in, instead of making one."""
    protect: bool = False
    tags: Tags = {}


class Defaults(Model):
    """What nodes and gateways take where they say nothing themselves."""

    workload: Workload | None = None
    role: Role | None = None
    access: Access | None = None
    access_log: AccessLog | None = None
    backend_defaults: BackendDefaults | None = None
    tracing: Tracing | None = None


class MeshFile(Model):
    """A mesh file: one mesh, what is in it, and with whom it is shared."""

    name: Name
    """Name of the mesh."""
    data_plane: DataPlane = "app-mesh"
    region: Region
    owner: Label
    """The account that owns the mesh and its share: a key of ``accounts``, or an id."""
    mesh: Mesh = Field(default_factory=Mesh)
    organization: Organization | None = None
    accounts: dict[Label, Account] = {}
    clusters: dict[Label, Cluster] = {}
    share: Share | None = None
    defaults: Defaults = Field(default_factory=Defaults)
    nodes: dict[Name, Node] = {}
    routers: dict[Name, Router] = {}
    services: dict[ServiceName, Service] = {}
    gateways: dict[Name, Gateway] = {}
    proxy: Proxy = Field(default_factory=Proxy)
    quotas: Quotas = Field(default_factory=Quotas)
    tags: Tags = {}
    """On everything that can carry tags."""
    namespaces: dict[ServiceName, Namespace] = {}
    connectivity: Seq[Connection] = ()
    accept_losses: Seq[str] = ()
    """Features whose loss on the chosen data plane is accepted, by name."""
