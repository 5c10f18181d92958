"""What an audit trail raises an alarm for, as data: the events, and how many are too many.

A pattern is CloudWatch Logs' own. Source: CloudWatch Logs User Guide, filter pattern syntax for
metric filters; what CloudTrail records: App Mesh User Guide, Logging API calls with CloudTrail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST: Final = 1_024
"""Characters of a filter pattern. Source: CloudWatch Logs API, FilterPattern."""
MOST: Final = 100
"""Metric filters of a log group. Source: CloudWatch Logs User Guide, quotas."""
ROLES: Final = "role-changes"


@dataclass(frozen=True)
class Watch:
    """Events that somebody should look at."""

    key: str
    """Stable part of names: of the filter, the metric and the alarm."""
    description: str
    """What the alarm says."""
    sources: tuple[str, ...]
    """Services, one of which the event is of."""
    terms: tuple[str, ...]
    """What must be so of the event, each a term of a pattern."""

    def pattern(self, *more: str) -> str:
        """The filter pattern, with more terms."""
        source = any_of("$.eventSource", (f"{each}.amazonaws.com" for each in self.sources))
        return f"{{ {' && '.join((source, *self.terms, *more))} }}"


def any_of(field: str, values: Iterable[str]) -> str:
    """The term that a field has one of some values, in which ``*`` stands for any text."""
    terms = [f'({field} = "{value}")' for value in values]
    return terms[0] if len(terms) == 1 else f"({' || '.join(terms)})"


CHANGES: Final = "($.readOnly IS FALSE)"

WATCHES: Final[tuple[Watch, ...]] = (
    Watch(
        "denied-calls",
        "A call to App Mesh or VPC Lattice was denied",
        ("appmesh", "vpc-lattice"),
        (any_of("$.errorCode", ("AccessDenied*", "Forbidden*", "Unauthorized*")),),
    ),
    Watch(
        "refused-proxies",
        "A proxy was refused its configuration: its role lacks the right to its node or gateway",
        ("appmesh",),
        (
            '($.eventName = "StreamAggregatedResources")',
            '($.serviceEventDetails.eventStatus = "ConnectionTerminated")',
            '($.serviceEventDetails.failureReason = "Unauthorized*")',
        ),
    ),
    Watch(
        "share-changes",
        "A share of AWS RAM was changed, or an invitation to one was answered",
        ("ram",),
        (CHANGES,),
    ),
    Watch(
        "mesh-policy-changes",
        "A policy of the mesh, a service network or a service was changed",
        ("appmesh", "vpc-lattice"),
        (
            any_of(
                "$.eventName",
                (
                    "DeleteAuthPolicy",
                    "DeleteMeshPolicy",
                    "DeleteResourcePolicy",
                    "PutAuthPolicy",
                    "PutMeshPolicy",
                    "PutResourcePolicy",
                ),
            ),
        ),
    ),
    Watch(ROLES, "The role of a proxy or an operator was changed", ("iam",), (CHANGES,)),
    Watch(
        "audit-changes",
        "The trail or the recorder of the audit was changed or stopped",
        ("cloudtrail", "config"),
        (
            any_of(
                "$.eventName",
                (
                    "DeleteConfigurationRecorder",
                    "DeleteDeliveryChannel",
                    "DeleteTrail",
                    "PutConfigurationRecorder",
                    "PutDeliveryChannel",
                    "PutEventSelectors",
                    "StopConfigurationRecorder",
                    "StopLogging",
                    "UpdateTrail",
                ),
            ),
        ),
    ),
)
"""Every alarm of an audit trail."""


def patterns(watch: Watch, roles: Iterable[str]) -> tuple[str, ...]:
    """The patterns of a watch; that of roles is split, as a pattern holds only so many names.

    Raises ``MeshkitError`` for more roles than the filters of a log group can name.
    """
    if watch.key != ROLES:
        return (watch.pattern(),)
    found = tuple(_of_roles(watch, list(dict.fromkeys(roles))))
    if len(found) > MOST - len(WATCHES) + 1:
        raise MeshkitError(
            f"the alarm for changed roles needs {len(found)} metric filters and a log group has "
            f"{MOST}: name the roles by a pattern, such as shop-*"
        )
    return found


def _of_roles(watch: Watch, roles: list[str]) -> Iterator[str]:
    batch: list[str] = []
    for role in roles:
        if batch and len(_named(watch, [*batch, role])) > LONGEST:
            yield _named(watch, batch)
            batch = []
        batch.append(role)
    if batch:
        yield _named(watch, batch)


def _named(watch: Watch, roles: list[str]) -> str:
    return watch.pattern(any_of("$.requestParameters.roleName", roles))
