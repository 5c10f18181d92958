"""The mesh files that a program deploys, found the way the program finds them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from meshkit.errors import UnreadableError
from meshkit.inspect.access.guarded import NETWORK, SERVICE
from meshkit.topology.check import check
from meshkit.topology.lattice.compile import compile_lattice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from meshkit.config.load import Source
    from meshkit.graph import Graph
    from meshkit.topology.check import Checked
    from meshkit.topology.model import ResolvedMesh

SHARED_MESH: Final = "meshkit:index:SharedMesh"
MESH_FILE: Final = "mesh.yaml"


def mesh_files(
    folder: Path | None,
    config: Mapping[str, str],
    given: Sequence[Source] = (),
    values: Mapping[str, Any] | None = None,
) -> tuple[Checked, ...]:
    """The mesh files given, else that of the stack's configuration, else ``mesh.yaml``.

    ``folder`` is the program's; ``None`` for one without. ``values`` fill ``${var.NAME}``. Raises
    ``UnreadableError`` for a file that can't be read.
    """
    if given:
        return tuple(check(source, values=values) for source in given)
    inline, file = config.get("meshkit:mesh"), config.get("meshkit:file")
    if inline is not None:
        return (check(_mapping(inline), values=values, called="meshkit:mesh"),)
    if folder is None:
        return ()
    path = folder / (file or MESH_FILE)
    if file is None and not path.is_file():
        return ()
    return (check(path, values=values),)


def _mapping(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise UnreadableError("meshkit:mesh of the stack's configuration is no mapping")
    return data


_NAMED: Final = ("aws:appmesh/mesh:Mesh", NETWORK, SERVICE)
"""What of a mesh has a name that its file tells."""


def _names(mesh: ResolvedMesh) -> Iterator[str]:
    if mesh.config.data_plane == "app-mesh":
        yield mesh.name
        return
    lattice = compile_lattice(mesh)
    yield lattice.network
    yield from (service.name for service in lattice.services.values())


def mesh_without_file(graph: Graph, meshes: Sequence[ResolvedMesh]) -> tuple[str, str] | None:
    """A ``SharedMesh`` whose file is not among ``meshes``: its name in the stack and its mesh.

    Nothing says what such a mesh may do, so it must not count as proven.
    """
    known = {name for mesh in meshes for name in _names(mesh)}
    for component in graph.of_type(SHARED_MESH):
        names = {
            str(each.inputs.get("meshName") or each.inputs.get("name"))
            for each in graph.children(component.urn)
            if each.type in _NAMED or "meshName" in each.inputs
        }
        if names and not names & known:
            return component.name, min(names)
    return None
