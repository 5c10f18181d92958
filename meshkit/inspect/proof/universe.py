"""All endpoints that matter: those that the program makes and those of the mesh files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshkit.graph import Resource
    from meshkit.inspect.access import Access
    from meshkit.topology.model import Endpoint as FileEndpoint
    from meshkit.topology.model import ResolvedMesh

_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):appmesh:(?P<region>[^:]*):(?P<account>[^:]*):"
    r"mesh/(?P<mesh>[^/]+)/(?P<kind>virtualNode|virtualGateway)/(?P<name>[^/]+)"
)


@dataclass(frozen=True)
class Place:
    """What an endpoint's ARN tells."""

    account: str
    region: str
    partition: str
    mesh: str
    """Name of the mesh."""
    owner: str
    """Account of the mesh owner."""
    kind: str
    name: str


def place_of(arn: str) -> Place | None:
    """What the ARN of an endpoint tells; ``None`` for anything else."""
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    mesh, _, owner = match["mesh"].partition("@")
    account = match["account"]
    return Place(
        account=account,
        region=match["region"],
        partition=match["partition"],
        mesh=mesh,
        owner=owner or account,
        kind=match["kind"],
        name=match["name"],
    )


@dataclass(frozen=True)
class Target:
    """One endpoint that roles may or may not read."""

    arn: str
    place: Place
    made: Resource | None
    """What makes it; ``None`` where only a mesh file names it."""
    mesh: ResolvedMesh | None = None
    declared: FileEndpoint | None = None
    """What the mesh file says of it; ``None`` for one that stands only in the program."""


def targets_of(access: Access, meshes: Sequence[ResolvedMesh]) -> dict[str, Target]:
    """Every endpoint by its ARN: those of the program first, then what only files name."""
    from_files = dict(_from_files(meshes))
    found: dict[str, Target] = {}
    for endpoint in access.endpoints:
        mesh, declared = from_files.get(endpoint.arn, (None, None))
        place = place_of(endpoint.arn)
        if place is not None:
            found[endpoint.arn] = Target(endpoint.arn, place, endpoint.resource, mesh, declared)
    for arn, (mesh, declared) in from_files.items():
        place = place_of(arn)
        if arn not in found and place is not None:
            found[arn] = Target(arn, place, None, mesh, declared)
    return found


def _from_files(
    meshes: Sequence[ResolvedMesh],
) -> Iterator[tuple[str, tuple[ResolvedMesh, FileEndpoint]]]:
    for mesh in meshes:
        endpoints: tuple[FileEndpoint, ...] = (*mesh.nodes.values(), *mesh.gateways.values())
        for endpoint in endpoints:
            yield endpoint.arn, (mesh, endpoint)
