"""Each mistake planted on VPC Lattice is found with the right code, and with no other."""

from __future__ import annotations

import pytest

from meshkit.inspect.proof.lattice.codes import LATTICE_CODES
from tests.inspect.proof.lattice_mistakes import LATTICE_MISTAKES
from tests.inspect.proof.lattice_programs import ROLES, lattice_data, lattice_proof
from tests.inspect.proof.programs import codes


def test_the_mesh_without_mistakes_is_proven() -> None:
    proof = lattice_proof(lattice_data())
    assert codes(proof) == []
    assert proof.allowed == proof.expected
    named = {role: {proof.names[arn] for arn in proof.allowed[role]} for role in ROLES.values()}
    assert named == {
        ROLES["ledger"]: set(),
        ROLES["web"]: {"cart.local"},
        ROLES["cart"]: {"stock.local"},
        ROLES["stock"]: {"ledger.local"},
    }


@pytest.mark.parametrize("name", LATTICE_MISTAKES)
def test_a_mistake_is_found(name: str) -> None:
    mistake = LATTICE_MISTAKES[name]
    proof = lattice_proof(mistake.data, mistake.plant, file=mistake.file, edit=mistake.edit)
    told = "\n".join([*(f"{v.code} {v.message}" for v in proof.violations),
                      *(f"open {u.subject}: {u.message}" for u in proof.unknowns)])  # fmt: skip
    assert codes(proof) == mistake.codes, told


def test_every_kind_is_planted() -> None:
    planted = {code for mistake in LATTICE_MISTAKES.values() for code in mistake.codes}
    assert {each.code for each in LATTICE_CODES} <= planted
