"""The texts that a file leaves open, filled from where confirmation runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred
from meshkit.inspect.confirm.remark import CantTellError, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.deferred import Hole

Text = str | Deferred


class Texts:
    """Fills ``${account}``, ``${partition}``, ``${region}`` and ``${env.NAME}``.

    What came from the environment is a secret: `hide` takes it out of what will be printed.
    """

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def filled(self, text: Text, context: Mapping[str, str]) -> Text:
        """The text with every hole filled that can be."""
        if isinstance(text, str):
            return text
        return text.fill(lambda hole: self._value(hole, context))

    def known(self, text: Text, context: Mapping[str, str], what: str) -> str:
        """The text. Raises ``CantTellError`` where a part of it is not known here."""
        filled = self.filled(text, context)
        if isinstance(filled, str):
            return filled
        wanted = ", ".join(dict.fromkeys(_how_to_give(hole) for hole in filled.holes))
        raise CantTellError(unknown(f"{what} is {filled}, not known here: {wanted}"))

    def hide(self, line: str) -> str:
        """The line with the names of secrets in their place."""
        for secret, name in list(self._secrets.items()):
            line = line.replace(secret, name)
        return line

    def _value(self, hole: Hole, context: Mapping[str, str]) -> str | None:
        if hole.kind == "context":
            return context.get(hole.name)
        if hole.kind == "env" and (secret := os.environ.get(hole.name)):
            self._secrets[secret] = repr(hole)
            return secret
        return None


def _how_to_give(hole: Hole) -> str:
    if hole.kind == "env":
        return f"set {hole.name} in the environment"
    return f"give --var {hole.name}=…"
