"""The life of every example under the real engine."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from meshkit.graph import reveal
from meshkit.local.program import run
from meshkit.local.resources import TYPES
from tests.engine.harness import ROOT, Engine, counts, edit, importable, resources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi import automation as auto

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

GENERATED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}"  # shares, certificates
    r"|(?<=vpc-)[0-9a-f]{8,}|(?<=subnet-)[0-9a-f]{17}|(?<=/id/)[0-9A-Za-z]+"  # what EC2, EKS name
    r"|(?<=-)[0-9a-f]{7}(?![0-9a-f])"  # the names that an example leaves to the provider
)
ACCOUNTS = ("111111111111", "222222222222", "333333333333")


@dataclass(frozen=True)
class Edits:
    """Two edits of an example: one that AWS takes in place, one that makes something anew."""

    in_place: tuple[str, str]
    replacing: tuple[str, str]
    file: str = "mesh.yaml"


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
    "ec2-fleet": Edits(("path: /ready", "path: /live"), ("name: fleet\n", "name: flock\n")),
    "ecs-cross-account": Edits(
        ("per_request: 20s", "per_request: 30s"), ("name: yelb\n", "name: y\n")
    ),
    "eks-irsa": Edits(("path: /health", "path: /live"), ("name: bookinfo\n", "name: books\n")),
    "eks-pod-identity": Edits(
        ("blue: 80, green: 20", "blue: 70, green: 30"), ("name: colors\n", "name: colours\n")
    ),
    "operators": Edits(
        ("max_session_duration: 28800", "max_session_duration: 14400"),
        ("name: market\n", "name: bazaar\n"),
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
    edits = EXAMPLES[example.name]
    stack = engine.example(example, "local")

    previewed = counts(stack.preview().change_summary)
    made = counts(stack.up().summary)
    assert made == previewed
    assert made.keys() == {"create"}

    stack.preview(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)

    edit(example / edits.file, *edits.in_place)
    stack = engine.example(example, "local")
    changed = counts(stack.up().summary)
    assert changed.keys() == {"update"}
    stack.preview(expect_no_changes=True)

    edit(example / edits.file, *edits.replacing)
    stack = engine.example(example, "local")
    replaced = counts(stack.up().summary)
    assert "replace" in replaced
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)

    under_engine = comparable(resources(stack))
    imports_what_exists(engine, stack, example)
    stack.destroy()
    assert engine.served.leftovers(ACCOUNTS) == []

    graph = run(example, stack="local", cloud=engine.served.cloud).graph
    assert under_engine == comparable({each.urn: reveal(dict(each.inputs)) for each in graph})
    record_property("engine", f"{example.name}: {made}, edited {changed}, renamed {replaced}")


def imports_what_exists(engine: Engine, stack: auto.Stack, example: Path) -> None:
    urn, id_ = importable(stack)
    engine.forget(stack, urn)
    importing = {urn: id_}
    assert counts(engine.example(example, "local", importing).up().summary) == {"import": 1}
    engine.example(example, "local").preview(expect_no_changes=True)


def comparable(found: dict[str, dict[str, object]]) -> dict[str, object]:
    """Return inputs by type, parents and name, without what is generated anew each time."""
    own = {
        urn.split("::", 2)[2]: inputs
        for urn, inputs in found.items()
        if urn.split("::")[2].rpartition("$")[2] in TYPES
    }
    comparable: dict[str, object] = json.loads(GENERATED.sub("ID", json.dumps(own)))
    return comparable
