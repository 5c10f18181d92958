"""The same mesh on App Mesh and on VPC Lattice, side by side in one cloud."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import meshkit
from meshkit.inspect.proof import prove
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.topology.check import check

if TYPE_CHECKING:
    from meshkit.graph import Graph

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "migrate"
FILES = ("mesh.yaml", "lattice.yaml")


@pytest.fixture(scope="module")
def both() -> Graph:
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        made = run(EXAMPLE, cloud=cloud)
    assert made.ok, made.failures
    return made.graph


def test_no_name_is_taken_twice(both: Graph) -> None:
    names = Counter(
        (each.type, each.account, str(each.inputs["name"]).lower())
        for each in both
        if each.custom and "name" in each.inputs and each.type.startswith(("aws:iam/", "aws:ram/"))
        and not each.type.endswith("Policy")
    )  # fmt: skip
    assert names
    assert set(names.values()) == {1}


def test_both_are_proven(both: Graph) -> None:
    meshes = [check(EXAMPLE / name).resolve() for name in FILES]
    proof = prove(both, meshes)
    assert proof.ok, (proof.violations, proof.unknowns)
    readers = {role for role in proof.roles if any(":appmesh:" in x for x in proof.allowed[role])}
    callers = {role for role in proof.roles if proof.allowed[role]} - readers
    assert len(readers) == 3
    assert len(callers) == 1


def test_taking_the_old_one_away_leaves_the_new_one(both: Graph) -> None:
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        alone = run(_new, cloud=cloud).graph
    names = {each.name for each in both.children(_urn(both))}
    assert {each.name for each in alone.children(_urn(alone))} == names


def _new() -> None:
    meshkit.SharedMesh("shop-lattice", str(EXAMPLE / "lattice.yaml"))


def _urn(graph: Graph) -> str:
    found = graph.of_type("meshkit:index:SharedMesh")
    return next(each.urn for each in found if each.name == "shop-lattice")


def test_proxies_leave_calls_of_lattice_alone() -> None:
    mesh = check(EXAMPLE / "mesh.yaml").resolve()
    ignored = {node.proxy.egress_ignored_ips for node in mesh.nodes.values()}
    assert ignored == {("169.254.171.0/24",)}
