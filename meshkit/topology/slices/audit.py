"""What of an audit trail is a part of the mesh: one account makes it, and nothing waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.topology.slices.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.topology.model import ResolvedMesh


def audit_parts(mesh: ResolvedMesh) -> Iterator[Part]:
    """The audit trail, on either data plane."""
    if mesh.audit is not None:
        yield Part("audit trail", mesh.audit.name, mesh.audit.owner)
