"""The life of every example under the real engine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.engine.harness import ROOT, Engine
from tests.engine.lives import Edits, goes_through_its_life

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

EXAMPLES = {
    "components": Edits(
        ('"port": 8443', '"port": 8444'), ('name="legacy",\n', 'name="old",\n'), "__main__.py"
    ),
    "cross-account": Edits(
        (
            "backend-1: 100, backend-2: 0, backend-3: 0",
            "backend-1: 0, backend-2: 50, backend-3: 50",
        ),
        ("name: walkthrough\n", "name: walk\n"),
    ),
    "audit": Edits(
        ("retention_days: 90", "retention_days: 120"), ("name: books\n", "name: library\n")
    ),
    "ec2-fleet": Edits(("path: /ready", "path: /live"), ("name: fleet\n", "name: flock\n")),
    "ecs-cross-account": Edits(
        ("per_request: 20s", "per_request: 30s"), ("name: yelb\n", "name: y\n")
    ),
    "eks-irsa": Edits(("path: /health", "path: /live"), ("name: bookinfo\n", "name: books\n")),
    "eks-pod-identity": Edits(
        ("blue: 80, green: 20", "blue: 70, green: 30"), ("name: colors\n", "name: colours\n")
    ),
    "guardrails": Edits(
        ('"eu-west-1", "eu-central-1"', '"eu-west-1", "eu-north-1"'),
        ('name="people"', 'name="staff"'),
        "__main__.py",
    ),
    "environments": Edits(
        ("path: /healthz", "path: /live"), ("name: store-", "name: shop-"), "store.yaml"
    ),
    "lattice-eks": Edits(
        ("tags: {project: shop}", "tags: {project: carts}"), ("name: shop\n", "name: store\n")
    ),
    "lattice-targets": Edits(("path: /healthz", "path: /live"), ("name: shop\n", "name: store\n")),
    "lattice-team-stacks": Edits(
        ("catalog-v1: 90, catalog-v2: 10", "catalog-v1: 50, catalog-v2: 50"),
        ("name: shop\n", "name: store\n"),
    ),
    "operators": Edits(
        ("max_session_duration: 28800", "max_session_duration: 14400"),
        ("name: market\n", "name: bazaar\n"),
    ),
    "landing-zone": Edits(
        ("unit: workloads/staging", "unit: workloads/production"),
        ("    managed_policies:", "    path: /people/\n    managed_policies:"),
        "landing-zone.yaml",
    ),
    "shared-mesh": Edits(("path: /healthz", "path: /live"), ("name: shop\n", "name: store\n")),
    "stack-config": Edits(
        ("port: 8080", "port: 8081"), ("orders-local", "orders-here"), "Pulumi.local.yaml"
    ),
    "team-stacks": Edits(("path: /healthz", "path: /live"), ("name: shop\n", "name: store\n")),
}


def test_every_example_has_its_edits() -> None:
    runnable = {path.parent.name for path in (ROOT / "examples").glob("*/__main__.py")}
    assert runnable == EXAMPLES.keys()


@pytest.fixture(params=sorted(EXAMPLES))
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name: str = request.param
    folder = tmp_path / name
    shutil.copytree(ROOT / "examples" / name, folder)
    return folder


def test_an_example_goes_through_its_life(
    engine: Engine, example: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("engine", goes_through_its_life(engine, example, EXAMPLES[example.name]))
