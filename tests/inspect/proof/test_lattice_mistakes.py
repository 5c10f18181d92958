"""Each mistake planted on VPC Lattice is found with the right code, and with no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from meshkit.inspect.mesh_files import mesh_without_file
from meshkit.inspect.proof import prove
from meshkit.inspect.proof.lattice.codes import LATTICE_CODES
from meshkit.topology.check import check
from tests.inspect.proof.lattice_mistakes import LATTICE_MISTAKES, access_key, second_network
from tests.inspect.proof.lattice_programs import (
    ROLES,
    VPCS,
    changed,
    lattice_data,
    lattice_proof,
)
from tests.inspect.proof.programs import NETWORK, codes, deployed, previewed, program_of

if TYPE_CHECKING:
    import meshkit


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


def test_callers_in_shared_subnets_are_proven() -> None:
    def share_subnets(data: dict[str, Any]) -> None:
        data["accounts"]["orders"]["vpc_id"] = VPCS[NETWORK]

    found = lattice_proof(changed(share_subnets))

    assert (found.violations, found.unknowns) == ((), ())


def test_every_kind_is_planted() -> None:
    planted = {code for mistake in LATTICE_MISTAKES.values() for code in mistake.codes}
    assert {each.code for each in LATTICE_CODES} <= planted


def test_a_mesh_without_its_file_is_told() -> None:
    graph = deployed(program_of(lattice_data()))
    other = check({**lattice_data(), "name": "store"}).resolve()
    found = mesh_without_file(graph, [other])
    assert found is not None
    assert found[0] == "shop"
    assert mesh_without_file(graph, [check(lattice_data()).resolve()]) is None


def test_before_the_deployment_what_waits_for_ids_is_open() -> None:
    mesh = check(lattice_data()).resolve()
    proof = prove(previewed(program_of(lattice_data())), [mesh])
    assert not proof.violations
    open_ = {each.subject.rpartition("/")[2] for each in proof.unknowns}
    assert {role.rpartition("/")[2] for role in ROLES.values() if "ledger" not in role} <= open_
    assert "shop-ledger" not in open_


def test_before_the_deployment_what_is_known_is_judged() -> None:
    def plant(mesh: meshkit.SharedMesh) -> None:
        access_key(mesh)
        second_network("NONE")(mesh)

    mesh = check(lattice_data()).resolve()
    proof = prove(previewed(program_of(lattice_data(), plant)), [mesh])
    assert {each.code for each in proof.violations} == {"MP401", "MP503", "MP510"}
