"""`meshkit losses` lists what is lost, for a file of any data plane."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
name: shop
data_plane: {plane}
region: eu-west-1
owner: "111111111111"
accept_losses: [{accepted}]
mesh: {{egress_filter: DROP_ALL, ip_preference: IPv6_PREFERRED}}
"""


@pytest.fixture
def listed(tmp_path: Path) -> Any:
    def run(*options: str, plane: str = "app-mesh", accepted: str = "") -> Any:
        file = tmp_path / "mesh.yaml"
        file.write_text(FILE.format(plane=plane, accepted=accepted))
        return CliRunner().invoke(app, ["losses", str(file), *options])

    return run


@pytest.mark.parametrize("plane", ["app-mesh", "vpc-lattice"])
def test_what_is_lost_is_listed_with_its_place_and_what_to_do(listed: Any, plane: str) -> None:
    result = listed(plane=plane)
    assert result.exit_code == 1
    assert "egress-filter (MK920, lost)" in result.stdout
    assert "mesh.yaml:6:23: mesh.egress_filter: DROP_ALL" in result.stdout
    assert "Instead: limit egress by security groups" in result.stdout
    assert "ip-preference (MK937, changed)" in result.stdout
    assert result.stdout.endswith("1 feature lost, 1 changed on VPC Lattice.\n")


def test_what_is_accepted_is_still_listed(listed: Any) -> None:
    result = listed(accepted="egress-filter, ip-preference")
    assert result.exit_code == 0
    assert "egress-filter (MK920, accepted)" in result.stdout
    assert result.stdout.endswith("2 accepted on VPC Lattice.\n")


def test_what_only_changes_does_not_fail(listed: Any) -> None:
    assert listed(accepted="egress-filter").exit_code == 0


def test_programs_get_each_place(listed: Any) -> None:
    found = json.loads(listed("--format", "json").stdout)["losses"]
    assert [(each["feature"], each["path"], each["line"]) for each in found] == [
        ("egress-filter", "mesh.egress_filter", 6),
        ("ip-preference", "mesh.ip_preference", 6),
    ]
    assert found[0]["code"] == "MK920"
    assert found[0]["severity"] == "error"
    assert found[0]["accepted"] is False


def test_a_file_that_is_only_partly_read_is_no_good(tmp_path: Path) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text(FILE.format(plane="app-mesh", accepted="").replace("DROP_ALL", "DROP"))
    result = CliRunner().invoke(app, ["losses", str(file)])
    assert result.exit_code == 1
    assert "egress-filter" not in result.stdout


def test_a_mesh_that_loses_nothing_says_so(tmp_path: Path) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text('name: shop\nregion: eu-west-1\nowner: "111111111111"\n')
    result = CliRunner().invoke(app, ["losses", str(file)])
    assert (result.exit_code, result.stdout) == (0, "Nothing lost on VPC Lattice.\n")
