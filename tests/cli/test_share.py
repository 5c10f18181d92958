"""``meshkit share``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
import yaml
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import MeshkitError
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run as run_on_cloud
from tests.topology.test_slices import mesh_file

if TYPE_CHECKING:
    from collections.abc import Iterator


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["share", *arguments])
    return done.exit_code, done.output


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "mesh.yaml"
    path.write_text(yaml.safe_dump(mesh_file(), sort_keys=False), "utf-8")
    return str(path)


def test_a_plan_says_what_waits_for_what(file: str) -> None:
    assert run("plan", file) == (
        0,
        """\
Deploy, step by step; the slices of one step side by side:
  1  network / foundation  1 mesh, 1 share
  2  network / endpoints   1 role, 1 virtual gateway, 1 virtual router
                           after network / foundation
     orders / endpoints    1 role, 1 virtual node
                           after network / foundation
     billing / endpoints   1 role, 1 virtual node
                           after network / foundation
  3  orders / routing      1 virtual service
                           after orders / endpoints
  4  network / routing     1 route, 1 virtual service, 1 gateway route
                           after network / endpoints, billing / endpoints, orders / routing
Destroy in steps 4 to 1.
Whole accounts have no order: network waits for orders, orders waits for network. Deploy by phases.
""",
    )


def test_a_plan_for_programs_has_every_part(file: str) -> None:
    code, text = run("plan", file, "--format", "json")
    data = json.loads(text)

    assert code == 0
    assert data["deploy"][0] == ["network / foundation"]
    assert data["destroy"] == data["deploy"][::-1]
    assert data["accounts"] is None
    routing = next(each for each in data["slices"] if each["name"] == "orders / routing")
    assert routing == {
        "name": "orders / routing",
        "account": "orders",
        "account_id": "222222222222",
        "phase": "routing",
        "step": 3,
        "after": ["orders / endpoints"],
        "parts": [{"kind": "virtual service", "name": "web.local"}],
    }


def test_a_mesh_of_one_account_is_deployed_whole(tmp_path: Path) -> None:
    path = tmp_path / "mesh.yaml"
    path.write_text('name: m\nregion: eu-west-1\nowner: "111111111111"\n', "utf-8")

    code, text = run("plan", str(path))

    assert code == 0
    assert text.splitlines()[1:] == [
        "  1  111111111111 / foundation  1 mesh",
        "Whole accounts, without phases: 111111111111.",
    ]


def test_a_faulty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mesh.yaml"
    path.write_text("name: m\n", "utf-8")
    done = CliRunner().invoke(app, ["share", "plan", str(path)])

    assert "MK" in str(done.exception)


@pytest.fixture
def deployed() -> Iterator[str]:
    """The file of the team-stacks example, deployed on a local cloud."""
    folder = Path(__file__).parents[2] / "examples" / "team-stacks"
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        landscape_of(folder, {}).found()
        assert run_on_cloud(folder, cloud=cloud).ok
        yield str(folder / "mesh.yaml")


def test_a_status_shows_principals_owners_and_quotas(deployed: str) -> None:
    code, text = run("status", deployed)

    lines = text.splitlines()
    assert code == 0
    assert "  shared      orders (222222222222)" in lines
    assert "  virtual node catalog: mesh owner 111111111111, resource owner 333333333333" in lines
    assert "  virtual_nodes_per_mesh: 3 of 200" in lines
    assert "Orphaned" not in lines


def test_a_status_tells_what_an_account_would_leave_behind(deployed: str) -> None:
    code, text = run("status", deployed, "--leaving", "billing")

    assert code == 1
    assert "  virtual node catalog of 333333333333; its proxies get no configuration" in text
    assert (
        "  in this order: remove or redirect route catalog/all of network, gateway route "
        "ingress/invoices of network, destroy billing / routing, then billing / endpoints, remove "
        "the principal\n" in text
    )

    code, text = run("status", deployed, "--leaving", "billing", "--format", "json")
    (leaving,) = json.loads(text)["leaving"]
    assert code == 1
    assert leaving["led_by"][0] == {"kind": "route", "name": "catalog/all", "account": "network"}


def test_an_account_that_its_organization_lets_in_is_taken_out_of_that(deployed: str) -> None:
    ram = boto3.client("ram", region_name="eu-west-1")
    (share,) = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    place = {"resourceShareArn": share["resourceShareArn"]}
    organization = "arn:aws:organizations::999999999999:organization/o-exampleorg1"
    ram.associate_resource_share(**place, principals=[organization])
    ram.disassociate_resource_share(**place, principals=["333333333333"])

    code, text = run("status", deployed, "--leaving", "billing")

    assert code == 1
    assert f"billing / endpoints, take billing out of {organization}\n" in text
    assert "remove the principal" not in text


def test_a_misspelt_account_does_not_leave(deployed: str) -> None:
    done = CliRunner().invoke(app, ["share", "status", deployed, "--leaving", "biling"])

    assert 'did you mean "billing"?' in str(done.exception)


def test_a_status_finds_orphans(deployed: str) -> None:
    ram = boto3.client("ram", region_name="eu-west-1")
    (share,) = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    ram.disassociate_resource_share(
        resourceShareArn=share["resourceShareArn"], principals=["333333333333"]
    )

    code, text = run("status", deployed, "--format", "json")

    data = json.loads(text)
    assert code == 1
    assert {each["name"] for each in data["resources"] if each["orphaned"]} == {
        "catalog",
        "invoices",
        "invoices.shop.local",
    }
    assert data["principals"][1]["state"] == "not shared"
    code, text = run("status", deployed)
    assert "  mend: let 333333333333 in again, or delete these as the mesh owner" in text


def test_a_check_ends_with_its_failures(deployed: str) -> None:
    code, text = run("check", deployed)

    assert code == 1
    assert "fail        service-linked role: orders has no AWSServiceRoleForAppMesh\n" in text
    assert "            mend: set accounts.orders.service_linked_role: true\n" in text
    code, text = run("check", deployed, "--format", "json")
    rows = json.loads(text)["rows"]
    assert {each["outcome"] for each in rows} == {"pass", "fail", "can't tell"}


LATTICE = Path(__file__).parents[2] / "examples" / "lattice-team-stacks"


@pytest.fixture
def on_lattice() -> Iterator[str]:
    """The file of the lattice-team-stacks example, deployed on a local cloud."""
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        landscape_of(LATTICE, {}).found()
        assert run_on_cloud(LATTICE, cloud=cloud).ok
        yield str(LATTICE / "mesh.yaml")


def test_a_plan_of_lattice_says_that_associations_outlive_the_share() -> None:
    code, text = run("plan", str(LATTICE / "mesh.yaml"))

    assert code == 0
    assert "\nAssociations outlive a share: destroy an account's routing and endpoints" in text


def test_a_status_of_lattice_tells_what_is_joined(on_lattice: str) -> None:
    code, text = run("status", on_lattice)

    assert code == 0
    assert (
        "  service association catalog.shop.local: mesh owner 111111111111, resource owner "
        "333333333333\n" in text
    )
    assert "Not there" not in text


def test_a_status_of_lattice_tells_how_to_delete_what_is_left(on_lattice: str) -> None:
    ram = boto3.client("ram", region_name="eu-west-1")
    (share,) = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])

    code, text = run("status", on_lattice)

    assert code == 1
    assert "  share shop: next: network / foundation\n" in text
    assert "VPC association orders of 222222222222; its workloads still reach the network" in text
    assert (
        "    aws vpc-lattice delete-service-network-vpc-association "
        "--service-network-vpc-association-identifier arn:aws:vpc-lattice:eu-west-1:" in text
    )

    data = json.loads(run("status", on_lattice, "--format", "json")[1])
    assert data["not_there"] == [
        {"kind": "share", "name": "shop", "slice": "network / foundation", "waits_for": []}
    ]


def test_without_credentials_there_is_no_status(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    done = CliRunner().invoke(app, ["share", "status", file])

    assert isinstance(done.exception, MeshkitError)
    assert "set credentials, or name a --profile" in str(done.exception)
