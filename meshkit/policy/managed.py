"""AWS's own managed policies, as far as they are about the services a mesh uses."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any

SERVICES = ("acm", "acm-pca", "appmesh", "xray")
"""The services that proxies use: statements about these are known, and no others."""

_ARN = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/(.+)")


def is_managed_by_aws(arn: str) -> bool:
    """Whether a policy is one of AWS's own."""
    return _ARN.fullmatch(arn) is not None


def managed_statements(arn: str) -> list[dict[str, Any]] | None:
    """What a policy of AWS says about ``SERVICES``; ``None`` for one that is not known.

    An empty list means that it says nothing about them. Actions of other services are left out.
    """
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    relevant, others = _known()
    return [] if match[1] in others else relevant.get(match[1])


@cache
def _known() -> tuple[dict[str, list[dict[str, Any]]], frozenset[str]]:
    text = resources.files(__package__).joinpath("managed_policies.json").read_text("utf-8")
    content = json.loads(text)
    return content["relevant"], frozenset(content["others"])
