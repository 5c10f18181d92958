"""The whole mesh file."""

from typing import Literal

from pydantic import Field

from meshkit.config.access_log import AccessLog
from meshkit.config.accounts import Account, Cluster, Connection, Namespace, Organization
from meshkit.config.audit import Audit
from meshkit.config.gateway import Gateway
from meshkit.config.lattice import Lattice
from meshkit.config.node import Node
from meshkit.config.operator import Operator
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
    """Which addresses the proxies use; a node may differ."""
    arn: Arn | None = None
    """An existing mesh to build in, instead of making one."""
    protect: bool = False
    """Whether Pulumi refuses to delete the mesh."""
    tags: Tags = {}


class Defaults(Model):
    """What nodes and gateways take where they say nothing themselves."""

    workload: Workload | None = None
    """What runs a proxy that says nothing else. Without it: an ECS task."""
    role: Role | None = None
    """Options of every role; a proxy's own keys win, tags add up."""
    access: Access | None = None
    """``exact`` (default) or ``mesh-wide``."""
    access_log: AccessLog | None = None
    backend_defaults: BackendDefaults | None = None
    tracing: Tracing | None = None
    """Tracer of every proxy. Default ``none``."""


class MeshFile(Model):
    """A mesh file: one mesh, what is in it, and with whom it is shared."""

    name: Name
    """Name of the mesh."""
    data_plane: DataPlane = "app-mesh"
    """``app-mesh``, or ``vpc-lattice``, its successor."""
    region: Region
    """Region of the mesh; its partition follows from it."""
    owner: Label
    """The account that owns the mesh and its share: a key of ``accounts``, or an id."""
    mesh: Mesh = Field(default_factory=Mesh)
    organization: Organization | None = None
    accounts: dict[Label, Account] = {}
    """The accounts that take part, by names of this file."""
    clusters: dict[Label, Cluster] = {}
    """The EKS clusters whose pods take part."""
    share: Share | None = None
    defaults: Defaults = Field(default_factory=Defaults)
    nodes: dict[Name, Node] = {}
    """The virtual nodes, by name."""
    routers: dict[Name, Router] = {}
    """The virtual routers, by name."""
    services: dict[ServiceName, Service] = {}
    """The virtual services, by name."""
    gateways: dict[Name, Gateway] = {}
    """The virtual gateways, by name."""
    operators: dict[Name, Operator] = {}
    """The roles of people and pipelines that work on the mesh, by name."""
    audit: Audit | None = None
    """The record of who did what, and the alarms on it."""
    proxy: Proxy = Field(default_factory=Proxy)
    quotas: Quotas = Field(default_factory=Quotas)
    tags: Tags = {}
    """On everything that can carry tags."""
    namespaces: dict[ServiceName, Namespace] = {}
    """The Cloud Map namespaces that nodes use, by name."""
    connectivity: Seq[Connection] = ()
    """How the networks of the accounts reach each other."""
    lattice: Lattice = Field(default_factory=Lattice)
    accept_losses: Seq[str] = ()
    """Features whose loss on the chosen data plane is accepted, by name."""
