"""A mesh on VPC Lattice as plain frozen values. Source of names and limits: VPC Lattice API."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Path
    from meshkit.topology.model import Owner, ResolvedMesh

ListenerProtocol = Literal["HTTP", "HTTPS", "TLS_PASSTHROUGH"]
GroupType = Literal["IP", "INSTANCE", "ALB", "LAMBDA"]
SINGLE: Final[tuple[GroupType, ...]] = ("ALB", "LAMBDA")
"""Groups with one target, whose health VPC Lattice does not check."""
GroupProtocol = Literal["HTTP", "TCP"]
ProtocolVersion = Literal["HTTP1", "HTTP2", "GRPC"]
EventVersion = Literal["V1", "V2"]
Family = Literal["IPV4", "IPV6"]
Direction = Literal["ingress", "egress"]


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A header whose value is, or begins with, a text. Values are told apart by case."""

    name: str
    exact: str | None = None
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """What a rule takes: all that is given must hold. Paths are told apart by case."""

    method: str | None = None
    path: str | None = None
    """The whole path."""
    prefix: str | None = None
    """Beginning of the path."""
    headers: tuple[HeaderMatch, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether it takes every request."""
        return self.prefix in (None, "/") and not (self.method or self.path or self.headers)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A target group and its share of the traffic, relative to the sum of all."""

    group: str
    """Key in ``LatticeService.groups``."""
    weight: int


@dataclass(frozen=True, slots=True)
class LatticeRule:
    """A rule of a listener, made from a route."""

    route: str
    name: str
    """Physical name, that of its place: a route that moves changes rules in place."""
    priority: int
    """1 first, dense."""
    match: RuleMatch
    targets: tuple[Weighted, ...]
    tags: Mapping[str, str | Deferred]
    path: Path


@dataclass(frozen=True, slots=True)
class LatticeListener:
    """A listener of a service."""

    name: str
    """Physical name, such as ``http-8080``."""
    port: int
    protocol: ListenerProtocol
    rules: tuple[LatticeRule, ...]
    default: tuple[Weighted, ...]
    """Where what no rule takes goes; empty answers 404, as the proxies of App Mesh do."""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """An active check of each target, in whole seconds."""

    path: str | None
    port: int | None
    protocol_version: Literal["HTTP1", "HTTP2"]
    interval: int
    timeout: int
    healthy_threshold: int
    unhealthy_threshold: int


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """The targets of one node behind one service: a group serves one service alone."""

    key: str
    """``NODE.PORT``; names of nodes have no dot."""
    name: str
    """Physical name."""
    node: str
    type: GroupType
    port: int
    """That of the node's listener; a function has none of its own."""
    protocol: GroupProtocol | None
    """``None`` for a function, which is invoked."""
    protocol_version: ProtocolVersion | None
    ip_address_type: Family | None
    vpc_id: str | Deferred | None
    health_check: HealthCheck | None
    """``None`` turns checks off, which VPC Lattice would do by itself otherwise."""
    tags: Mapping[str, str | Deferred]
    path: Path
    target: str | Deferred | None = None
    """ARN of the load balancer or function that is registered with the group, as its one target;
    ``None`` where others register targets."""
    event_version: EventVersion | None = None
    """Of a function."""


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """A service of VPC Lattice and everything in it."""

    key: str
    """Name of the virtual service."""
    name: str
    """Physical name."""
    listeners: tuple[LatticeListener, ...]
    groups: Mapping[str, TargetGroup]
    idle_timeout: int | None
    """Seconds, 60 to 600; ``None`` leaves VPC Lattice's 60."""
    domain: str | None
    certificate: str | Deferred | None
    tags: Mapping[str, str | Deferred]


@dataclass(frozen=True, slots=True)
class LatticeService(ServiceSpec):
    """A virtual service as a service of VPC Lattice."""

    owner: Owner
    """The account of everything in it."""
    path: Path
    controller: str | None = None
    """Key of the cluster whose AWS Gateway API Controller makes its listeners, rules and target
    groups; ``None`` where the program does."""
    hosted_zone: str | Deferred | None = None
    """Id of the zone in which the domain gets its records."""

    @property
    def knows_callers(self) -> bool:
        """Whether callers sign their requests on a listener, and so have an identity."""
        return any(each.protocol != "TLS_PASSTHROUGH" for each in self.listeners)

    @property
    def hands_tls_on(self) -> bool:
        """Whether a listener hands TLS on, where only places and ports can be told apart."""
        return any(each.protocol == "TLS_PASSTHROUGH" for each in self.listeners)


@dataclass(frozen=True, slots=True)
class Call:
    """That the workloads of a role call a service."""

    role: str
    """Key in ``ResolvedMesh.roles``."""
    service: str
    """Key in ``LatticeMesh.services``."""
    methods: tuple[str, ...]
    """Methods that it may use; none means any."""
    paths: tuple[str, ...]
    """Paths that it may ask for, each whole or ending in ``*``; none means any."""
    origin: tuple[Path, ...]
    """The places in the file that say so."""


@dataclass(frozen=True, slots=True)
class VpcAssociation:
    """That the workloads of a VPC reach the services of the network."""

    owner: Owner
    vpc_id: str | Deferred
    security_groups: tuple[str | Deferred, ...]


@dataclass(frozen=True, slots=True)
class GroupRule:
    """What a security group of a workload lets pass from or to VPC Lattice, by TCP."""

    key: str
    """Its own in the mesh: direction, group, port and family."""
    owner: Owner
    group: str | Deferred
    """Id of the security group."""
    direction: Direction
    port: int
    family: Family
    """Of the addresses of VPC Lattice."""


@dataclass(frozen=True, slots=True)
class ServiceShare:
    """That a provider shares its services with the mesh owner."""

    owner: Owner
    """The provider."""
    name: str
    """Physical name of the share."""
    services: tuple[str, ...]
    """Keys in ``LatticeMesh.services``."""
    allow_external: bool
    accepted: bool
    """Whether the mesh owner gets an invitation and accepts it."""
    protect: bool
    permission: str | Deferred | None
    tags: Mapping[str, str | Deferred]


@dataclass(frozen=True)
class LatticeMesh:
    """A whole mesh."""

    mesh: ResolvedMesh
    network: str
    """Physical name of the service network, which the mesh owner owns."""
    services: Mapping[str, LatticeService]
    calls: tuple[Call, ...]
    associations: Mapping[str, VpcAssociation]
    """By the key of the account that makes it."""
    service_shares: Mapping[str, ServiceShare]
    """By the key of the provider's account."""
    access_logs: tuple[str | Deferred, ...]
    """ARNs of where the network's access logs go."""
    group_rules: tuple[GroupRule, ...] = ()
    """What the security groups of workloads let pass."""

    def calls_of(self, service: str) -> tuple[Call, ...]:
        """The calls of a service, by its key."""
        return self._by_service.get(service, ())

    def calls_by(self, role: str) -> tuple[Call, ...]:
        """The calls of a role, by its key."""
        return self._by_role.get(role, ())

    def controlled(self, cluster: str) -> tuple[str, ...]:
        """The keys of the services that the controller of a cluster leads to pods."""
        return tuple(key for key, each in self.services.items() if each.controller == cluster)

    def vpc_owner(self, owner: Owner) -> Owner:
        """The account that owns the VPC of an account, whose subnets may be shared: who joins it.

        A VPC that only a program knows is taken for the account's own.
        """
        vpc = owner.account.vpc_id
        joined = self._by_vpc.get(vpc) if isinstance(vpc, str) else None
        return joined or owner

    @cached_property
    def _by_vpc(self) -> Mapping[str | Deferred, Owner]:
        return {each.vpc_id: each.owner for each in self.associations.values()}

    @cached_property
    def _by_service(self) -> Mapping[str, tuple[Call, ...]]:
        return _grouped(self.calls, lambda call: call.service)

    @cached_property
    def _by_role(self) -> Mapping[str, tuple[Call, ...]]:
        return _grouped(self.calls, lambda call: call.role)


def _grouped(calls: Iterable[Call], key: Callable[[Call], str]) -> dict[str, tuple[Call, ...]]:
    found: dict[str, list[Call]] = {}
    for call in calls:
        found.setdefault(key(call), []).append(call)
    return {key: tuple(each) for key, each in found.items()}
