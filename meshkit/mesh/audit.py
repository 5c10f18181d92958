"""The audit trail of a mesh file, registered below its component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from meshkit.inputs import checked_input, tags_input
from meshkit.landing_zone.audit_trail import ExistingTrail, MeshAuditTrail, MeshAuditTrailArgs
from meshkit.policy.audit import TrailScope
from meshkit.policy.audit_rules import BROAD
from meshkit.policy.roles import ENVOY_ACCESS
from meshkit.topology import leaves

if TYPE_CHECKING:
    from meshkit.mesh.accounts import Providers
    from meshkit.topology.model import ResolvedAudit, ResolvedMesh
    from meshkit.topology.slices import MeshSlice


def register_audit(
    name: str, chosen: MeshSlice, providers: Providers, parent: pulumi.Resource
) -> MeshAuditTrail | None:
    """Registers the audit trail as ``NAME-audit`` where it is in the slice."""
    audit = chosen.audit
    if audit is None:
        return None
    options = pulumi.ResourceOptions(parent=parent, provider=providers.get(audit.owner.key))
    return MeshAuditTrail(f"{name}-audit", _args(chosen.mesh, audit), options)


def _args(mesh: ResolvedMesh, audit: ResolvedAudit) -> MeshAuditTrailArgs:
    spec, context = audit.spec, audit.owner.context
    return MeshAuditTrailArgs(
        trail=_trail(mesh, audit),
        # A mesh without a role of its own here still has alarms for those that may come.
        roles=audit.roles or (f"{mesh.name}-*",),
        alarm_topics=[
            checked_input(topic, context, lambda text: leaves.topic(text, mesh.region))
            for topic in spec.topics
        ],
        existing_bucket=spec.bucket is not None,
        existing_recorder=spec.recorder.name if spec.recorder else None,
        service_linked_role=spec.service_linked_role,
        broad_policies=_broad(mesh),
        retention_days=spec.retention_days,
        protect=spec.protect,
        tags=tags_input(audit.tags, context) or {},
    )


def _trail(mesh: ResolvedMesh, audit: ResolvedAudit) -> TrailScope | ExistingTrail:
    spec, owner = audit.spec, audit.owner
    if spec.trail is not None:
        arn = checked_input(
            spec.trail.arn, owner.context, lambda text: leaves.trail(text, owner.id)
        )
        return ExistingTrail(arn=arn, region=mesh.region, log_group=spec.trail.log_group)
    return TrailScope(
        account=owner.id,
        region=mesh.region,
        trail=audit.name,
        bucket=audit.bucket,
        log_group=audit.log_group,
        organization=audit.organization,
        records=spec.config and spec.recorder is None,
    )


def _broad(mesh: ResolvedMesh) -> tuple[str, ...]:
    """The managed policies that are too broad: not the one that the file itself asks for."""
    wide = any(role.access == "mesh-wide" for role in mesh.roles.values())
    return tuple(each for each in BROAD if not (wide and each == ENVOY_ACCESS))
