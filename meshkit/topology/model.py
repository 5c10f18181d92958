"""The resolved mesh as plain frozen values: names, ARNs, owners, edges.

Each value carries the part of the file it came from as ``spec``, with the file's defaults applied
beside it, and its path in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.access_log import AccessLog
    from meshkit.config.accounts import Account, AssumeRole, Cluster
    from meshkit.config.audit import Audit
    from meshkit.config.deferred import Deferred
    from meshkit.config.file import Mesh, MeshFile
    from meshkit.config.finding import Finding, Path
    from meshkit.config.gateway import Gateway
    from meshkit.config.gateway_route import GatewayRoute
    from meshkit.config.node import Node
    from meshkit.config.operator import Operator, OperatorOptions
    from meshkit.config.proxy import Proxy
    from meshkit.config.role import Role
    from meshkit.config.route import Route
    from meshkit.config.router import Router
    from meshkit.config.service import Service
    from meshkit.config.share import Share
    from meshkit.config.tls import BackendDefaults
    from meshkit.config.workload import Access, Tracing, Workload
    from meshkit.topology.arn import MeshArns
    from meshkit.topology.partition import Partition

Compute = Literal["ecs", "irsa", "pod-identity", "ec2", "node-role", "lambda"]
"""What the role of a workload is trusted by; ``node-role`` is that of EKS worker nodes."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An account that owns things of the mesh."""

    key: str
    """Its key in the file."""
    id: str
    account: Account
    context: Mapping[str, str]
    """What ``${account}``, ``${partition}`` and ``${region}`` stand for in its resources."""

    @property
    def assume_role(self) -> AssumeRole | None:
        """The role through which a program works in it."""
        return self.account.assume_role


@dataclass(frozen=True, slots=True)
class ResolvedNode:
    """A virtual node."""

    name: str
    owner: Owner
    arn: str
    spec: Node
    workload: Workload
    access_log: AccessLog | None
    backend_defaults: BackendDefaults | None
    tracing: Tracing
    proxy: Proxy
    """The file's proxy settings with the node's own over them."""
    role: str
    """Key of its role in ``ResolvedMesh.roles``."""
    tags: Mapping[str, str | Deferred]
    path: Path

    kind: Literal["virtualNode"] = "virtualNode"


@dataclass(frozen=True, slots=True)
class ResolvedGateway:
    """A virtual gateway."""

    name: str
    owner: Owner
    arn: str
    spec: Gateway
    workload: Workload
    access_log: AccessLog | None
    backend_defaults: BackendDefaults | None
    tracing: Tracing
    proxy: Proxy
    role: str
    tags: Mapping[str, str | Deferred]
    path: Path

    kind: Literal["virtualGateway"] = "virtualGateway"


Endpoint = ResolvedNode | ResolvedGateway
"""What a proxy runs as."""


@dataclass(frozen=True, slots=True)
class ResolvedRouter:
    """A virtual router."""

    name: str
    owner: Owner
    arn: str
    spec: Router
    tags: Mapping[str, str | Deferred]
    path: Path


@dataclass(frozen=True, slots=True)
class ResolvedRoute:
    """A route of a router."""

    name: str
    router: str
    owner: Owner
    arn: str
    spec: Route
    tags: Mapping[str, str | Deferred]
    path: Path


@dataclass(frozen=True, slots=True)
class ResolvedService:
    """A virtual service."""

    name: str
    owner: Owner
    arn: str
    spec: Service
    tags: Mapping[str, str | Deferred]
    path: Path


@dataclass(frozen=True, slots=True)
class ResolvedGatewayRoute:
    """A route of a gateway."""

    name: str
    gateway: str
    owner: Owner
    arn: str
    spec: GatewayRoute
    tags: Mapping[str, str | Deferred]
    path: Path


@dataclass(frozen=True, slots=True)
class Subject:
    """A Kubernetes service account whose pods get a role."""

    cluster: str
    """Key in ``ResolvedMesh.clusters``."""
    namespace: str
    service_account: str


@dataclass(frozen=True, slots=True)
class ResolvedCluster:
    """An EKS cluster whose pods join."""

    key: str
    name: str | Deferred
    owner: Owner
    issuer: str | Deferred | None
    """Without ``https://``, as IAM writes it."""
    provider_arn: str | Deferred | None
    """ARN of its IAM OIDC provider, made or adopted; ``None`` without an issuer."""
    spec: Cluster
    tags: Mapping[str, str | Deferred]

    @property
    def adopts_provider(self) -> bool:
        """Whether its IAM OIDC provider exists already."""
        return self.spec.oidc_provider is not None


@dataclass(frozen=True, slots=True)
class WorkloadRole:
    """The IAM role of one or several proxies."""

    key: str
    """The stable part of its resource names: ``node-storefront``, ``shared-ACCOUNT-NAME``."""
    name: str | None
    """Physical name; ``None`` for an adopted role whose ARN is not known yet."""
    arn: str | Deferred
    owner: Owner
    compute: Compute
    adopted: bool
    attach: bool
    """Whether meshkit attaches policies to it: always for its own, by choice for an adopted one."""
    options: Role
    access: Access
    endpoints: tuple[Endpoint, ...]
    """In the order of the file."""
    subjects: tuple[Subject, ...]
    """For EKS: the service accounts that may take it."""
    tags: Mapping[str, str | Deferred]
    path: Path


@dataclass(frozen=True, slots=True)
class ResolvedOperator:
    """The role of people or pipelines that work on the mesh."""

    key: str
    """Its key in the file."""
    name: str
    """Physical name of the role."""
    arn: str
    owner: Owner
    spec: Operator
    options: OperatorOptions
    """The file's defaults for roles with the operator's own over them."""
    tags: Mapping[str, str | Deferred]
    path: Path


@dataclass(frozen=True, slots=True)
class ResolvedAudit:
    """The audit trail around the mesh."""

    name: str
    """Name of the trail."""
    owner: Owner
    """The mesh owner, or the organization's management account."""
    bucket: str
    log_group: str
    organization: str | None
    """Id of the organization of whose accounts it tells."""
    roles: tuple[str, ...]
    """Names of the roles whose changes raise an alarm, or patterns of names."""
    spec: Audit
    tags: Mapping[str, str | Deferred]


@dataclass(frozen=True, slots=True)
class ResolvedShare:
    """The RAM share of the mesh."""

    name: str
    principals: tuple[str | Deferred, ...]
    """Account ids and ARNs, each once, in the order of the file."""
    spec: Share
    tags: Mapping[str, str | Deferred]


@dataclass(frozen=True, slots=True)
class ResolvedMesh:
    """The whole mesh."""

    name: str
    arn: str
    region: str
    partition: Partition
    owner: Owner
    arns: MeshArns
    settings: Mesh
    tags: Mapping[str, str | Deferred]
    owners: Mapping[str, Owner]
    """By key in the file: each account that owns something, the mesh owner first."""
    clusters: Mapping[str, ResolvedCluster]
    nodes: Mapping[str, ResolvedNode]
    routers: Mapping[str, ResolvedRouter]
    routes: tuple[ResolvedRoute, ...]
    services: Mapping[str, ResolvedService]
    gateways: Mapping[str, ResolvedGateway]
    gateway_routes: tuple[ResolvedGatewayRoute, ...]
    roles: Mapping[str, WorkloadRole]
    operators: Mapping[str, ResolvedOperator]
    share: ResolvedShare | None
    config: MeshFile
    audit: ResolvedAudit | None = None
    findings: tuple[Finding, ...] = ()
    """Warnings; a mesh with errors is never resolved."""
