"""AWS's own managed policies in full: a proof reads of them only what is about meshes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from moto.iam.aws_managed_policies import aws_managed_policies_data

if TYPE_CHECKING:
    from meshkit.inspect.access import Access, PolicySource

_ARN: Final = re.compile(r"arn:aws[a-z-]*:iam::aws:policy(?P<path>/(?:.+/)?)(?P<name>[^/]+)")


def with_whole_policies(access: Access) -> Access:
    """The same access, with all that the policies of AWS say."""
    identities = tuple(
        replace(
            each,
            policies=tuple(map(_whole, each.policies)),
            boundary=_whole(each.boundary) if each.boundary else None,
        )
        for each in access.identities
    )
    return replace(access, identities=identities)


def _whole(source: PolicySource) -> PolicySource:
    match = _ARN.fullmatch(source.name)
    known = _known().get(match["name"]) if match else None
    if match is None or known is None or known["Path"] != match["path"]:
        return source
    return replace(source, document=known["Document"])


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(aws_managed_policies_data)
    return known
