"""Texts of a policy with policy variables, and what they become for a request.

Source: IAM User Guide, IAM policy elements: Variables and tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.policy.evaluation.errors import Undecidable
from meshkit.policy.pattern import Pattern, pattern_of, tokens_of

if TYPE_CHECKING:
    from meshkit.policy.evaluation.context import Context
    from meshkit.policy.pattern import Token

WITH_VARIABLES = "2012-10-17"
"""The version of the policy language that has variables; in others they are plain text."""

_VARIABLE = re.compile(
    r"\$\{(?:(?P<char>[*?$])|(?P<key>[^{}$',*?]+?)(?:,\s*'(?P<default>[^']*)')?)\}"
)


@dataclass(frozen=True, slots=True)
class Variable:
    """``${key}`` or ``${key, 'default'}``."""

    key: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """One text of a policy."""

    text: str
    constant: Pattern | None
    """What it always is, where it has no variable."""
    parts: tuple[Token | Variable, ...] = ()
    """What it is made of; none where it has a ``${`` that is no variable."""

    def resolve(self, context: Context) -> Pattern | None:
        """Its pattern for a request; ``None`` where the request lacks a key without a default.

        What a variable stands for has no wildcards. Raises ``Undecidable`` for a key of several
        values or one that may or may not be there, and for a ``${`` that is no variable.
        """
        if self.constant is not None:
            return self.constant
        if not self.parts:
            raise Undecidable(f'"{self.text}" has a "${{" that is no policy variable')
        tokens: list[Token] = []
        for part in self.parts:
            if not isinstance(part, Variable):
                tokens.append(part)
                continue
            value = _value(part, context)
            if value is None:
                return None
            tokens.append(value)
        return Pattern(tuple(token for token in tokens if token))


def template(text: str, *, variables: bool) -> Template:
    """The template of a text, where ``variables`` says whether its policy has them."""
    if not variables or "${" not in text:
        return Template(text, pattern_of(text))
    parts: list[Token | Variable] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        parts += tokens_of(text[position : found.start()])
        char, key, default = found["char"], found["key"], found["default"]
        parts.append(char or Variable(key.strip(), default))
        position = found.end()
    parts += tokens_of(text[position:])
    if "${" in _VARIABLE.sub("", text):
        return Template(text, None)
    if any(isinstance(part, Variable) for part in parts):
        return Template(text, None, tuple(parts))
    return Template(text, Pattern(tuple(part for part in parts if not isinstance(part, Variable))))


def _value(variable: Variable, context: Context) -> str | None:
    values = context.values(variable.key)
    if not values:
        return variable.default
    if len(values) > 1:
        raise Undecidable(
            f'"{variable.key}" has several values, and IAM takes none of these as a variable'
        )
    return values[0]
