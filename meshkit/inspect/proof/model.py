"""What was proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.access import Share
    from meshkit.inspect.violation import Unknown, Violation

Declaration = Literal["file", "program"]
"""Who says what a role may read: a mesh file, or the program itself by naming exact ARNs."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven of a program, and what was not.

    Roles (and users that may read a configuration) and endpoints are ARNs, in the order of the
    program. ``allowed`` and ``expected`` have an entry for each role.
    """

    roles: tuple[str, ...]
    endpoints: tuple[str, ...]
    """Nodes and gateways of App Mesh, then services of VPC Lattice."""
    allowed: Mapping[str, frozenset[str]]
    """The endpoints whose configuration a role may read, and the services that it may call."""
    expected: Mapping[str, frozenset[str]]
    """Those it is declared to read or call."""
    declared_by: Mapping[str, Declaration] = field(default_factory=dict)
    """By role: what ``expected`` was taken from."""
    violations: tuple[Violation, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    """What can't be told; a proof that has any is no proof."""
    trust: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By role of a proxy: who may take it, in words."""
    shares: tuple[Share, ...] = ()
    """The shares of meshes."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What people call an endpoint whose ARN does not tell its name."""
    absent: tuple[str, ...] = ()
    """What of the mesh files the program does not make: endpoints by ARN, services by name."""

    @property
    def ok(self) -> bool:
        """Whether everything is proven."""
        return not self.violations and not self.unknowns
