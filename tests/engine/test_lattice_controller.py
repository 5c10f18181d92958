"""What a Gateway API controller writes on a service is no change to the real engine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.engine.harness import ROOT, Engine, counts, edit

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

MARKS = {
    "application-networking.k8s.aws/ManagedBy": "222222222222/blue/vpc-1",
    "application-networking.k8s.aws/RouteName": "cart",
}


def test_the_marks_of_a_controller_stay_on_its_service(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "lattice-eks"
    shutil.copytree(ROOT / "examples" / "lattice-eks", folder)
    stack = engine.example(folder, "local")
    stack.up()
    lattice = engine.served.cloud.client("vpc-lattice", "222222222222", "eu-west-1")
    (service,) = lattice.list_services()["items"]
    lattice.tag_resource(resourceArn=service["arn"], tags=MARKS)

    stack.refresh()
    stack.preview(expect_no_changes=True)

    edit(folder / "mesh.yaml", "tags: {project: shop}", "tags: {project: carts}")
    stack = engine.example(folder, "local")
    assert counts(stack.up().summary).keys() == {"update"}
    tags = lattice.list_tags_for_resource(resourceArn=service["arn"])["tags"]
    assert tags == {**MARKS, "project": "carts"}
    stack.destroy()
