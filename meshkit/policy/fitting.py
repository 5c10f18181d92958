"""Whether every role of a mesh can be written at all, before anything is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import dotted
from meshkit.errors import MeshkitError
from meshkit.policy.roles import role_managed_policies, role_statements
from meshkit.policy.size import check_trust, fit
from meshkit.policy.trust import trust_of

if TYPE_CHECKING:
    from meshkit.topology.model import ResolvedMesh, WorkloadRole


def check_roles(mesh: ResolvedMesh) -> None:
    """Raises ``MeshkitError`` with the place of a role that fits no limit of IAM."""
    for role in mesh.roles.values():
        if role.attach:
            _check(role, mesh)


def _check(role: WorkloadRole, mesh: ResolvedMesh) -> None:
    try:
        fit(role_statements(role), attached=len(role_managed_policies(role)))
        if not role.adopted:
            check_trust(trust_of(role, mesh))
    except MeshkitError as error:
        raise MeshkitError(f"{dotted(role.path)}: {error}") from None
