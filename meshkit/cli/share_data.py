"""``meshkit share status --format json``: the status as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from meshkit.topology.slices.selection import slice_name

if TYPE_CHECKING:
    from meshkit.inspect.share.model import Absent, Leaving, ShareStatus, Standing
    from meshkit.inspect.share.principals import PrincipalState
    from meshkit.inspect.share.quotas import Use


def data_of_status(found: ShareStatus, leavings: list[Leaving]) -> dict[str, Any]:
    """Everything that is asked for, in the order of the text."""
    return {
        "mesh": found.mesh.name,
        "owner": found.mesh.owner.id,
        "shares": list(found.shares.arns),
        "principals": list(map(_principal, found.shares.principals)),
        "resources": list(map(_standing, found.standings)),
        "services": [
            {"name": each.name, "provider": each.provider.key, "state": each.state}
            for each in found.services
        ],
        "not_there": list(map(_absent, found.absent)),
        "cant_tell": list(found.untold),
        "quotas": list(map(_use, found.quotas)),
        "leaving": list(map(_leaving, leavings)),
    }


def _principal(state: PrincipalState) -> dict[str, Any]:
    return {
        "principal": state.principal,
        "label": state.label,
        "state": state.state,
        "in_file": state.in_file,
        "note": state.note or None,
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        **asdict(standing.built),
        "in_file": standing.in_file,
        "orphaned": standing.orphan,
        "admitted": standing.admitted,
    }


def _absent(absent: Absent) -> dict[str, Any]:
    part = absent.part
    return {
        "kind": part.kind,
        "name": part.name,
        "slice": slice_name(part.owner.key, part.phase),
        "waits_for": [" ".join(ref) for ref in absent.waits_for],
    }


def _use(use: Use) -> dict[str, Any]:
    return {
        "key": use.key,
        "within": use.within or None,
        "used": use.used,
        "limit": use.limit,
        "exceeded": use.exceeded,
    }


def _leaving(leaving: Leaving) -> dict[str, Any]:
    return {
        "account": leaving.account,
        "orphans": list(map(asdict, leaving.orphans)),
        "without_configuration": [built.arn for built in leaving.silent],
        "led_by": [
            {"kind": part.kind, "name": part.name, "account": part.owner.key}
            for part in leaving.led_by
        ],
    }
