"""A partner outside the organization accepts the share, from its own stacks, under the engine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi import automation as auto

from meshkit import SharedMesh
from tests.engine.harness import ROOT, Engine, counts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

OWNER, PARTNER = "111111111111", "222222222222"
ROLE = f'[{{"roleArn": "arn:aws:iam::{PARTNER}:role/deployer"}}]'
PHASES = ("foundation", "endpoints", "routing")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "acceptance"
    shutil.copytree(ROOT / "docs" / "examples" / "acceptance", copied)
    return copied


def owner_stack(engine: Engine, folder: Path) -> auto.Stack:
    def program() -> None:
        mesh = SharedMesh("shop", folder / "mesh.yaml", account="network")
        pulumi.export("share_arn", mesh.share_arn)

    return engine.stack(program, "shop-network", name="foundation")


def partner_stack(engine: Engine, folder: Path, phase: str) -> auto.Stack:
    stack = engine.example(folder, phase)
    stack.set_config("aws:assumeRoles", auto.ConfigValue(ROLE))
    return stack


def test_a_partner_accepts_builds_and_leaves(
    engine: Engine, folder: Path, record_property: Callable[[str, object], None]
) -> None:
    owner = owner_stack(engine, folder)
    owner.up()
    made = {phase: counts(partner_stack(engine, folder, phase).up().summary) for phase in PHASES}
    assert all(each.keys() == {"create"} for each in made.values())
    for phase in PHASES:
        partner_stack(engine, folder, phase).refresh(expect_no_changes=True)
        partner_stack(engine, folder, phase).preview(expect_no_changes=True)
    nodes = engine.served.cloud.client("appmesh", OWNER).list_virtual_nodes(meshName="shop")
    assert [each["resourceOwner"] for each in nodes["virtualNodes"]] == [PARTNER]

    for phase in reversed(PHASES):
        partner_stack(engine, folder, phase).destroy()
    owner.destroy()
    assert engine.served.leftovers((OWNER, PARTNER)) == []
    record_property("engine", f"acceptance: {made}")


def test_a_partner_is_told_while_the_owner_has_not_deployed(engine: Engine, folder: Path) -> None:
    with pytest.raises(auto.CommandError, match="shop-network/foundation"):
        partner_stack(engine, folder, "foundation").up()
    with pytest.raises(auto.CommandError, match="deploy partner / foundation first"):
        partner_stack(engine, folder, "routing").up()
    assert engine.served.leftovers((OWNER, PARTNER)) == []
