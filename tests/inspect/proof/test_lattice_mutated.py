"""Whatever stands in a resource of VPC Lattice: a proof, and never a traceback."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from meshkit.cli.proof_text import lines_of
from meshkit.graph import UNKNOWN, Graph, Secret
from meshkit.inspect.proof import prove
from meshkit.topology.check import check
from tests.inspect.proof.lattice_programs import lattice_data, lattice_graph
from tests.inspect.test_mutated_graphs import JUNK, paths

if TYPE_CHECKING:
    from meshkit.graph import Resource

SEEDS = 300
ODD = (*JUNK, UNKNOWN, Secret("x"), Secret(UNKNOWN))


def mutated(graph: Graph, seed: int) -> Graph:
    """The graph with something else in one input or output of a part of VPC Lattice."""
    chance = random.Random(seed)
    parts = [each for each in graph if each.type.startswith("aws:vpclattice/")]
    chosen = chance.choice(parts)
    return Graph(tuple(_changed(each, chance) if each is chosen else each for each in graph))


def _changed(resource: Resource, chance: random.Random) -> Resource:
    side = chance.choice(("inputs", "outputs"))
    found: Any = copy.deepcopy(dict(getattr(resource, side)))
    *way, last = chance.choice([path for path in paths(found) if path])
    at = found
    for key in way:
        at = at[key]
    if chance.random() < 0.3:
        del at[last]
    else:
        at[last] = chance.choice(ODD)
    return replace(resource, **{side: found})


def test_a_mutated_mesh_is_judged() -> None:
    graph, mesh = lattice_graph(), check(lattice_data()).resolve()
    unnoticed = 0
    for seed in range(SEEDS):
        proof = prove(mutated(graph, seed), [mesh])
        assert list(lines_of(proof)), seed
        unnoticed += proof.ok
    assert 0 < unnoticed < SEEDS
