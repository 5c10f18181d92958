"""The audit trail of a mesh: in which account it is, what it is called, of whom it tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from meshkit.topology.model import ResolvedAudit
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshkit.config.audit import Audit
    from meshkit.topology.index import Index
    from meshkit.topology.model import Owner, ResolvedOperator, WorkloadRole

TRAIL: Final = re.compile(r"(?=.{3,128}$)[A-Za-z0-9](?:[._-]?[A-Za-z0-9])+")
"""Source: CloudTrail User Guide, naming requirements for trails."""
_LONGEST_BUCKET: Final = 63
"""Source: S3 User Guide, bucket naming rules."""


def resolve_audit(
    index: Index,
    owner_of: Callable[[str | None], Owner],
    roles: Iterable[WorkloadRole | ResolvedOperator],
) -> ResolvedAudit | None:
    """The audit trail of the file, if it has one."""
    audit = index.config.audit
    if audit is None:
        return None
    owner = owner_of(audit_account(index))
    name = trail_name(index)
    bucket = audit.bucket.name if audit.bucket else None
    return ResolvedAudit(
        name=name,
        owner=owner,
        bucket=bucket or bucket_name(name, owner.id, index.config.region),
        log_group=audit.log_group or f"/meshkit/{name}",
        organization=_organization(index, audit),
        roles=audit.roles or tuple(_told_of(audit, owner, roles)),
        spec=audit,
        tags={**index.config.tags, **audit.tags},
    )


def audit_account(index: Index) -> str | None:
    """The key of the account that has the trail, or its id; ``None`` for the mesh owner."""
    audit, organization = index.config.audit, index.config.organization
    if audit is None or not audit.organization or organization is None:
        return None
    wanted = organization.management_account
    accounts = index.config.accounts.items()
    return next((key for key, account in accounts if account.id == wanted), wanted)


def trail_name(index: Index) -> str:
    """Physical name of the trail."""
    audit = index.config.audit
    return (audit and audit.name) or f"{index.config.name}-audit"


def bucket_name(trail: str, account: str, region: str) -> str:
    """Name of the bucket that is made for a trail: all of S3 shares one space of names."""
    head = re.sub(r"[^a-z0-9-]+", "-", trail.lower())
    tail = f"-{account}-{region}"
    if len(head) + len(tail) <= _LONGEST_BUCKET:
        return head + tail
    return hashed_name(head[:20], trail, limit=_LONGEST_BUCKET - len(tail)).lower() + tail


def _organization(index: Index, audit: Audit) -> str | None:
    organization = index.config.organization
    return organization.id if audit.organization and organization else None


def _told_of(
    audit: Audit, owner: Owner, roles: Iterable[WorkloadRole | ResolvedOperator]
) -> Iterable[str]:
    for role in roles:
        if role.name is not None and (audit.organization or role.owner.id == owner.id):
            yield role.name
