"""Every example is deployed where IAM is enforced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.inspect.proof import prove
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from tests.examples.iam import STREAM
from tests.examples.test_examples import EXAMPLES, NAMES, _config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.outcome import Run


@pytest.fixture(scope="module", params=NAMES)
def deployed(request: pytest.FixtureRequest) -> Iterator[tuple[Run, Cloud]]:
    """An example, deployed by administrators, with the cloud it stands on."""
    landscape = landscape_of(EXAMPLES / request.param, _config(request.param))
    with Cloud(account=landscape.account, enforce_iam=True) as cloud:
        landscape.found()
        cloud.deploy_as()
        yield run(EXAMPLES / request.param, cloud=cloud), cloud


def test_an_administrator_deploys_every_example(deployed: tuple[Run, Cloud]) -> None:
    outcome, _ = deployed
    assert outcome.ok, (outcome.failures, outcome.skipped)


def test_every_role_may_connect_to_what_the_proof_says(deployed: tuple[Run, Cloud]) -> None:
    outcome, cloud = deployed
    proof = prove(outcome.graph, ())
    nodes = [arn for arn in proof.endpoints if ":appmesh:" in arn]
    decided = {
        role: {node for node in nodes if cloud.decision(role, STREAM, node).allowed}
        for role in proof.roles
    }
    assert decided == {role: proof.allowed[role] & set(nodes) for role in proof.roles}
