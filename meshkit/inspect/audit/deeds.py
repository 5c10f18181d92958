"""From events of CloudTrail to what was done to a mesh, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshkit.inspect.audit.model import Deed, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from meshkit.inspect.audit.subjects import Subjects

_DENIED: Final = ("AccessDenied", "Forbidden", "Unauthorized")
"""How the codes and reasons of denials begin."""
_REFUSED: Final = "ConnectionTerminated"
"""The status of a proxy's connection that did not end gracefully. Source: App Mesh User Guide."""


def deeds(events: Iterable[Mapping[str, Any]], subjects: Subjects) -> tuple[Deed, ...]:
    """What was done, in the order of time; an event that two accounts tell is there twice."""
    return tuple(sorted(_deeds(events, subjects), key=lambda deed: (deed.time, deed.event)))


def _deeds(events: Iterable[Mapping[str, Any]], subjects: Subjects) -> Iterator[Deed]:
    for event in events:
        resource = subjects.of(event)
        if resource is not None:
            yield _deed(event, resource)


def _deed(event: Mapping[str, Any], resource: str) -> Deed:
    identity = event.get("userIdentity") or {}
    who, session = _who(identity)
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
        action=f"{service}:{name}",
        resource=resource,
        outcome=outcome,
        error=error,
        reads=_reads(event),
        event=str(event.get("eventID", "")),
    )


def _who(identity: Mapping[str, Any]) -> tuple[str, str]:
    kind = identity.get("type")
    if kind == "AssumedRole":
        # arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
        parts = str(identity.get("arn", "")).split("/")
        return f"role {parts[1] if len(parts) > 1 else '?'}", "/".join(parts[2:])
    if kind == "IAMUser":
        return f"user {identity.get('userName', '?')}", ""
    if kind == "Root":
        return "root", ""
    return f"service {identity.get('invokedBy', kind or '?')}", ""


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
