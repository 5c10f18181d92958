"""The whole life of a program under the real engine, from its first preview to nothing left."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.graph import reveal
from meshkit.local.program import run
from meshkit.local.resources import TYPES
from tests.engine.harness import Engine, counts, edit, importable, resources

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi import automation as auto

GENERATED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}"  # shares, certificates
    r"|(?<=vpc-)[0-9a-f]{8,}|(?<=subnet-)[0-9a-f]{17}|(?<=/id/)[0-9A-Za-z]+"  # what EC2, EKS name
    r'|(?<="[pr]-)[0-9a-z]+'  # control policies, and the root they are attached to
    r"|(?<=sn-)[0-9a-z]{17}|(?<=tg-)[0-9a-z]{17}|(?<=svc-)[0-9a-z]{17}"  # of VPC Lattice
    r"|(?<=listener-)[0-9a-z]{17}|(?<=-)[0-9a-z]{17}(?=\.)"
    r'|(?<="zoneId": ")[0-9A-Z]+'  # hosted zones
    r'|(?<=[a-z]:)[0-9]{1,3}(?=")'  # revisions of task definitions
    r"|(?<=sg-)[0-9a-f]{17}|(?<=/)[0-9a-f]{16}(?![0-9a-f])"  # security groups, load balancers
    r"|(ou-[0-9a-z]{4}-[0-9a-z]{8}|\br-[0-9a-z]{4})(?![0-9a-z])"  # units and the root
    r"|(?<=:)(?!(?P<digit>\d)(?P=digit){11})[0-9]{12}(?=:)"  # accounts that the example makes
    r"|(?<=-)[0-9a-f]{7}(?![0-9a-f])"  # the names that an example leaves to the provider
)
ACCOUNTS = ("111111111111", "222222222222", "333333333333")


@dataclass(frozen=True)
class Edits:
    """Two edits of an example: one that AWS takes in place, one that makes something anew."""

    in_place: tuple[str, str]
    replacing: tuple[str, str]
    file: str = "mesh.yaml"


def goes_through_its_life(engine: Engine, folder: Path, edits: Edits) -> str:
    """Live the life of a program in a folder; what it did is returned for the log."""
    stack = engine.example(folder, "local")

    previewed = counts(stack.preview().change_summary)
    made = counts(stack.up().summary)
    assert made == previewed
    assert made.keys() == {"create"}

    stack.preview(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)

    edit(folder / edits.file, *edits.in_place)
    stack = engine.example(folder, "local")
    changed = counts(stack.up().summary)
    assert changed.keys() == {"update"}
    stack.preview(expect_no_changes=True)

    edit(folder / edits.file, *edits.replacing)
    stack = engine.example(folder, "local")
    replaced = counts(stack.up().summary)
    assert "replace" in replaced
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)

    under_engine = comparable(resources(stack))
    imports_what_exists(engine, stack, folder)
    stack.destroy()
    assert engine.served.leftovers(ACCOUNTS) == []

    engine.start_over(folder, "local")  # the accounts of an organization stay
    graph = run(folder, stack="local", cloud=engine.served.cloud).graph
    assert under_engine == comparable({each.urn: reveal(dict(each.inputs)) for each in graph})
    return f"{folder.name}: {made}, edited {changed}, renamed {replaced}"


def imports_what_exists(engine: Engine, stack: auto.Stack, folder: Path) -> None:
    urn, id_ = importable(stack)
    engine.forget(stack, urn)
    importing = {urn: id_}
    assert counts(engine.example(folder, "local", importing).up().summary) == {"import": 1}
    engine.example(folder, "local").preview(expect_no_changes=True)


def comparable(found: dict[str, dict[str, object]]) -> dict[str, object]:
    """Return inputs by type, parents and name, without what is generated anew each time."""
    own = {
        urn.split("::", 2)[2]: inputs
        for urn, inputs in found.items()
        if urn.split("::")[2].rpartition("$")[2] in TYPES
    }
    comparable: dict[str, object] = json.loads(GENERATED.sub("ID", json.dumps(own)))
    return comparable
