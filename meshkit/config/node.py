"""Virtual nodes: the workloads of the mesh. Source: API VirtualNodeSpec."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from meshkit.config.access_log import AccessLog
from meshkit.config.deferred import Deferred
from meshkit.config.lattice import NodeOnLattice
from meshkit.config.listener import Listener
from meshkit.config.proxy import Proxy
from meshkit.config.role import Role
from meshkit.config.route import Method
from meshkit.config.tls import BackendDefaults, ClientPolicy
from meshkit.config.types import IpPreference, Label, Model, OneOf, Seq, ServiceName, Tags, Text
from meshkit.config.workload import Access, Tracing, Workload

CalledPath = Annotated[str, Field(pattern=r"^/[a-zA-Z0-9@:%_+.~&/=-]{0,199}\*?$")]


class Backend(Model):
    """A virtual service the node calls; its name alone is the short form."""

    service: ServiceName
    """A key of ``services``, of any account."""
    client_policy: ClientPolicy | None = None
    """Instead of ``backend_defaults`` for this backend."""
    methods: Seq[Method] = ()
    """HTTP methods it may use; none means any. App Mesh does not hold anybody to them."""
    paths: Seq[CalledPath] = ()
    """Paths it may ask for, whole or ending in ``*``; none means any. Likewise."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"service": data} if isinstance(data, str) else data


class Dns(Model):
    """Discovery by DNS; the host name alone is the short form."""

    hostname: Text
    """Name that the proxies of callers resolve."""
    response_type: Literal["LOADBALANCER", "ENDPOINTS"] | None = None
    """App Mesh takes LOADBALANCER."""
    ip_preference: IpPreference | None = None
    """Which addresses are used. Default: the mesh's."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return data if isinstance(data, dict | Dns) else {"hostname": data}


class CloudMap(Model):
    """Discovery by AWS Cloud Map, of the node's own account."""

    namespace: Text
    """Name of the namespace."""
    service: Text
    """Name of the service in the namespace."""
    attributes: dict[
        Annotated[str, Field(min_length=1, max_length=255)],
        Annotated[str, Field(min_length=1, max_length=1024)],
    ] = {}
    """Only instances that carry all of them."""
    ip_preference: IpPreference | None = None
    """Which addresses are used. pulumi_aws can't send it."""


class ServiceDiscovery(OneOf):
    """How the proxies of others find this workload: exactly one of the two."""

    one_of: ClassVar[tuple[str, ...]] = ("dns", "cloud_map")

    dns: Dns | None = None
    cloud_map: CloudMap | None = None


class Node(Model):
    """A virtual node, the workload behind it and its role."""

    account: Label | None = None
    """The account that makes and runs it. Default: the mesh owner."""
    workload: Workload | None = None
    """Default: ``defaults.workload``, also for each key left out of a workload of its type."""
    listeners: Seq[Listener] = ()
    """None makes a pure client."""
    service_discovery: ServiceDiscovery | None = None
    """Needed by a node with listeners."""
    backends: Seq[Backend] = ()
    """The virtual services it calls."""
    backend_defaults: BackendDefaults | None = None
    access_log: AccessLog | None = None
    role: Role | None = None
    access: Access | None = None
    """``exact`` (default): its own configuration only. ``mesh-wide``: AWS's managed wildcard."""
    tracing: Tracing | None = None
    """Tracer of its proxy. Default: ``defaults.tracing``."""
    proxy: Proxy | None = None
    lattice: NodeOnLattice | None = None
    tags: Tags = {}

    @property
    def load_balancer(self) -> str | Deferred | None:
        """ARN of the load balancer that stands for it on VPC Lattice."""
        return self.lattice.alb if self.lattice else None
