"""Pictures of what the Pulumi engine said: values that are not known yet hide no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.inspect.diagram.of_graph import pictures_of_graph
from meshkit.inspect.diagram.of_mesh import picture_of_mesh
from meshkit.inspect.diagram.of_program import pictures_of_program
from meshkit.inspect.preview import graph_of_preview
from meshkit.inspect.state import graph_of_state
from tests.inspect import recordings

if TYPE_CHECKING:
    from meshkit.graph import Graph

KINDS = {"preview": graph_of_preview, "state": graph_of_state}
WITH_FILE = [name for name in recordings.NAMES if recordings.meshes(name)]


def recorded(name: str, kind: str) -> Graph:
    return KINDS[kind](recordings.text(name, kind), account=recordings.ACCOUNT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", WITH_FILE)
def test_a_recorded_program_shows_what_its_file_shows(name: str, kind: str) -> None:
    (mesh,) = recordings.meshes(name)
    (made,) = pictures_of_graph(recorded(name, kind))
    picture = picture_of_mesh(mesh)
    ids = {group.key: group.id for group in picture.groups}

    assert {(box.key, box.group, box.services) for box in made.boxes} == {
        (box.key, ids[box.group], box.services) for box in picture.boxes
    }
    assert set(made.edges) == set(picture.edges)
    assert (made.mesh, made.owner, made.region) == (mesh.name, mesh.owner.id, mesh.region)
    assert (made.sharing is None) == (picture.sharing is None)
    if made.sharing and picture.sharing:
        assert len(made.sharing.principals) == len(picture.sharing.principals)


@pytest.mark.parametrize("kind", KINDS)
def test_a_program_by_hand_is_drawn_from_what_it_registered(kind: str) -> None:
    (made,) = pictures_of_graph(recorded("components", kind))

    assert {(edge.source, edge.target) for edge in made.edges} == {
        ("gateway/edge", "router/web"),
        ("router/web", "node/web"),
        ("node/web", "node/legacy"),
    }
    assert made.sharing is not None
    assert made.sharing.principals == ("222222222222",)


@pytest.mark.parametrize("kind", KINDS)
def test_file_and_program_together_show_each_part_once(kind: str) -> None:
    meshes = recordings.meshes("shared-mesh")

    pictures = pictures_of_program(recorded("shared-mesh", kind), meshes)

    assert pictures == tuple(map(picture_of_mesh, meshes))
