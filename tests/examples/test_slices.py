"""The meshes of the examples, deployed by their accounts one after the other, and at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import SharedMesh
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.topology.check import check
from meshkit.topology.slices import plan
from tests.examples.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).parents[2] / "examples"
SUBNETS = {"subnet_a": "subnet-00000000000000001", "subnet_b": "subnet-00000000000000002"}
MESHES: dict[str, dict[str, Any]] = {
    "cross-account": SUBNETS,
    "ecs-cross-account": {},
    "shared-mesh": {},
}


def on_a_cloud(example: str, deploy: Callable[[Cloud], None]) -> dict[str, Any]:
    """What stands in all accounts after a deployment."""
    folder, values = EXAMPLES / example, MESHES[example]
    mesh = check(folder / "mesh.yaml", values=values).resolve()
    accounts = tuple(each.id for each in mesh.config.accounts.values())
    with Cloud(account=mesh.owner.id, region=mesh.region) as cloud:
        landscape_of(folder, {}).found()
        deploy(cloud)
        return picture(cloud, mesh.owner.id, accounts, mesh.name)


@pytest.mark.parametrize("example", MESHES)
def test_accounts_one_by_one_make_what_one_program_makes(example: str) -> None:
    file, values = EXAMPLES / example / "mesh.yaml", MESHES[example]

    def together(cloud: Cloud) -> None:
        assert run(lambda: SharedMesh("mesh", file, values=values), cloud=cloud).ok

    def separately(cloud: Cloud) -> None:
        for each in plan(check(file, values=values).resolve()).slices:
            program = partial(slice_program, each.account, each.account_id, each.phase)
            outcome = run(program, cloud=cloud, stack=f"{each.account}-{each.phase}")
            assert (outcome.failures, outcome.skipped) == ((), ()), each.name

    def slice_program(account: str, account_id: str, phase: str) -> None:
        role = f"arn:aws:iam::{account_id}:role/deployer"
        caller = aws.Provider("caller", region="eu-west-1", assume_roles=[{"role_arn": role}])
        opts = pulumi.ResourceOptions(provider=caller)
        SharedMesh("mesh", file, values=values, account=account, phase=phase, opts=opts)

    assert on_a_cloud(example, separately) == on_a_cloud(example, together)
