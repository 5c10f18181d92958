"""Teams on VPC Lattice: their stacks in the order of the plan make what one program makes."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.graph import Graph, Resource
from meshkit.inspect.proof import Proof, prove
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.examples.pictures import REGION, roles, shares
from tools.golden import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = ROOT / "examples" / "lattice-team-stacks"
ACCOUNTS = ("111111111111", "222222222222", "333333333333")
MADE_UP = re.compile(r"(?<=[a-z]-)[0-9a-z]{17}\b|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")


@contextmanager
def founded() -> Iterator[Cloud]:
    with Cloud(account=ACCOUNTS[0], region=REGION) as running:
        landscape_of(FOLDER, {}).found()
        yield running


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with founded() as running:
        yield running


def planned() -> list[str]:
    plan = ["share", "plan", str(FOLDER / "mesh.yaml"), "--format", "json"]
    steps = json.loads(CliRunner().invoke(app, plan).stdout)["deploy"]
    return [name for step in steps for name in step]


def deploy(cloud: Cloud, name: str) -> Any:
    team, _, phase = name.partition(" / ")
    return run(FOLDER / team, stack=phase, cloud=cloud)


def picture(cloud: Cloud) -> Any:
    """Services with who may call them and who joined them; shares and roles; by account."""
    found = {
        account: [services(cloud, account), shares(cloud, account), roles(cloud, account)]
        for account in ACCOUNTS
    }
    return json.loads(MADE_UP.sub("ID", json.dumps(found, default=str, sort_keys=True)))


def services(cloud: Cloud, account: str) -> dict[str, Any]:
    client: Any = cloud.client("vpc-lattice", account, REGION)
    found = {}
    for service in client.list_services()["items"]:
        named = {"serviceIdentifier": service["id"]}
        rules = [
            client.list_rules(**named, listenerIdentifier=listener["id"])["items"]
            for listener in client.list_listeners(**named)["items"]
        ]
        joined = client.list_service_network_service_associations(**named)["items"]
        found[service["name"]] = {
            "rules": sorted(each["name"] for items in rules for each in items),
            "joined": [[each["createdBy"], each["serviceNetworkName"]] for each in joined],
            "policy": client.get_auth_policy(resourceIdentifier=service["arn"])["policy"],
        }
    return found


def test_teams_make_what_one_program_makes() -> None:
    with founded() as cloud:
        for name in planned():
            outcome = deploy(cloud, name)
            assert (outcome.failures, outcome.skipped) == ((), ()), name
        separately = picture(cloud)
    with founded() as cloud:
        assert run(FOLDER, cloud=cloud).ok
        assert separately == picture(cloud)
    assert len(separately["333333333333"][0]) == 2


STOPPED = {
    "network / foundation": 'service network "shop"; deploy network / foundation first',
    "network / endpoints": 'role "gateway-ingress"; deploy network / endpoints first',
    "orders / endpoints": "no stack 'organization/lattice-orders/endpoints' ran",
    "billing / endpoints": "no stack 'organization/lattice-billing/endpoints' ran",
    "network / routing": None,
    "orders / routing": None,
    "billing / routing": None,
}
"""Which message the first slice ends with that needs the one left out, if any does."""


@pytest.mark.parametrize("left_out", STOPPED)
def test_a_slice_left_out_stops_the_first_that_needs_it(cloud: Cloud, left_out: str) -> None:
    told = []
    for name in planned():
        outcome = None if name == left_out else deploy(cloud, name)
        if outcome is not None and not outcome.ok:
            told = [each.message for each in outcome.failures]
            break
    wanted = STOPPED[left_out]
    assert [wanted in each for each in told] == ([True] if wanted else []), told


@pytest.fixture(scope="module")
def stacks() -> dict[str, Graph]:
    """What each stack of each team makes, deployed in the order of the plan."""
    with founded() as cloud:
        return {name: deploy(cloud, name).graph for name in planned()}


def proof(graphs: Iterable[Graph]) -> Proof:
    mesh = check(FOLDER / "mesh.yaml").resolve()
    return prove(Graph(tuple(each for graph in graphs for each in graph)), [mesh])


def of_account(stacks: Mapping[str, Graph], account: str) -> list[Graph]:
    return [graph for name, graph in stacks.items() if name.startswith(f"{account} / ")]


@pytest.mark.parametrize("account", ["network", "orders", "billing"])
def test_the_stacks_of_one_account_are_proven_alone(stacks: dict[str, Graph], account: str) -> None:
    alone, whole = proof(of_account(stacks, account)), proof(stacks.values())

    assert (whole.ok, alone.ok) == (True, True)
    services = {arn for found in alone.expected.values() for arn in found}
    for role in alone.allowed:
        assert alone.allowed[role] == whole.allowed[role] & services


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("444444444444:service/svc-00000000000000000", {"MP109"}),
        ("222222222222:service/svc-00000000000000000", {"MP109"}),
        ("333333333333:service/svc-0000*", {"MP109"}),
        ("333333333333:targetgroup/svc-00000000000000000", {"MP109"}),
        # Which of an account's services an id means, only the stack that made it knows.
        ("333333333333:service/svc-00000000000000000", set()),
    ],
)
def test_a_told_arn_is_held_to_the_account_of_its_service(
    stacks: dict[str, Graph], told: str, found: set[str]
) -> None:
    wrong = [Graph(tuple(_naming(each, told) for each in graph))
             for graph in of_account(stacks, "orders")]  # fmt: skip

    assert {each.code for each in proof(wrong).violations} == found


def _naming(resource: Resource, told: str) -> Resource:
    if "rolePolicy" not in resource.type:
        return resource
    policy = re.sub(r"333333333333:service/svc-[0-9a-z]{17}", told, resource.inputs["policy"])
    return replace(resource, inputs={**resource.inputs, "policy": policy})
