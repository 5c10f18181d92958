"""For any valid file, the slices are together the whole mesh, and their order is one AWS takes.

What refers to what is read here from the inputs of the resources, not from meshkit's own plan.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from meshkit import SharedMesh
from meshkit.topology.check import check
from meshkit.topology.slices import PHASES, plan
from tests.programs import INVOKES, run_program
from tests.properties.meshes import OWNER
from tests.properties.shared_meshes import shared_meshes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.graph import Graph, Resource
    from meshkit.topology.slices import Plan

SHARE_ARN = "arn:aws:mock:::ResourceShare/mesh-share"
"""The ARN that the mock engine gives to the share of the mesh."""
KINDS = ("Mesh", "VirtualNode", "VirtualRouter", "VirtualService", "VirtualGateway")
FOUND = {f"aws:appmesh/get{kind}:get{kind}": {"id": "found"} for kind in KINDS}
IDENTITY = "aws:index/getCallerIdentity:getCallerIdentity"

Thing = tuple[str, str, str]
"""Account, type and name in the stack of a resource."""
Made = dict[Thing, dict[str, Any]]


def made(graph: Graph, caller: str) -> Made:
    found: Made = {}
    for resource in graph:
        if resource.custom and not resource.type.startswith("pulumi:"):
            thing = (account_of(graph, resource, caller), resource.type, resource.name)
            assert thing not in found
            found[thing] = dict(resource.inputs)
    return found


def account_of(graph: Graph, resource: Resource, caller: str) -> str:
    if resource.provider is None:
        return caller
    (account,) = json.loads(graph[resource.provider].inputs["allowedAccountIds"])
    return str(account)


def deployed(mesh: dict[str, Any], **chosen: Any) -> Made:
    caller = mesh["accounts"][chosen.get("account", OWNER)]["id"]
    made_here = chosen.get("phase") == "foundation" and "arn" not in mesh["share"]
    share_arn = SHARE_ARN if made_here else None
    graph = run_program(
        lambda: SharedMesh("mesh", mesh, share_arn=share_arn, **chosen),
        invokes={**INVOKES, **FOUND, IDENTITY: {"accountId": caller}},
    )
    return made(graph, caller)


def targets(inputs: Any) -> Iterator[str]:
    """The names of nodes, routers and services that the spec of a resource refers to."""
    if isinstance(inputs, dict):
        for key, value in inputs.items():
            if key in ("virtualNodeName", "virtualServiceName", "virtualRouterName") or (
                key == "virtualNode" and isinstance(value, str)
            ):
                yield f"{key.removesuffix('Name')} {value}"
            else:
                yield from targets(value)
    elif isinstance(inputs, list):
        for each in inputs:
            yield from targets(each)


def label(thing: Thing, inputs: dict[str, Any]) -> str:
    kind = thing[1].partition("/")[2].partition(":")[0]
    return f"{kind} {inputs.get('name')}"


def assert_each_step_finds_what_it_refers_to(order: Plan, slices: dict[str, Made]) -> None:
    there: set[str] = set()
    for step in order.deploy:
        own = {each.name: slices[each.name] for each in step}
        labels = {name: {label(*item) for item in found.items()} for name, found in own.items()}
        for name, found in own.items():
            needed = {target for thing, inputs in found.items()
                      if "appmesh" in thing[1] for target in targets(inputs)}  # fmt: skip
            assert needed <= there | labels[name], name
        there = there.union(*labels.values())


def assert_slices_add_up(mesh: dict[str, Any]) -> None:
    checked = check(mesh, values={})
    assert checked.ok, [str(each) for each in checked.findings]
    order = plan(checked.resolve())

    whole = deployed(mesh)
    slices = {
        each.name: deployed(mesh, account=each.account, phase=each.phase) for each in order.slices
    }
    counted = Counter(thing for found in slices.values() for thing in found)
    assert set(counted.values()) <= {1}, "two slices make the same"
    assert {thing: inputs for found in slices.values() for thing, inputs in found.items()} == whole
    assert_each_step_finds_what_it_refers_to(order, slices)

    by_phase: Made = {}
    for phase in PHASES:
        by_phase |= deployed(mesh, phase=phase)
    assert by_phase == whole


SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=15, **SETTINGS)  # type: ignore[arg-type]  # a mapping is untyped
@given(mesh=shared_meshes())
def test_slices_add_up_to_the_whole_mesh(mesh: dict[str, Any]) -> None:
    assert_slices_add_up(mesh)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_slices_of_a_thousand_meshes_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    seen = 0

    @settings(max_examples=1000, derandomize=False, **SETTINGS)  # type: ignore[arg-type]  # as above
    @given(mesh=shared_meshes())
    def add_up(mesh: dict[str, Any]) -> None:
        nonlocal seen
        assert_slices_add_up(mesh)
        seen += 1

    add_up()
    assert seen >= 1000
    with capsys.disabled():
        print(f"\nslices of {seen} random meshes add up to the whole")  # noqa: T201, the figure
