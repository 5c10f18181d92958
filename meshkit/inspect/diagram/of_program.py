"""The pictures of a program: its mesh files, and what it makes beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meshkit.inspect.diagram.of_graph import pictures_of_graph
from meshkit.inspect.diagram.of_mesh import picture_of_mesh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.graph import Graph
    from meshkit.inspect.diagram.picture import Picture
    from meshkit.topology.model import ResolvedMesh


def pictures_of_program(graph: Graph, meshes: Sequence[ResolvedMesh]) -> tuple[Picture, ...]:
    """A picture for each mesh file, with what the program adds to it, then for each other mesh."""
    made = {(each.mesh, each.owner): each for each in pictures_of_graph(graph)}
    pictures = []
    for mesh in meshes:
        picture, beside = picture_of_mesh(mesh), made.pop((mesh.name, mesh.owner.id), None)
        pictures.append(picture if beside is None else _with(picture, beside))
    return (*pictures, *made.values())


def _with(picture: Picture, made: Picture) -> Picture:
    """A picture with the boxes and edges that only the program has."""
    keys = {group.id: group.key for group in picture.groups}
    boxes = tuple(
        replace(box, group=keys.get(box.group, box.group))
        for box in made.boxes
        if box.key not in picture.by_key
    )
    new = {box.key for box in boxes}
    edges = tuple(edge for edge in made.edges if edge.source in new or edge.target in new)
    used = {box.group for box in boxes} - set(picture.group_names)
    groups = tuple(group for group in made.groups if group.key in used)
    return replace(
        picture,
        groups=(*picture.groups, *groups),
        boxes=(*picture.boxes, *boxes),
        edges=(*picture.edges, *edges),
    )
