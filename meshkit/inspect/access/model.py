"""The parts of a program that decide who may do what, as small values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.graph import Resource
    from meshkit.inspect.violation import Unknown


@dataclass(frozen=True, slots=True)
class PolicySource:
    """A policy and where it comes from."""

    name: str
    """Its own name, or its ARN."""
    document: str | Mapping[str, Any] | None
    """The document; ``None`` where it can't be told."""
    missing: str = ""
    """Why there is no document."""
    resource: Resource | None = None
    """What registers it, or attaches it."""
    secret: bool = False
    """Whether the document is a secret, so that nothing of it may be shown."""


@dataclass(frozen=True)
class Identity:
    """An IAM role, user or group with all that the program gives it."""

    kind: Literal["role", "user", "group"]
    name: str
    """Physical name."""
    account: str | None
    arn: str
    """For one that the program does not make, without a path."""
    trust: PolicySource | None = None
    policies: tuple[PolicySource, ...] = ()
    """Inline and attached."""
    boundary: PolicySource | None = None
    resource: Resource | None = None
    """``None`` for one that the program only attaches to."""

    @property
    def made(self) -> bool:
        """Whether the program makes it, so that nothing of it is left to others.

        One that it only looks up has outputs, but no inputs.
        """
        return self.resource is not None and bool(self.resource.inputs)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A virtual node or virtual gateway."""

    arn: str
    kind: Literal["virtualNode", "virtualGateway"]
    name: str
    mesh: str
    mesh_owner: str
    account: str
    resource: Resource


@dataclass(frozen=True, slots=True)
class Principal:
    """With whom a mesh is shared."""

    id: str | None
    """Account id or ARN; ``None`` where it can't be told."""
    resource: Resource


@dataclass(frozen=True)
class Share:
    """A RAM share and what is associated with it."""

    arn: str | None
    name: str
    account: str | None
    allow_external: bool | None
    """``None`` for one that the program does not make, or where it can't be told."""
    permissions: tuple[str, ...] = ()
    """ARNs; none means AWS's default."""
    meshes: tuple[str, ...] = ()
    """ARNs of what of a mesh is in it: App Mesh meshes, or networks and services of VPC Lattice."""
    principals: tuple[Principal, ...] = ()
    resource: Resource | None = None


@dataclass(frozen=True)
class Guarded:
    """A service network or a service of VPC Lattice, with what guards it."""

    kind: Literal["network", "service"]
    arn: str
    """Before the deployment, one in which the name stands for the id."""
    name: str
    account: str
    region: str
    auth_type: str | None
    """``None`` where it can't be told."""
    policy: PolicySource | None
    """Its auth policy; ``None`` where the program gives it none."""
    networks: tuple[str, ...]
    """ARNs of the networks that a service is in."""
    resource: Resource


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A long-lived credential."""

    holder: str
    """The user it is for, or the provider that is given it."""
    account: str | None
    resource: Resource
    what: str = "access key"


@dataclass(frozen=True, slots=True)
class ControlPolicy:
    """A service control policy and what it is attached to."""

    policy: PolicySource
    target: str
    """An account id, an organizational unit or a root."""
    resource: Resource


@dataclass(frozen=True, slots=True)
class Association:
    """What gives a role to a service account, by EKS Pod Identity."""

    cluster: str | None
    namespace: str | None
    service_account: str | None
    role: str | None
    """ARN of the role."""
    account: str | None
    resource: Resource


@dataclass(frozen=True, slots=True)
class InstanceProfile:
    """What gives a role to EC2 instances."""

    name: str | None
    role: str | None
    """Name of the role."""
    account: str | None
    resource: Resource


@dataclass(frozen=True)
class Access:
    """All that a program says about access."""

    identities: tuple[Identity, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    """The networks and services of VPC Lattice."""
    shares: tuple[Share, ...] = ()
    keys: tuple[AccessKey, ...] = ()
    control_policies: tuple[ControlPolicy, ...] = ()
    associations: tuple[Association, ...] = ()
    profiles: tuple[InstanceProfile, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    """What can't be placed at all: of which account, or attached to whom."""
    parents: Mapping[str, str] = field(default_factory=dict)
    """By the id of an account or organizational unit: what it is in, as far as the program says."""

    @cached_property
    def roles(self) -> Mapping[tuple[str, str], Identity]:
        """The roles by account and name in lower case, as IAM tells names apart."""
        return {
            (each.account or "", each.name.lower()): each
            for each in self.identities
            if each.kind == "role"
        }
