"""What a call was given and gave, as CloudTrail writes it: its own spelling, without secrets.

A value that botocore's model marks as sensitive is a secret. So are tokens, which the model does
not mark, and the external id of a role, which meshkit treats as one; AWS shows that id.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Final

from botocore.model import ListShape, MapShape, Shape, StructureShape

HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""Source: CloudTrail User Guide, record contents."""
_SECRET: Final = frozenset(
    {"ExternalId", "SAMLAssertion", "SessionToken", "TokenCode", "WebIdentityToken"}
)
_PAIR: Final = frozenset({"KeyValuePair"})
"""Shapes whose `value` is hidden: the environment of ECS containers."""


def told(value: Any, shape: Shape | None) -> Any:
    """Return a value of the API as CloudTrail writes it; members begin with a small letter."""
    if shape is None or value is None:
        return None
    if shape.metadata.get("sensitive"):
        return HIDDEN
    if isinstance(shape, StructureShape):
        return _structure(value, shape)
    if isinstance(shape, ListShape):
        return [told(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        return {key: told(item, shape.value) for key, item in value.items()}
    return _scalar(value)


def _structure(value: dict[str, Any], shape: StructureShape) -> dict[str, Any]:
    hidden = _SECRET | ({"value"} if shape.name in _PAIR else frozenset())
    return {
        name[0].lower() + name[1:]: HIDDEN if name in hidden else told(item, shape.members[name])
        for name, item in value.items()
        if name in shape.members
    }


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return HIDDEN if isinstance(value, bytes) else value
