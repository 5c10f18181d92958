"""Which outputs of a resource must stay secret because its inputs were."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from meshkit.graph import Secret, has_secret, secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


VOCABULARY: Final = frozenset({"", "*", "2012-10-17", "Allow", "Deny"})
"""Words of every policy, which tell nothing."""


def hide(
    outputs: Mapping[str, Any], inputs: Mapping[str, Any], names: Iterable[str] = ()
) -> dict[str, Any]:
    """Return outputs with those marked that are, or repeat, a secret input, and those of `names`.

    An ARN has the name in it, `tagsAll` has the tags.
    """
    hidden = {key for key, value in inputs.items() if has_secret(value)} | set(names)
    told = secret_texts(inputs)
    return {
        key: Secret(value) if key in hidden or _tells(value, told) else value
        for key, value in outputs.items()
    }


def secret_texts(value: Any) -> list[str]:
    """Return every text that is secret in `value`."""
    return [text for secret in secrets(value) for text in _texts(secret.value) if text]


def secret_pieces(value: Any) -> list[str]:
    """Return every text that is secret in `value`, and the texts inside one that is JSON.

    AWS quotes parts of a policy in its messages.
    """
    found = secret_texts(value)
    return found + [piece for text in found for piece in _inside(text) if piece not in VOCABULARY]


def _inside(text: str) -> list[str]:
    try:
        return _texts(json.loads(text)) if text[:1] in ("{", "[") else []
    except ValueError:
        return []


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Secret):
        return _texts(value.value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _texts(item)]


def _tells(value: Any, told: list[str]) -> bool:
    return any(secret in text for secret in told for text in _texts(value))
