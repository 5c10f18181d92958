"""What tags may be."""

from __future__ import annotations

from collections.abc import Mapping

from meshkit.local.services.vpclattice.quotas import TAGS_PER_RESOURCE
from meshkit.local.services.vpclattice.refusals import invalid


def checked(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags, or raise `ValidationException` (inferred) for what AWS refuses in every service.

    Source: AWS General Reference, "Tagging AWS resources".
    """
    if reserved := [key for key in tags if key.lower().startswith("aws:")]:
        raise invalid(f"Tag keys must not start with aws: {reserved[0]}")
    if len(tags) > TAGS_PER_RESOURCE:
        raise invalid(f"A resource has at most {TAGS_PER_RESOURCE} tags")
    return dict(tags)
