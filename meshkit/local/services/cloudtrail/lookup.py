"""``cloudtrail:LookupEvents`` over the calls that the local cloud remembers.

AWS answers two such requests a second in an account and region, and tells of a call after some five
minutes; here neither is so. Source: CloudTrail API Reference, LookupEvents.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from meshkit.local.services import shapes
from meshkit.local.services.clock import now
from meshkit.local.services.cloudtrail.events import Event, event_of
from meshkit.local.services.cloudtrail.history import HISTORY
from meshkit.local.services.errors import ApiError

WINDOW: Final = timedelta(days=90)
"""How far back the history of events goes."""
MOST: Final = 50
"""Events in an answer, at most and by default."""
_LONGEST_VALUE: Final = 2_000


def lookup_events(
    account: str, region: str, params: dict[str, Any], check: shapes.Check
) -> dict[str, Any]:
    """Answer a request, with the newest events first. Raises `ApiError`."""
    _validate(params, check)
    before = _position(params)
    shown: list[Event] = []
    for event in _found(account, region, params, before):
        if len(shown) == params.get("MaxResults", MOST):
            return {"Events": _told(shown), "NextToken": _token(params, shown[-1].seen.number)}
        shown.append(event)
    return {"Events": _told(shown)}


def _validate(params: dict[str, Any], check: shapes.Check) -> None:
    attributes = params.get("LookupAttributes") or []
    if not 1 <= params.get("MaxResults", MOST) <= MOST:
        raise ApiError("InvalidMaxResultsException", f"MaxResults is 1 to {MOST}.")
    if len(attributes) > 1:
        message = "You can only use one lookup attribute at a time."
        raise ApiError("InvalidLookupAttributesException", message)
    faults: list[str] = []
    try:
        check({**params, "StartTime": None, "EndTime": None}, "", faults)
    except shapes.WrongTypeError as error:
        raise ApiError("SerializationException", str(error)) from None
    if any(len(each.get("AttributeValue", "")) > _LONGEST_VALUE for each in attributes):
        faults.append(f"an attribute's value has at most {_LONGEST_VALUE} characters")
    if faults:
        raise ApiError("InvalidLookupAttributesException", shapes.summary(faults))
    if params.get("EventCategory", "insight") != "insight":
        raise ApiError("InvalidEventCategoryException", "The event category is insight or absent.")
    start, end = _time(params, "StartTime"), _time(params, "EndTime")
    if start and end and start > end:
        raise ApiError("InvalidTimeRangeException", "The start time is after the end time.")


def _found(
    account: str, region: str, params: dict[str, Any], before: int | None
) -> Iterator[Event]:
    if params.get("EventCategory") == "insight":
        return  # nothing here is unusual
    start = max(_time(params, "StartTime") or now() - WINDOW, now() - WINDOW)
    end = _time(params, "EndTime") or now()
    wanted = next(iter(params.get("LookupAttributes") or []), None)
    for seen in HISTORY.newest_first():
        if (before is not None and seen.number >= before) or not start <= seen.instant <= end:
            continue
        event = event_of(seen, account, region)
        if event and (
            wanted is None or wanted["AttributeValue"] in event.attributes[wanted["AttributeKey"]]
        ):
            yield event


def _time(params: dict[str, Any], name: str) -> datetime | None:
    value = params.get(name)
    return None if value is None else datetime.fromtimestamp(float(value), timezone.utc)


def _told(events: list[Event]) -> list[dict[str, Any]]:
    return [event.to_dict() for event in events]


def _token(params: dict[str, Any], last: int) -> str:
    """Return the token of the page after a call; it is good for the same question only."""
    return base64.urlsafe_b64encode(f"{_asked(params)} {last}".encode()).decode()


def _position(params: dict[str, Any]) -> int | None:
    token = params.get("NextToken")
    if token is None:
        return None
    try:
        asked, number = base64.b64decode(token, altchars=b"-_", validate=True).decode().split()
        before = int(number)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        asked, before = "", 0
    if asked != _asked(params):
        message = "The token is invalid, or that of another request."
        raise ApiError("InvalidNextTokenException", message)
    return before


def _asked(params: dict[str, Any]) -> str:
    same = {
        name: value for name, value in params.items() if name not in ("NextToken", "MaxResults")
    }
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]
