"""Who is judged: a role, user or group with its policies parsed and its part in the mesh files."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from meshkit.policy.evaluation import Layers
from meshkit.policy.lattice import caller_statements
from meshkit.policy.roles import role_managed_policies, role_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.access import Identity, PolicySource
    from meshkit.inspect.proof.lattice.declared import DeclaredLattice
    from meshkit.inspect.violation import Unknown
    from meshkit.policy.document import Statement as DocumentStatement
    from meshkit.policy.document import Text
    from meshkit.policy.evaluation import Policy, Statement
    from meshkit.topology.model import Endpoint, ResolvedMesh, WorkloadRole


@dataclass(frozen=True)
class Declared:
    """A role as a mesh file declares it."""

    mesh: ResolvedMesh
    role: WorkloadRole
    file: DeclaredLattice | None = None
    """The file, where it is one of VPC Lattice."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints whose configuration it is to read; none where no proxy runs."""
        return () if self.file else self.role.endpoints

    @cached_property
    def statements(self) -> tuple[DocumentStatement, ...]:
        """The statements of its policies."""
        if self.file is None:
            return role_statements(self.role)
        return caller_statements(self.file.lattice, self.role, self.file.arns)

    @property
    def managed_policies(self) -> tuple[Text, ...]:
        """ARNs of its managed policies."""
        return role_managed_policies(self.role)


@dataclass(frozen=True)
class Granted:
    """A statement, and the policy that it is in."""

    source: PolicySource
    statement: Statement


@dataclass(frozen=True)
class Subject:
    """An identity with its policies."""

    identity: Identity
    declared: tuple[Declared, ...] = ()
    policies: tuple[tuple[PolicySource, Policy], ...] = ()
    trust: Policy | None = None
    layers: Layers = field(default_factory=Layers)
    complete: bool = True
    """Whether all its policies are known, so that a missing permission is surely missing."""
    unknowns: tuple[Unknown, ...] = ()
    """What of its policies and its trust can't be told."""

    @property
    def arn(self) -> str:
        """ARN of the identity."""
        return self.identity.arn

    @property
    def mesh_wide(self) -> bool:
        """Whether a mesh file lets it read every configuration of its account."""
        return any(each.role.access == "mesh-wide" for each in self.declared)

    def statements(self, effect: str = "Allow") -> Iterator[Granted]:
        """Its statements of an effect, not those of its boundary."""
        for source, policy in self.policies:
            for statement in policy.statements:
                if statement.effect == effect:
                    yield Granted(source, statement)
