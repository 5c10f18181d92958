"""Whether a statement lets a proxy read configurations beyond its own endpoints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

STREAM_ACTION = "appmesh:StreamAggregatedResources"


def beyond(
    own: Collection[str],
    *,
    actions: Collection[str] | None,
    not_actions: Collection[str] | None,
    resources: Collection[str] | None,
    not_resources: Collection[str] | None,
) -> str | None:
    """What of the resources on which ``STREAM_ACTION`` is allowed is not one of ``own``.

    ``None`` when nothing is, or the action is not allowed at all.
    """
    if actions is not None:
        if not any(covers(pattern, STREAM_ACTION) for pattern in actions):
            return None
    elif any(covers(pattern, STREAM_ACTION) for pattern in not_actions or ()):
        return None
    if not_resources is not None:
        return "all but not_resources"
    return next((text for text in resources or () if text not in own and _is_mesh(text)), None)


def covers(pattern: str, text: str) -> bool:
    """Whether a pattern of a policy matches a text, blind to case as IAM is for actions."""
    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regex, text, re.IGNORECASE) is not None


def _is_mesh(resource: str) -> bool:
    """Whether a resource can be one of App Mesh at all; a wildcard may hide the service."""
    head = resource.split(":")[:3]
    return len(head) < 3 or "*" in "".join(head[:2]) or covers(head[2], "appmesh")
