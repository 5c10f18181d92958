"""A shift of traffic between two versions, under the real engine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.harness import ROOT, Engine, counts, edit, resources

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


def weights(engine: Engine) -> dict[str, int]:
    route = engine.served.cloud.client("appmesh").describe_route(
        meshName="store-production", virtualRouterName="catalog", routeName="versions"
    )["route"]["spec"]["httpRoute"]
    return {each["virtualNode"]: each["weight"] for each in route["action"]["weightedTargets"]}


def test_a_shift_from_blue_to_green_updates_the_route_alone(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "environments"
    shutil.copytree(ROOT / "examples" / "environments", folder)
    stack = engine.example(folder, "production")
    stack.up()
    before: dict[str, dict[str, Any]] = resources(stack)
    assert weights(engine) == {"catalog-blue": 90, "catalog-green": 10}

    for green in (60, 100):
        edit(folder / "Pulumi.production.yaml", "green: [0-9]+", f"green: {green}")
        stack = engine.example(folder, "production")
        assert counts(stack.up().summary) == {"update": 1}
        assert weights(engine) == {"catalog-blue": 100 - green, "catalog-green": green}

    after = resources(stack)
    changed = {urn.rpartition("::")[2] for urn in before if before[urn] != after.get(urn)}
    assert changed - {"store"} == {"store-route-catalog.versions"}
    assert before.keys() == after.keys()
    stack.destroy()
