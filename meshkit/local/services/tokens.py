"""Client tokens: a request that is sent again is not carried out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from meshkit.local.services.clock import now
from meshkit.local.services.errors import ApiError

Answer = dict[str, Any]

KEPT_FOR = timedelta(hours=24)
"""How long a token is remembered. Inferred: neither App Mesh nor RAM documents it."""


class Tokens:
    """The client tokens of one account and region, with what was asked and answered."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[datetime, Answer, Answer]] = {}

    def once(
        self, name: tuple[str, str], asked: Answer, conflict: str, run: Callable[[], Answer]
    ) -> Answer:
        """Return what `run` returns, or what it returned when the token came before.

        `name` is the operation and the token. Raises an `ApiError` of the code `conflict` for a
        token that came with other parameters. A request that failed is not remembered.
        """
        self._forget_old()
        if name in self._known:
            _, asked_before, answer = self._known[name]
            if asked != asked_before:
                message = f"Client token {name[1]} was used before with other parameters."
                raise ApiError(conflict, message)
            return answer
        answer = run()
        self._known[name] = (now(), asked, answer)
        return answer

    def _forget_old(self) -> None:
        # Oldest first: a dictionary keeps the order of its entries.
        horizon = now() - KEPT_FOR
        while self._known:
            oldest = next(iter(self._known))
            if self._known[oldest][0] > horizon:
                return
            del self._known[oldest]
