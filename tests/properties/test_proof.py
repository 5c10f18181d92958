"""Any valid mesh file is proven from a preview, and no mistake in one of its roles is passed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import meshkit
from meshkit.graph import Graph
from meshkit.inspect.places import Place, placed
from meshkit.inspect.proof import prove
from meshkit.topology.check import check
from tests.programs import run_program
from tests.properties.meshes import meshes

POLICY = "aws:iam/rolePolicy:RolePolicy"
STREAM = "appmesh:StreamAggregatedResources"


def previewed(mesh: dict[str, Any]) -> Graph:
    seen = run_program(lambda: meshkit.SharedMesh("shop", mesh), preview=True)
    owner = mesh["accounts"][mesh["owner"]]["id"]
    return placed(seen, Place(owner, mesh["region"]))


@settings(max_examples=20)
@given(mesh=meshes(), data=st.data())
def test_a_mesh_is_proven_and_a_wider_role_is_not(
    mesh: dict[str, Any], data: st.DataObject
) -> None:
    resolved = check(mesh).resolve()
    graph = previewed(mesh)
    proof = prove(graph, [resolved])
    assert (proof.violations, proof.unknowns) == ((), ())
    assert proof.allowed == proof.expected
    policies = graph.of_type(POLICY)
    chosen = data.draw(st.sampled_from(policies))
    document = json.loads(chosen.inputs["policy"])
    wide = data.draw(st.sampled_from(["*", "arn:aws*:appmesh:*:*:mesh/*", "arn:*"]))
    document["Statement"].append({"Effect": "Allow", "Action": STREAM, "Resource": wide})
    widened = replace(chosen, inputs={**chosen.inputs, "policy": json.dumps(document)})
    mistaken = Graph(tuple(widened if each is chosen else each for each in graph))
    assert {each.code for each in prove(mistaken, [resolved]).violations} == {"MP103"}
