"""The example of a landing zone on the local cloud, read back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.policy.fitting import check_file

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "landing-zone"
MADE_BY_AWS = "OrganizationAccountAccessRole"


def test_accounts_people_and_stacks_are_where_the_file_says() -> None:
    landscape = landscape_of(EXAMPLE, {})
    with Cloud(account=landscape.account, region="eu-west-1") as cloud:
        landscape.found()
        outcome = run(EXAMPLE, cloud=cloud)
        organizations = cloud.client("organizations")
        accounts = {each["Name"]: each for each in organizations.list_accounts()["Accounts"]}
        parents = {
            name: organizations.list_parents(ChildId=each["Id"])["Parents"][0]["Id"]
            for name, each in accounts.items()
        }
        roles = {
            name: {
                role["RoleName"] for role in cloud.client("iam", each["Id"]).list_roles()["Roles"]
            }
            - {MADE_BY_AWS}
            for name, each in accounts.items()
        }
        units = {
            unit: organizations.describe_organizational_unit(OrganizationalUnitId=id_)
            for unit, id_ in parents.items()
            if id_.startswith("ou-")
        }

    assert (outcome.failures, outcome.skipped) == ((), ())
    assert {name: each["Email"] for name, each in accounts.items() if name != "master"} == {
        "acme.network": "aws+acme.network@acme.io",
        "acme.shop-orders": "aws+acme.shop-orders@acme.io",
        "acme.shop-billing": "aws+acme.shop-billing@acme.io",
    }
    assert {name: each["OrganizationalUnit"]["Name"] for name, each in units.items()} == {
        "acme.network": "infrastructure",
        "acme.shop-orders": "staging",
        "acme.shop-billing": "production",
    }
    del roles["master"]
    assert roles == {
        "acme.network": {"administrator", "deployer"},
        "acme.shop-orders": {"developer"},
        "acme.shop-billing": {"developer"},
    }
    assert outcome.outputs["organization"]["id"] == "o-exampleorg1"
    assert outcome.outputs["accounts"]["orders"] == {
        "id": accounts["acme.shop-orders"]["Id"],
        "assume_role": {"name": MADE_BY_AWS},
    }


def test_a_mesh_file_includes_what_the_stack_puts_out(tmp_path: Path) -> None:
    outputs = run(EXAMPLE).outputs
    shutil.copy(EXAMPLE.parents[1] / "docs" / "examples" / "landing-zone" / "mesh.yaml", tmp_path)
    (tmp_path / "accounts.json").write_text(json.dumps(outputs), "utf-8")
    checked = check_file(tmp_path / "mesh.yaml")

    assert [each.code for each in checked.findings] == ["MK901"]
    assert checked.resolve().owner.id == outputs["accounts"]["network"]["id"]
