"""The permissions boundaries of a landing zone's file: from the file to the policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.config.deferred import bind
from meshkit.config.finding import Rule
from meshkit.errors import MeshkitError
from meshkit.policy.boundaries import MeshBoundary, TeamBoundary
from meshkit.policy.roles import rewritten
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.guardrails import ZoneBoundary
    from meshkit.config.landing_zone import LandingZoneFile
    from meshkit.policy.document import Text
    from meshkit.topology.landing_zone.view import ZoneView

BOUNDARY: Final = Rule(
    "MK989",
    "A permissions boundary names what there is, fits into a managed policy, and is none that its "
    "team could change.",
    "IAM takes 6,144 characters; a misspelt action allows nothing; a team whose path holds the "
    "boundary could widen it.",
    "Correct the entry as the finding says.",
    "IAM User Guide: permissions boundaries; IAM and AWS STS quotas",
)
_SAMPLE: Final = "000000000000"


def zone_boundary(
    key: str, entry: ZoneBoundary, zone: LandingZoneFile, change: Callable[[Text], Text]
) -> MeshBoundary | TeamBoundary:
    """The boundary of an entry; ``change`` fills its texts for an account.

    Raises ``MeshkitError`` for what names nothing.
    """
    partition = partition_of(zone.region).name
    statements = tuple(rewritten(each, change) for each in entry.statements)
    if entry.team is None:
        return MeshBoundary(policy_name=key, statements=statements, partition=partition)
    return TeamBoundary(
        path=entry.team.path,
        passable=entry.team.passable,
        policy_name=key,
        statements=statements,
        partition=partition,
    )


def boundary_findings(view: ZoneView) -> Iterator[Finding]:
    """Every finding about boundaries."""
    zone = view.zone
    context = {
        "account": _SAMPLE,
        "partition": partition_of(zone.region).name,
        "region": zone.region,
    }
    for key, entry in zone.boundaries.items():
        path: Path = ("boundaries", key)
        if not view.is_whole("boundaries", key):
            continue
        try:
            zone_boundary(key, entry, zone, lambda text: bind(text, context)).document()
        except MeshkitError as error:
            yield BOUNDARY.at(path, " ".join(str(error).split()))
