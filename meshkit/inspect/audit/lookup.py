"""Questions to CloudTrail, answered from all of its pages.

It answers two a second in an account and region. Source: CloudTrail API Reference, LookupEvents.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.remark import CantTellError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.topology.model import Owner

_PAUSE: Final = 0.5
"""Seconds between two questions."""
_MOST: Final = 400
"""Pages of one question: 20,000 events."""


@dataclass(frozen=True)
class Period:
    """When the events happened."""

    start: datetime
    end: datetime


def account_of(accounts: Accounts, owner: Owner) -> Account:
    """The account of an owner. Raises ``MeshkitError`` where there is no way in."""
    try:
        return accounts.of(owner)
    except CantTellError as error:
        raise MeshkitError(str(error)) from None


class EventHistory:
    """The histories of events of the accounts of a mesh.

    ``patient`` keeps to the rate that AWS allows in an account and region.
    """

    def __init__(self, accounts: Accounts, *, patient: bool) -> None:
        self._accounts = accounts
        self._patient = patient
        self._places: dict[tuple[str, str], Account] = {}
        self._asked: dict[tuple[str, str], float] = {}

    def events(
        self, owner: Owner, region: str, key: str, value: str, period: Period | None = None
    ) -> Iterator[dict[str, Any]]:
        """The events of an account's region in which an attribute has a value, newest first.

        Without a period, of the 90 days that CloudTrail keeps. Raises ``MeshkitError`` where the
        account can't be asked, and for too many events.
        """
        attribute = {"AttributeKey": key, "AttributeValue": value}
        asked: dict[str, Any] = {"LookupAttributes": [attribute]}
        if period is not None:
            asked |= {"StartTime": period.start, "EndTime": period.end}
        for _ in range(_MOST):
            answer = self._ask(owner, region, asked)
            yield from (json.loads(each["CloudTrailEvent"]) for each in answer["Events"])
            if "NextToken" not in answer:
                return
            asked["NextToken"] = answer["NextToken"]
        msg = f"more than {_MOST * 50} events of {value} in {region}: give a later --since"
        raise MeshkitError(msg)

    def _ask(self, owner: Owner, region: str, asked: dict[str, Any]) -> dict[str, Any]:
        place = owner.key, region
        if place not in self._places:
            self._places[place] = account_of(self._accounts, owner).in_region(region)
        if self._patient and place in self._asked:
            time.sleep(max(0.0, self._asked[place] + _PAUSE - time.monotonic()))
        self._asked[place] = time.monotonic()
        try:
            return self._places[place].ask("cloudtrail", "lookup_events", **asked)
        except CantTellError as error:
            raise MeshkitError(str(error)) from None
