"""A proof as plain data, for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.inspect.proof.showing import is_service

if TYPE_CHECKING:
    from meshkit.config.finding import Location
    from meshkit.inspect.access import Share
    from meshkit.inspect.proof.model import Proof
    from meshkit.inspect.violation import Unknown, Violation


def data_of(proof: Proof) -> dict[str, Any]:
    """The proof as JSON can say it; no secret is in it."""
    return {
        "ok": proof.ok,
        "roles": [
            {
                "arn": arn,
                "declaredBy": proof.declared_by.get(arn),
                "mayRead": [each for each in sorted(proof.allowed[arn]) if not is_service(each)],
                "mayCall": [each for each in sorted(proof.allowed[arn]) if is_service(each)],
                "declared": sorted(proof.expected[arn]),
                "trust": list(proof.trust.get(arn, ())),
            }
            for arn in proof.roles
        ],
        "endpoints": list(proof.endpoints),
        "names": dict(proof.names),
        "absent": list(proof.absent),
        "shares": [_share(each) for each in proof.shares],
        "violations": [_violation(each) for each in proof.violations],
        "unknowns": [_unknown(each) for each in proof.unknowns],
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.name,
        "arn": share.arn,
        "meshes": list(share.meshes),
        "principals": [each.id for each in share.principals],
        "allowExternalPrincipals": share.allow_external,
        "permissions": list(share.permissions),
    }


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "code": violation.code,
        "title": violation.title,
        "message": violation.message,
        "role": violation.role,
        "endpoint": violation.endpoint,
        "statement": violation.statement,
        "resource": violation.resource,
        "why": violation.why,
        "mend": violation.mend,
        **_place(violation.place),
    }


def _unknown(unknown: Unknown) -> dict[str, Any]:
    return {
        "subject": unknown.subject,
        "message": unknown.message,
        "resource": unknown.resource,
        **_place(unknown.place),
    }


def _place(place: Location | None) -> dict[str, Any]:
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
