"""A mesh on VPC Lattice is not called proven, nor wrong, by what is known of App Mesh."""

from __future__ import annotations

import pytest

from meshkit import MeshkitError, SharedMesh
from meshkit.inspect.proof import prove
from tests.programs import run_program
from tests.topology.lattice.meshes import file, node, resolved


def test_a_mesh_on_lattice_is_left_open() -> None:
    sections = {"nodes": {"a": node()}, "services": {"a": {"node": "a"}}}
    graph = run_program(lambda: SharedMesh("shop", file(**sections)))
    with pytest.raises(MeshkitError, match="proves nothing"):
        prove(graph, [resolved(**sections)])
