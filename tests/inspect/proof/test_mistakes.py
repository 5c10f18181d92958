"""Each planted mistake is found with the right code, and with no other."""

from __future__ import annotations

import pytest

from tests.inspect.proof.mistakes import MISTAKES
from tests.inspect.proof.programs import codes, mesh_data, proof_of


def test_the_program_without_mistakes_is_proven() -> None:
    proof = proof_of(mesh_data())
    assert codes(proof) == []
    assert proof.ok
    assert proof.allowed == proof.expected
    assert len(proof.roles) == 5


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found(name: str) -> None:
    mistake = MISTAKES[name]
    proof = proof_of(mistake.data, mistake.plant, file=mistake.file)
    told = "\n".join([*(f"{v.code} {v.message}" for v in proof.violations),
                      *(f"open {u.subject}: {u.message}" for u in proof.unknowns)])  # fmt: skip
    assert codes(proof) == mistake.codes, told


def test_there_are_many_mistakes() -> None:
    assert len(MISTAKES) >= 40
