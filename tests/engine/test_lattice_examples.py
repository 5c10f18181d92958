"""Mesh files of examples for App Mesh, on VPC Lattice under the real engine.

Each is the example's own file with another data plane, what it loses accepted, and VPCs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.engine.harness import Engine
from tests.engine.lives import Edits, goes_through_its_life
from tests.lattice.test_examples import PROGRAM, VALUES, on_lattice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

EXAMPLES = {
    "ec2-fleet": Edits(("path: /ready", "path: /live"), ("name: fleet\n", "name: flock\n")),
    "ecs-cross-account": Edits(
        ("owner: backend\n", "owner: backend\ntags: {team: mesh}\n"), ("name: yelb\n", "name: y\n")
    ),
    "eks-irsa": Edits(("path: /health", "path: /live"), ("name: bookinfo\n", "name: books\n")),
    "shared-mesh": Edits(("path: /healthz", "path: /live"), ("name: shop\n", "name: store\n")),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_goes_through_its_life_on_lattice(
    engine: Engine,
    tmp_path: Path,
    example: str,
    record_property: Callable[[str, object], None],
) -> None:
    folder = tmp_path / f"{example}-on-lattice"
    folder.mkdir()
    (folder / "mesh.yaml").write_text(yaml.safe_dump(on_lattice(example)))
    (folder / "Pulumi.yaml").write_text("name: lattice\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM.format(values=VALUES.get(example)))
    record_property("engine", goes_through_its_life(engine, folder, EXAMPLES[example]))
