"""Reading the ARNs that the tag operations take."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meshkit.local.services.appmesh.kinds import KINDS
from meshkit.local.services.appmesh.resource import Path
from meshkit.local.services.errors import ApiError

_ARN = re.compile(
    r"arn:[^:]+:appmesh:(?P<region>[^:]+):(?P<owner>\d{12}):"
    r"mesh/(?P<mesh>[^/@]+)(?:@(?P<mesh_owner>\d{12}))?(?P<rest>(?:/[^/]+/[^/]+)*)"
)
_LINEAGES = {tuple(kind.name for kind in kind.lineage) for kind in KINDS}


@dataclass(frozen=True)
class ParsedArn:
    """The parts of an App Mesh ARN; `mesh_owner` is the owner's when the ARN names no other."""

    region: str
    owner: str
    mesh_owner: str
    path: Path


def parse_arn(arn: str) -> ParsedArn:
    """Return the parts of an ARN; raise `BadRequestException` (inferred) for another text."""
    match = _ARN.fullmatch(arn)
    if match:
        path = ("mesh", match["mesh"], *filter(None, match["rest"].split("/")))
        if path[::2] in _LINEAGES:
            mesh_owner = match["mesh_owner"] or match["owner"]
            return ParsedArn(match["region"], match["owner"], mesh_owner, path)
    raise ApiError("BadRequestException", f"{arn} is not the ARN of an App Mesh resource")
