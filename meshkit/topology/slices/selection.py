"""The parts of a mesh that one account makes, or that are made in one phase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.topology.clusters import with_provider
from meshkit.topology.index import Index
from meshkit.topology.invitations import accepting_owners
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.slices.lattice import lattice_parts
from meshkit.topology.slices.part import PHASE_OF, PHASES, Kind, Part, Phase, Ref
from meshkit.topology.slices.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import (
        Owner,
        ResolvedAudit,
        ResolvedCluster,
        ResolvedGateway,
        ResolvedGatewayRoute,
        ResolvedMesh,
        ResolvedNode,
        ResolvedOperator,
        ResolvedRoute,
        ResolvedRouter,
        ResolvedService,
        ResolvedShare,
        WorkloadRole,
    )


class _Owned(Protocol):
    @property
    def owner(self) -> Owner: ...


T = TypeVar("T", bound=_Owned)


@dataclass(frozen=True)
class MeshSlice:
    """What is made of a mesh by one account (or all) in one phase (or all)."""

    mesh: ResolvedMesh
    account: str | None = None
    """Key of the account in the file."""
    account_id: str | None = None
    phase: Phase | None = None

    @property
    def whole(self) -> bool:
        """Whether it is the whole mesh."""
        return self.account is None and self.phase is None

    def has(self, owner: Owner, kind: Kind) -> bool:
        """Whether what an owner makes of a kind is within."""
        return self.account_id in (None, owner.id) and self.phase in (None, PHASE_OF[kind])

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What is within, in an order in which AWS takes it."""
        found = parts(self.mesh) if self.lattice is None else lattice_parts(self.lattice)
        return tuple(part for part in found if self.has(part.owner, part.kind))

    @cached_property
    def lattice(self) -> LatticeMesh | None:
        """The mesh on VPC Lattice, where that is its data plane."""
        on_lattice = self.mesh.config.data_plane == "vpc-lattice"
        return compile_lattice(self.mesh) if on_lattice else None

    @cached_property
    def needs(self) -> tuple[Ref, ...]:
        """What must be there already, of other slices or of an adopted mesh."""
        own = {part.ref for part in self.parts}
        needed = dict.fromkeys(ref for part in self.parts for ref in part.needs)
        return tuple(ref for ref in needed if ref not in own)

    @property
    def makes_mesh(self) -> bool:
        """Whether the mesh itself is within; an adopted one never is."""
        return self.mesh.settings.arn is None and self.has(self.mesh.owner, "mesh")

    @property
    def share(self) -> ResolvedShare | None:
        """The share, where it is within."""
        return self.mesh.share if self.has(self.mesh.owner, "share") else None

    @cached_property
    def accepting(self) -> Mapping[str, Owner]:
        """The accounts that accept an invitation, by key."""
        found = accepting_owners(self.mesh)
        return {key: owner for key, owner in found.items() if self.has(owner, "acceptance")}

    @cached_property
    def service_linked(self) -> Mapping[str, Owner]:
        """The accounts that get the service-linked role of App Mesh, by key."""
        return {
            key: owner
            for key, owner in self.mesh.owners.items()
            if owner.account.service_linked_role and self.has(owner, "service-linked role")
        }

    @cached_property
    def operators(self) -> Mapping[str, ResolvedOperator]:
        """The roles of operators, by key."""
        return self._named("operator role", self.mesh.operators)

    @property
    def audit(self) -> ResolvedAudit | None:
        """The audit trail, where it is within."""
        audit = self.mesh.audit
        return audit if audit and self.has(audit.owner, "audit trail") else None

    @cached_property
    def clusters_with_provider(self) -> tuple[ResolvedCluster, ...]:
        """The clusters for which an IAM OIDC provider is made."""
        return self._listed("OIDC provider", with_provider(self.mesh))

    @cached_property
    def roles(self) -> Mapping[str, WorkloadRole]:
        """The roles, made or adopted, by key."""
        return self._named("role", self.mesh.roles)

    @cached_property
    def clusters(self) -> Mapping[str, ResolvedCluster]:
        """The clusters whose pods take one of the roles, or whose provider is made, by key."""
        if self.whole:
            return self.mesh.clusters
        used = {subject.cluster for role in self.roles.values() for subject in role.subjects}
        used |= {cluster.key for cluster in self.clusters_with_provider}
        return {key: cluster for key, cluster in self.mesh.clusters.items() if key in used}

    @cached_property
    def nodes(self) -> Mapping[str, ResolvedNode]:
        """The virtual nodes, by name."""
        return self._named("virtual node", self.mesh.nodes)

    @cached_property
    def gateways(self) -> Mapping[str, ResolvedGateway]:
        """The virtual gateways, by name."""
        return self._named("virtual gateway", self.mesh.gateways)

    @cached_property
    def routers(self) -> Mapping[str, ResolvedRouter]:
        """The virtual routers, by name."""
        return self._named("virtual router", self.mesh.routers)

    @cached_property
    def routes(self) -> tuple[ResolvedRoute, ...]:
        """The routes of routers."""
        return self._listed("route", self.mesh.routes)

    @cached_property
    def services(self) -> Mapping[str, ResolvedService]:
        """The virtual services, by name."""
        return self._named("virtual service", self.mesh.services)

    @cached_property
    def gateway_routes(self) -> tuple[ResolvedGatewayRoute, ...]:
        """The routes of gateways."""
        return self._listed("gateway route", self.mesh.gateway_routes)

    @cached_property
    def owners(self) -> Mapping[str, Owner]:
        """Every account in which something is made, by key, the mesh owner first."""
        if self.account is None:
            at_work = {self.mesh.owner.key: self.mesh.owner}
            return {**at_work, **{part.owner.key: part.owner for part in self.parts}}
        return {part.owner.key: part.owner for part in self.parts}

    def __str__(self) -> str:
        return slice_name(self.account or "all accounts", self.phase)

    def _named(self, kind: Kind, found: Mapping[str, T]) -> Mapping[str, T]:
        if self.whole:
            return found
        return {key: each for key, each in found.items() if self.has(each.owner, kind)}

    def _listed(self, kind: Kind, found: Iterable[T]) -> tuple[T, ...]:
        return tuple(each for each in found if self.has(each.owner, kind))


def slice_of(mesh: ResolvedMesh, account: str | None = None, phase: str | None = None) -> MeshSlice:
    """The slice of an account, by its key in the file or its id, and of a phase.

    Raises ``MeshkitError`` for an account that is not in the file, and for an unknown phase.
    """
    chosen: Phase | None = None
    if phase is not None:
        chosen = next((each for each in PHASES if each == phase), None)
        if chosen is None:
            raise MeshkitError(f'phase: no "{phase}"; one of {", ".join(PHASES)}')
    if account is None:
        return MeshSlice(mesh, phase=chosen)
    key, account_id = _account(mesh, account)
    return MeshSlice(mesh, key, account_id, chosen)


def slice_name(account: str, phase: Phase | None) -> str:
    """How people name a slice: ``billing / routing``."""
    return account if phase is None else f"{account} / {phase}"


def _account(mesh: ResolvedMesh, account: str) -> tuple[str, str]:
    ids = {each.id: key for key, each in mesh.config.accounts.items()}
    ids |= {owner.id: key for key, owner in mesh.owners.items()}
    key = ids.get(account, account)
    found = Index(mesh.config).account(key) if key in ids.values() else None
    if found is None:
        known = [*mesh.config.accounts, *mesh.owners]
        raise MeshkitError(
            f'account: no account "{account}" in the file{did_you_mean(account, known)}'
        )
    return key, found.id
