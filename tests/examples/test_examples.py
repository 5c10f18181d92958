"""Every example deploys on the local cloud, and its roles may do what its file says and no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from tests.examples.derived import XRAY, Grant, grants_by_role
from tests.examples.iam import STREAM, documented, granted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.outcome import Run

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(folder.name for folder in EXAMPLES.iterdir() if (folder / "Pulumi.yaml").is_file())
WITHOUT_PROXIES = ["landing-zone", "lattice-eks", "lattice-targets", "lattice-team-stacks"]
"""Those whose roles read no configuration; tests/landing_zone and tests/lattice test them."""
ACCOUNTS = ("111111111111", "222222222222", "333333333333")


@pytest.fixture(scope="module", params=[name for name in NAMES if name not in WITHOUT_PROXIES])
def deployed(request: pytest.FixtureRequest) -> Iterator[tuple[str, Run, Cloud]]:
    """An example, deployed once, with the cloud it stands on."""
    landscape = landscape_of(EXAMPLES / request.param, _config(request.param))
    with Cloud(account=landscape.account) as cloud:
        landscape.found()
        yield request.param, run(EXAMPLES / request.param, cloud=cloud), cloud


def _config(name: str) -> dict[str, str]:
    file = EXAMPLES / name / "Pulumi.local.yaml"
    config = yaml.safe_load(file.read_text())["config"] if file.is_file() else {}
    return {key: json.dumps(value) for key, value in config.items()}


def mesh_data(name: str) -> dict[str, Any]:
    """The mesh file of an example as plain data, read without meshkit."""
    inline = _config(name).get("meshkit:mesh")
    text = inline or _file(name).read_text().replace("${var.environment}", "local")
    data = yaml.safe_load(text)
    assert isinstance(data, dict)
    return data


def _file(name: str) -> Path:
    return EXAMPLES / name / ("store.yaml" if name == "environments" else "mesh.yaml")


def test_there_is_an_example_for_each_way_to_use_meshkit() -> None:
    every = [
        "audit",
        "components",
        "cross-account",
        "ec2-fleet",
        "ecs-cross-account",
        "eks-irsa",
        "eks-pod-identity",
        "environments",
        "guardrails",
        *WITHOUT_PROXIES,
        "operators",
        "shared-mesh",
        "stack-config",
        "team-stacks",
    ]
    assert every == NAMES


def test_everything_is_created(deployed: tuple[str, Run, Cloud]) -> None:
    _, outcome, _ = deployed
    assert (outcome.failures, outcome.skipped) == ((), ())
    assert outcome.outputs


def test_roles_may_do_what_the_file_says_and_nothing_else(
    deployed: tuple[str, Run, Cloud],
) -> None:
    name, outcome, cloud = deployed
    expected = COMPONENTS if name == "components" else _expected(name, outcome)
    found = {
        (account, _own(grants)): grants
        for account in ACCOUNTS
        for grants in granted(cloud, account).values()
    }
    assert found == expected


def test_roles_that_read_no_configuration_are_those_of_people_and_pipelines(
    deployed: tuple[str, Run, Cloud],
) -> None:
    name, outcome, cloud = deployed
    found = {
        role
        for account in ACCOUNTS
        for role in documented(cloud, account).keys() - granted(cloud, account).keys()
    }
    data = {} if name == "components" else mesh_data(name)
    people = {"people"} if name == "guardrails" else set()
    if name == "audit":  # CloudTrail writes the log group with it
        people = {role for role in found if role.startswith("books-audit-delivery-")}
    assert len(found - people) == len(data.get("operators", {}))
    assert found - people == {
        arn.rpartition("/")[2] for arn in outcome.outputs.get("operators", {}).values()
    }


def _expected(name: str, outcome: Run) -> dict[tuple[str, str], set[Grant]]:
    text = json.dumps(mesh_data(name))
    for certificate in outcome.graph.of_type("aws:acm/certificate:Certificate"):
        text = text.replace("${var.certificate}", certificate.outputs["arn"])
    return grants_by_role(json.loads(text))


def _own(grants: set[Grant]) -> str:
    """The endpoint that names a role: the first of those it may read, in the order of names."""
    return min(resource for action, resource in grants if action == STREAM)


HEAD = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
COMPONENTS: dict[tuple[str, str], set[Grant]] = {
    ("111111111111", f"{HEAD}/virtualNode/legacy"): {
        (STREAM, f"{HEAD}/virtualNode/legacy"),
        *XRAY,
    },
    ("111111111111", f"{HEAD}/virtualNode/web"): {(STREAM, f"{HEAD}/virtualNode/web")},
    ("111111111111", f"{HEAD}/virtualGateway/edge"): {(STREAM, f"{HEAD}/virtualGateway/edge")},
}


def test_endpoints_have_the_arns_that_their_roles_name(deployed: tuple[str, Run, Cloud]) -> None:
    _, outcome, cloud = deployed
    arns = {
        resource.outputs["arn"]
        for kind in ("virtualNode:VirtualNode", "virtualGateway:VirtualGateway")
        for resource in outcome.graph.of_type(f"aws:appmesh/{kind}")
    }
    readable = {
        resource
        for account in ACCOUNTS
        for grants in granted(cloud, account).values()
        for action, resource in grants
        if action == STREAM
    }
    assert arns == readable
