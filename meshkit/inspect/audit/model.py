"""One thing that somebody did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["done", "failed", "denied"]


@dataclass(frozen=True, slots=True)
class Deed:
    """A call that names something of the mesh, or a proxy's connection."""

    time: str
    """In UTC, as ``2026-11-22T12:00:00Z``."""
    account: str
    """Id of the account whose event it is."""
    region: str
    who: str
    """``role NAME``, ``user NAME``, ``service NAME``, ``account ID`` or ``root``."""
    session: str
    """Name of the role's session; empty for others."""
    caller: str
    """ARN of the caller, as far as CloudTrail tells it."""
    key: str
    """Id of the access key; that of a session leads to who began it."""
    source_identity: str
    """What the session says of who is behind it, whatever roles were taken; mostly empty."""
    action: str
    """``appmesh:UpdateRoute``."""
    resource: str
    """What of the mesh it was about: ``route catalog/canary``."""
    outcome: Outcome
    error: str
    """Code and message of a refusal or failure; empty for what was done."""
    reads: bool
    """Whether it only looked."""
    event: str
    """Id of the event."""
    taken_by: tuple[str, ...] = ()
    """Who took the role, who took the role of that one, and so on; empty where no event tells."""
