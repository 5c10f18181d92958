"""From events of CloudTrail to what was done to a mesh, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshkit.inspect.audit.callers import caller_of
from meshkit.inspect.audit.model import Deed, Outcome
from meshkit.inspect.audit.subjects import answered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshkit.inspect.audit.subjects import Subjects

_DENIED: Final = ("AccessDenied", "Forbidden", "Unauthorized")
"""How the codes and reasons of denials begin."""
_REFUSED: Final = "ConnectionTerminated"
"""The status of a proxy's connection that did not end gracefully. Source: App Mesh User Guide."""


def deeds(events: Iterable[Mapping[str, Any]], subjects: Subjects) -> tuple[Deed, ...]:
    """What was done, in the order of time, from events that are told newest first.

    An event that two accounts tell is there twice.
    """
    told = [*events][::-1]
    told.sort(key=lambda event: str(event.get("eventTime", "")))
    learned = _learned(told, subjects)
    named = ((event, subjects.of(event, learned)) for event in told)
    return tuple(_deed(event, resource) for event, resource in named if resource is not None)


def _learned(events: Iterable[Mapping[str, Any]], subjects: Subjects) -> Mapping[str, str]:
    """Labels by the ids that AWS answered to a creation, for what may be there no more."""
    made = [event for event in events if str(event.get("eventName", "")).startswith("Create")]
    found: dict[str, str] = {}
    # A thing made in another is told by its own name or by the other's id, in whatever order.
    for _ in ("the other", "the thing in it"):
        for event in made:
            label = subjects.of(event, found)
            if label is not None:
                found |= dict.fromkeys(answered(event), label)
    return found


def _deed(event: Mapping[str, Any], resource: str) -> Deed:
    identity = event.get("userIdentity") or {}
    who, session = caller_of(event)
    context = identity.get("sessionContext") or {}
    outcome, error = _outcome(event)
    service = str(event.get("eventSource", "")).partition(".")[0]
    name = str(event.get("eventName", ""))
    return Deed(
        time=str(event.get("eventTime", "")),
        account=str(event.get("recipientAccountId", "")),
        region=str(event.get("awsRegion", "")),
        who=who,
        session=session,
        caller=str(identity.get("arn", "")),
        # A proxy's role is its workload's.
        key="" if "serviceEventDetails" in event else str(identity.get("accessKeyId", "")),
        source_identity=str(context.get("sourceIdentity", "")),
        action=f"{service}:{name}",
        resource=resource,
        outcome=outcome,
        error=error,
        reads=_reads(event),
        event=str(event.get("eventID", "")),
    )


def _reads(event: Mapping[str, Any]) -> bool:
    """A proxy's connection is told as no read, but changes nothing."""
    return bool(event.get("readOnly")) or "serviceEventDetails" in event


def _outcome(event: Mapping[str, Any]) -> tuple[Outcome, str]:
    details = event.get("serviceEventDetails") or {}
    code, reason = str(event.get("errorCode", "")), str(details.get("failureReason", ""))
    if code:
        error = " ".join(f"{code}: {event.get('errorMessage', '')}".split()).rstrip(": ")
        return ("denied" if code.startswith(_DENIED) else "failed"), error
    if details.get("eventStatus") == _REFUSED:
        return ("denied" if reason.startswith(_DENIED) else "failed"), reason
    return "done", ""
