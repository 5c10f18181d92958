"""Long-lived credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.proof.codes import LONG_LIVED_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.case import Case
    from meshkit.inspect.violation import Violation


def access_keys(case: Case) -> Iterator[Violation]:
    """Each key of a user, and each provider that is given one."""
    for key in case.access.keys:
        account = f" of account {key.account}" if key.account else ""
        yield LONG_LIVED_KEY.found(
            f"{key.holder}{account} has a long-lived access key",
            resource=key.resource.urn,
            place=case.where.of_resource(key.resource),
        )
