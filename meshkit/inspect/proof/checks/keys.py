"""Long-lived credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.proof.codes import LONG_LIVED_KEY, OTHER_CONNECTOR
from meshkit.inspect.proof.showing import subject_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.violation import Violation


def access_keys(case: Case) -> Iterator[Violation]:
    """Each key of a user, and each provider that is given one.

    The declared key of meshStack's connector is the one exception.
    """
    for key in case.access.keys:
        if case.meshstack.has_key(key.resource.urn):
            continue
        account = f" of account {key.account}" if key.account else ""
        yield LONG_LIVED_KEY.found(
            f"{key.holder}{account} has a long-lived {key.what}",
            resource=key.resource.urn,
            place=case.where.of_resource(key.resource),
        )


def connectors(case: Case) -> Iterator[Violation]:
    """Policies of a connector beside the one of meshStack's documentation."""
    for connector in case.meshstack.connectors:
        for source in connector.others:
            yield OTHER_CONNECTOR.found(
                f"{subject_text(connector.subject)} has the policy {source.name}, which is not the "
                "connector's",
                role=connector.subject.arn,
                resource=source.resource.urn if source.resource else None,
                place=case.where.of_resource(source.resource),
            )
