"""The proof of a program is the same from a run, from a preview and from a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

import meshkit
from meshkit.inspect.access.identities import EXCLUSIVE
from meshkit.inspect.preview import graph_of_preview
from meshkit.inspect.proof import prove
from meshkit.inspect.state import graph_of_state
from meshkit.local.resources import TYPES
from meshkit.topology.check import check
from tests.inspect.proof.mistakes import MISTAKES
from tests.inspect.proof.programs import (
    INGRESS,
    NETWORK,
    STREAM,
    allow,
    at,
    deployed,
    document,
    mesh_data,
    previewed,
    program_of,
)
from tests.inspect.recordings import ACCOUNT, NAMES, meshes, text

if TYPE_CHECKING:
    from meshkit.inspect.proof import Proof

LATE = {"components", "eks-irsa"}
"""Examples with documents that only the deployment completes."""


@pytest.mark.parametrize("name", NAMES)
def test_a_deployed_example_is_proven(name: str) -> None:
    proof = prove(graph_of_state(text(name, "state")), meshes(name))
    assert (proof.violations, proof.unknowns) == ((), ())
    assert proof.allowed == proof.expected
    assert any(proof.allowed.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_preview_proves_the_same_or_says_what_it_can_not(name: str) -> None:
    before = prove(graph_of_preview(text(name, "preview"), account=ACCOUNT), meshes(name))
    after = prove(graph_of_state(text(name, "state")), meshes(name))
    assert before.violations == ()
    assert before.ok is (name not in LATE)
    assert sorted(before.endpoints) == sorted(after.endpoints)
    if before.ok:
        assert essence(before) == essence(after)


def test_an_unknown_document_is_never_taken_for_one_that_allows_nothing() -> None:
    proof = prove(graph_of_preview(text("components", "preview"), account=ACCOUNT), [])
    open_ = {each.subject.rpartition("/")[2] for each in proof.unknowns}
    assert {"legacy", "web", "edge"} <= {each.partition("-")[0] for each in open_}
    assert not proof.ok


BY_HAND = (
    "a role names the node of another",
    "a managed policy names the node of another",
    "the policy of AWS for every proxy",
    "a user that reads a node",
    "a node by hand without a role",
    "anyone",
    "pods of any association",
    "one more association",
    "a second share",
    "a gateway of a consumer",
    "a key of a user",
    "a router of a stranger",
)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_mistake_is_found_in_a_run_as_in_a_preview(name: str) -> None:
    mistake = MISTAKES[name]
    program = program_of(mistake.data, mistake.plant)
    files = [check(mistake.data).resolve()]
    before, after = prove(previewed(program), files), prove(deployed(program), files)
    assert {each.code for each in after.violations} == set(mistake.codes)
    assert blamed(before) == blamed(after)
    assert after.unknowns == ()


def test_what_the_local_cloud_can_not_make_is_looked_at_all_the_same() -> None:
    """A type that the local cloud lacks is refused, and a role never looks clean for that."""

    def plant(mesh: meshkit.SharedMesh) -> None:
        options = at(mesh, "network")
        policy = aws.iam.Policy("extra", policy=document(allow(STREAM, INGRESS)), opts=options)
        pulumi.CustomResource(
            EXCLUSIVE,
            "extra",
            {"roles": ["shop-ledger"], "policyArn": policy.arn},
            pulumi.ResourceOptions(provider=options.provider),
        )

    files = [check(mesh_data()).resolve()]
    graph = deployed(program_of(mesh_data(), plant))
    assert EXCLUSIVE not in TYPES
    assert [each.account for each in graph.of_type(EXCLUSIVE)] == [NETWORK]
    assert "MP101" in {each.code for each in prove(graph, files).violations}


def essence(proof: Proof) -> Any:
    return proof.allowed, proof.expected, sorted(proof.trust.items()), proof.violations


def blamed(proof: Proof) -> list[tuple[str, ...]]:
    """Each violation without what the two sources call the stack and its generated names."""
    return sorted(
        (each.code, (each.role or "").rpartition("/")[2], each.endpoint or "", _name(each.resource))
        for each in proof.violations
    )


def _name(urn: str | None) -> str:
    return (urn or "").rpartition("::")[2]
