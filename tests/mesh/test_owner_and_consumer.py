"""An account that owns one mesh and is a consumer of another."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
from pulumi import ResourceOptions

from meshkit import SharedMesh
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.topology.check import check
from meshkit.topology.slices import plan
from tests.examples.pictures import picture
from tests.mesh.test_slices import found
from tests.topology.test_slices import mesh_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.outcome import Run

IDS = {"network": "111111111111", "orders": "222222222222", "billing": "333333333333"}
ACCOUNTS = tuple(IDS.values())


def files() -> dict[str, dict[str, Any]]:
    """`shop` is of network, `back` of orders, and each of the two builds in both."""
    shop, back = mesh_file(), mesh_file()
    back |= {"name": "back", "owner": "orders", "share": {"principals": ["network", "billing"]}}
    back["nodes"]["web"]["account"] = "network"
    for data in (shop, back):
        data["accounts"] = {
            key: {"id": id_, "assume_role": {"name": "deployer"}} for key, id_ in IDS.items()
        }
    return {"shop": shop, "back": back}


@contextmanager
def new_cloud() -> Iterator[Cloud]:
    with Cloud(account=IDS["network"], region="eu-west-1") as running:
        found(running, *IDS)
        yield running


def team(cloud: Cloud, mesh: str, account: str, phase: str) -> Run:
    """A stack of one account. One for both meshes could wait for itself: each mesh has its own."""

    def program() -> None:
        role = f"arn:aws:iam::{IDS[account]}:role/deployer"
        caller = aws.Provider("caller", region="eu-west-1", assume_roles=[{"role_arn": role}])
        opts = ResourceOptions(provider=caller)
        SharedMesh(mesh, files()[mesh], account=account, phase=phase, opts=opts)

    return run(program, cloud=cloud, stack=f"{mesh}-{account}-{phase}")


def pictures(cloud: Cloud) -> list[dict[str, Any]]:
    owners = {"shop": IDS["network"], "back": IDS["orders"]}
    return [picture(cloud, owner, ACCOUNTS, name) for name, owner in owners.items()]


def deploy_separately(cloud: Cloud) -> None:
    for mesh, data in files().items():
        for each in plan(check(data).resolve()).slices:
            assert team(cloud, mesh, each.account, each.phase).ok, (mesh, each.name)


def test_it_sees_its_own_mesh_and_the_other() -> None:
    with new_cloud() as cloud:
        deploy_separately(cloud)
        client = cloud.client("appmesh", IDS["orders"])

        nodes = client.list_virtual_nodes(meshName="back")["virtualNodes"]
        assert {each["resourceOwner"] for each in nodes} == {IDS["network"], IDS["billing"]}
        assert {
            (each["meshName"], each["meshOwner"]) for each in client.list_meshes()["meshes"]
        } == {
            ("shop", IDS["network"]),
            ("back", IDS["orders"]),
        }


def test_its_stacks_make_what_one_program_makes() -> None:
    def program() -> None:
        for mesh, data in files().items():
            SharedMesh(mesh, data)

    with new_cloud() as cloud:
        deploy_separately(cloud)
        separately = pictures(cloud)
    with new_cloud() as cloud:
        outcome = run(program, cloud=cloud)
        assert (outcome.failures, outcome.skipped) == ((), ())
        assert pictures(cloud) == separately
