"""Accounts and units under the Pulumi engine: taken over, moved, kept, closed, handed to a mesh."""

from __future__ import annotations

import json
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.automation import CommandError

from meshkit import LandingZone, SharedMesh
from meshkit.local.landscape import Landscape
from meshkit.policy.fitting import check_file
from tests.engine.harness import ROOT, Engine, ServedCloud, counts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

MANAGEMENT = "111111111111"
ZONE: dict[str, Any] = {
    "landing_zone": "acme",
    "region": "eu-west-1",
    "organization": {
        "id": "o-exampleorg1",
        "management_account": MANAGEMENT,
        "sharing_enabled": True,
    },
    "email_template": "aws+%s@acme.io",
}
OPEN = {"protect": False}


def program(zone: dict[str, Any]) -> None:
    made = LandingZone("acme", {**ZONE, **zone})
    pulumi.export("accounts", made.accounts)
    pulumi.export("organization", made.organization)


@pytest.fixture
def organizations(served: ServedCloud) -> Any:
    Landscape(MANAGEMENT, "o-exampleorg1", MANAGEMENT, sharing_enabled=True, managed=True).found()
    return served.cloud.client("organizations", MANAGEMENT)


def standing(organizations: Any) -> dict[str, str]:
    """The status of each account by its name."""
    found = organizations.list_accounts()["Accounts"]
    return {each["Name"]: each["Status"] for each in found if each["Id"] != MANAGEMENT}


def units(organizations: Any, parent: str) -> dict[str, str]:
    found = organizations.list_organizational_units_for_parent(ParentId=parent)
    return {each["Name"]: each["Id"] for each in found["OrganizationalUnits"]}


def test_accounts_stay_unless_the_file_says_so_twice(engine: Engine, organizations: Any) -> None:
    root = organizations.list_roots()["Roots"][0]["Id"]
    old = organizations.create_account(AccountName="acme.old", Email="old@acme.io")
    old_id = old["CreateAccountStatus"]["AccountId"]
    known = {"old": {"import": old_id, "email": "old@acme.io"}}
    work: dict[str, Any] = {"work": {"units": {"prod": {}}}, "attic": {}}
    guarded = {**known, "shop": {"unit": "work/prod"}}

    def deploy(zone: dict[str, Any]) -> dict[str, int]:
        return counts(engine.stack(partial(program, zone)).up().summary)

    made = deploy({"units": work, "accounts": guarded})
    # Stack, component, three units, an account; what only Pulumi knows is added to the other.
    assert made == {"create": 6, "import": 1, "update": 1}
    assert standing(organizations) == {"acme.old": "ACTIVE", "acme.shop": "ACTIVE"}

    moved = {**guarded, "old": {**known["old"], "unit": "attic"}}
    assert deploy({"units": work, "accounts": moved}) == {"update": 1}
    (parent,) = organizations.list_parents(ChildId=old_id)["Parents"]
    assert parent["Id"] == units(organizations, root)["attic"]

    with pytest.raises(CommandError, match="protect"):
        deploy({"units": work, "accounts": {"shop": moved["shop"]}})

    freed = {"old": {**moved["old"], **OPEN}, "shop": {**moved["shop"], **OPEN}}
    deploy({"units": work, "accounts": freed})
    deploy({"units": work, "accounts": {"shop": freed["shop"]}})
    assert standing(organizations)["acme.old"] == "ACTIVE"

    flat = {**freed["shop"], "unit": "prod"}
    replaced = deploy({"units": {"prod": {}, "attic": {}}, "accounts": {"shop": flat}})
    assert replaced == {"create": 1, "update": 1, "delete": 2}  # no unit moves, its account does
    assert units(organizations, root).keys() == {"attic", "prod"}

    closing = {**flat, "close_on_deletion": True}
    deploy({"units": {"prod": {}, "attic": {}}, "accounts": {"shop": closing}})
    stack = engine.stack(partial(program, {"units": {"prod": {}, "attic": {}}}))
    stack.up()
    assert standing(organizations) == {"acme.old": "ACTIVE", "acme.shop": "SUSPENDED"}

    stack.destroy()
    assert units(organizations, root).keys() == {"attic", "prod"}


def test_a_mesh_file_includes_what_the_stack_puts_out(
    engine: Engine, organizations: Any, served: ServedCloud, tmp_path: Path
) -> None:
    accounts = {key: {"boundaries": ["mesh"], **OPEN} for key in ("network", "orders", "billing")}
    zone: dict[str, Any] = {"accounts": accounts, "boundaries": {"mesh": {}}}
    stack = engine.stack(partial(program, zone))
    stack.up()

    # What `pulumi stack output --json` prints.
    outputs = {name: each.value for name, each in stack.outputs().items()}
    folder = tmp_path / "mesh"
    folder.mkdir()
    shutil.copy(ROOT / "docs" / "examples" / "landing-zone" / "mesh.yaml", folder)
    (folder / "accounts.json").write_text(json.dumps(outputs), "utf-8")
    checked = check_file(folder / "mesh.yaml")

    assert [each.code for each in checked.findings] == ["MK901"]
    assert checked.config is not None
    made = {each["Name"]: each["Id"] for each in organizations.list_accounts()["Accounts"]}
    orders = made["acme.orders"]
    assert checked.config.accounts["orders"].id == orders
    assert checked.resolve().owner.id == made["acme.network"]

    mesh = engine.stack(lambda: SharedMesh("shop", folder / "mesh.yaml"), project="mesh")
    mesh.up()
    iam = served.cloud.client("iam", orders)
    (proxy,) = iam.list_roles(PathPrefix="/mesh/")["Roles"]
    bounded = iam.get_role(RoleName=proxy["RoleName"])["Role"]["PermissionsBoundary"]
    (boundary,) = iam.list_policies(Scope="Local", PathPrefix="/boundaries/")["Policies"]
    assert bounded["PermissionsBoundaryArn"] == boundary["Arn"]

    mesh.destroy()
    del accounts["orders"]["boundaries"]
    assert counts(stack.up().summary)["delete"] == 3  # the boundary, its policy, their provider
    assert iam.list_policies(Scope="Local")["Policies"] == []
