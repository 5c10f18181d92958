"""The meshes of the examples, and meshes that people run, on VPC Lattice."""

from __future__ import annotations

import pytest

from tools.lattice_cases import CASES, cases, table


@pytest.mark.parametrize("name", cases())
def test_what_becomes_of_a_real_mesh_is_the_golden_table(name: str) -> None:
    written = (CASES / f"{name}.txt").read_text("utf-8")
    assert written == table(*cases()[name]), "run python -m tools.lattice_cases and read the diff"


def test_every_table_has_its_mesh() -> None:
    assert {path.stem for path in CASES.glob("*.txt")} == set(cases())
