"""Every example is deployed where IAM is enforced."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from meshkit.inspect.proof import prove
from meshkit.local.cloud import Cloud
from meshkit.local.enforcement import gate
from meshkit.local.enforcement.need import EVERYTHING, Asked, Need
from meshkit.local.enforcement.services import needs_of
from meshkit.local.landscape import landscape_of
from meshkit.local.outcome import Run
from meshkit.local.program import run
from tests.examples.iam import STREAM
from tests.examples.test_examples import EXAMPLES, NAMES, _config

if TYPE_CHECKING:
    from collections.abc import Iterator


READING = ("Describe", "Get", "List")
WITHOUT_RESOURCE = {
    "cloudformation:CreateStackSet",
    "config:PutConfigurationRecorder",
    "config:PutDeliveryChannel",
    "config:StartConfigurationRecorder",
    "eks:CreateCluster",
    "kms:CreateKey",
    "organizations:CreateAccount",
    "organizations:CreatePolicy",
    "organizations:TagResource",
    "ram:CreateResourceShare",
    "route53:ChangeResourceRecordSets",
    "route53:CreateHostedZone",
    "servicediscovery:CreateHttpNamespace",
}
"""What changes something and is decided on ``*``: it names no resource, or makes one.

So is all of Route 53, whose ARNs have neither region nor account.
"""


class Deployed(NamedTuple):
    """An example, deployed by administrators, with the cloud it stands on."""

    run: Run
    cloud: Cloud
    needs: list[Need]
    """All that its calls asked for."""


@pytest.fixture(scope="module", params=NAMES)
def deployed(request: pytest.FixtureRequest) -> Iterator[Deployed]:
    landscape = landscape_of(EXAMPLES / request.param, _config(request.param))
    needs: list[Need] = []

    def noted(asked: Asked) -> list[Need]:
        found = needs_of(asked)
        needs.extend(found)
        return found

    with (
        pytest.MonkeyPatch.context() as patch,
        Cloud(account=landscape.account, enforce_iam=True) as cloud,
    ):
        patch.setattr(gate, "needs_of", noted)
        landscape.found()
        cloud.deploy_as()
        yield Deployed(run(EXAMPLES / request.param, cloud=cloud), cloud, needs)


def test_an_administrator_deploys_every_example(deployed: Deployed) -> None:
    assert deployed.run.ok, (deployed.run.failures, deployed.run.skipped)


def test_what_an_example_changes_is_decided_by_its_resource(deployed: Deployed) -> None:
    on_everything = {need.action for need in deployed.needs if need.resource == EVERYTHING}
    changing = {
        action for action in on_everything if not action.partition(":")[2].startswith(READING)
    }
    assert changing <= WITHOUT_RESOURCE


def test_every_role_may_connect_to_what_the_proof_says(deployed: Deployed) -> None:
    outcome, cloud = deployed.run, deployed.cloud
    proof = prove(outcome.graph, ())
    nodes = [arn for arn in proof.endpoints if ":appmesh:" in arn]
    decided = {
        role: {node for node in nodes if cloud.decision(role, STREAM, node).allowed}
        for role in proof.roles
    }
    assert decided == {role: proof.allowed[role] & set(nodes) for role in proof.roles}
