"""The time in the local cloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone


class Clock:
    """The real time, or an instant at which it was stopped."""

    def __init__(self) -> None:
        self._stopped: datetime | None = None

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self._stopped or datetime.now(timezone.utc)

    @contextmanager
    def stopped(self, instant: datetime) -> Iterator[None]:
        """Let it be `instant` (in UTC) for the length of a `with` block."""
        before, self._stopped = self._stopped, instant
        try:
            yield
        finally:
            self._stopped = before


CLOCK = Clock()
"""The clock of every service."""


def now() -> datetime:
    """Return the time in the local cloud, in UTC."""
    return CLOCK.now()
