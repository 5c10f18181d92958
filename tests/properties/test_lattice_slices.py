"""For any valid file on VPC Lattice, the slices are together the whole, in an order AWS takes.

Ids are made up as in AWS: every ARN that a slice does not make is told to it as other stacks would,
and none is used before the step in which it is made.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshkit import SharedMesh
from meshkit.topology.check import check
from meshkit.topology.lattice.compile import compile_lattice
from meshkit.topology.slices import PHASES, plan
from tests.programs import INVOKES, run_program
from tests.properties.lattice_meshes import lattice_meshes
from tests.properties.meshes import IDS, OWNER
from tests.properties.test_slices import IDENTITY, SHARE_ARN, Made, made

if TYPE_CHECKING:
    from meshkit.graph import Graph
    from meshkit.topology.slices import Plan

Arns = dict[str, str]
NETWORK = "aws:vpclattice/serviceNetwork:ServiceNetwork"
SERVICE = "aws:vpclattice/service:Service"
ROLE = "aws:iam/getRole:getRole"
RAM_SHARE = "aws:ram/resourceShare:ResourceShare"


@st.composite
def crossing_meshes(draw: st.DrawFn) -> dict[str, Any]:
    """A mesh on VPC Lattice whose network, services or both are shared, in any organization."""
    mesh: dict[str, Any] = draw(lattice_meshes())
    sharing = draw(st.sampled_from(("network", "services", "both")))
    mesh["lattice"] = {"sharing": sharing}
    if draw(st.booleans()):
        mesh["share"] = {
            "principals": [key for key in IDS if key != OWNER],
            "allow_external_principals": True,
            "accept": draw(st.booleans()),
        }
        mesh["accounts"]["billing"]["external"] = draw(st.booleans())
    if sharing == "services":
        mesh["share"].pop("principals")
        people = mesh["operators"].items()
        mesh["operators"] = {name: each for name, each in people if each["account"] == OWNER}
        for node in mesh["nodes"].values():
            if node["account"] != OWNER:
                node["backends"] = []
    return mesh


def program(mesh: dict[str, Any], arns: Arns, **chosen: Any) -> Graph:
    caller = mesh["accounts"][chosen.get("account", OWNER)]["id"]
    share_arn = SHARE_ARN if chosen.get("phase") == "foundation" else None
    return run_program(
        lambda: SharedMesh("mesh", mesh, share_arn=share_arn, arns=[arns], **chosen),
        invokes={**INVOKES, IDENTITY: {"accountId": caller}, ROLE: {"name": "found"}},
    )


def told(mesh: dict[str, Any], graph: Graph) -> Arns:
    """The ARNs that all slices tell, read off the whole."""
    (network,) = graph.of_type(NETWORK)
    found = {f"service network {mesh['name']}": network.outputs["arn"]}
    head = "mesh-services-"
    for share in graph.of_type(RAM_SHARE):
        if share.name.startswith(head):
            found[f"service share {share.name.removeprefix(head)}"] = share.outputs["arn"]
    by_name = {each.inputs["name"]: each.outputs["arn"] for each in graph.of_type(SERVICE)}
    lattice = compiled_names(mesh)
    return found | {f"service {key}": by_name[name] for key, name in lattice.items()}


def compiled_names(mesh: dict[str, Any]) -> dict[str, str]:
    services = compile_lattice(check(mesh, values={}).resolve()).services
    return {key: service.name for key, service in services.items()}


def assert_each_step_uses_only_what_is_there(
    order: Plan, slices: dict[str, Made], homes: dict[str, str]
) -> None:
    """``homes`` are the slices that make each ARN."""
    there: set[str] = set()
    for step in order.deploy:
        for each in step:
            text = json.dumps(list(slices[each.name].values()), default=str)
            used = {home for arn, home in homes.items() if f'{arn}"' in text or f"{arn}/" in text}
            assert used <= there | {each.name}, each.name
        there |= {each.name for each in step}


def assert_slices_add_up(mesh: dict[str, Any]) -> None:
    checked = check(mesh, values={})
    assert checked.ok, [str(each) for each in checked.findings]
    order = plan(checked.resolve())
    graph = program(mesh, {})
    arns, whole = told(mesh, graph), made(graph, IDS[OWNER])

    slices = {
        each.name: made(
            program(mesh, arns, account=each.account, phase=each.phase),
            mesh["accounts"][each.account]["id"],
        )
        for each in order.slices
    }
    counted = Counter(thing for found in slices.values() for thing in found)
    assert set(counted.values()) <= {1}, "two slices make the same"
    assert {thing: inputs for found in slices.values() for thing, inputs in found.items()} == whole
    homes = {
        arns[key]: each.name
        for each in order.slices
        for part in each.parts
        if (key := f"{part.kind} {part.name}") in arns
    }
    assert set(homes) == set(arns.values())
    assert_each_step_uses_only_what_is_there(order, slices, homes)

    by_phase: Made = {}
    for phase in PHASES:
        by_phase |= made(program(mesh, arns, phase=phase), IDS[OWNER])
    assert by_phase == whole


SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=15, **SETTINGS)  # type: ignore[arg-type]  # a mapping is untyped
@given(mesh=crossing_meshes())
def test_slices_add_up_to_the_whole_mesh_on_lattice(mesh: dict[str, Any]) -> None:
    assert_slices_add_up(mesh)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_slices_of_a_thousand_meshes_on_lattice_add_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = 0

    @settings(max_examples=1000, derandomize=False, **SETTINGS)  # type: ignore[arg-type]  # as above
    @given(mesh=crossing_meshes())
    def add_up(mesh: dict[str, Any]) -> None:
        nonlocal seen
        assert_slices_add_up(mesh)
        seen += 1

    add_up()
    assert seen >= 1000
    with capsys.disabled():
        print(f"\nslices of {seen} random meshes on VPC Lattice add up to the whole")  # noqa: T201
