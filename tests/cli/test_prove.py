"""``meshkit prove``: sources, formats and how it ends."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import UnreadableError
from tests.inspect.recordings import EXAMPLES, RECORDED

if TYPE_CHECKING:
    from typer.testing import Result

ACCOUNT = ("--account", "111111111111")
HERE = sorted(folder.name for folder in EXAMPLES.iterdir() if (folder / "Pulumi.yaml").is_file())
ZONE = "landing-zone"
"""Has no mesh, but an administrator of accounts that meshes will be in."""
OF_PRODUCTION = {"environment": "production", "blue": "90", "green": "10"}
GIVEN: dict[str, list[str]] = {
    # The program fills its file for the stack, which is the command's to know too.
    "environments": [
        *("--mesh", str(EXAMPLES / "environments" / "store.yaml"), "--stack", "production"),
        *(part for key, value in OF_PRODUCTION.items() for part in ("--var", f"{key}={value}")),
    ],
}


def prove(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["prove", *map(str, arguments)])


@pytest.mark.parametrize("name", [name for name in HERE if name != ZONE])
def test_every_example_is_proven(name: str) -> None:
    result = prove(EXAMPLES / name, *GIVEN.get(name, []))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].startswith("Proven: ")


def test_an_administrator_of_an_account_is_no_proven_role() -> None:
    result = prove(EXAMPLES / ZONE)
    assert result.exit_code == 1
    assert "MP103 role administrator of account" in result.stdout


def test_a_state_and_a_preview_are_proven_without_running_anything() -> None:
    for option, kind in (("--state", "state"), ("--preview", "preview")):
        result = prove(EXAMPLES / "shared-mesh", option, RECORDED / f"shared-mesh.{kind}.json")
        assert result.exit_code == 0, result.output
        assert "Proven: 4 roles, 4 endpoints." in result.stdout


def test_the_matrix_shows_who_may_read_what() -> None:
    result = prove(EXAMPLES / "ec2-fleet", "--state", RECORDED / "ec2-fleet.state.json")
    rows = [line.split() for line in result.stdout.splitlines() if ":role/" in line]
    marks = {row[-1].rpartition("/")[2]: row[:-1] for row in rows if row[0] in "x!-."}
    assert sum(row.count("x") for row in marks.values()) == 4
    assert sorted(marks["fleet-worker"]) == [".", ".", "x", "x"]


def test_what_a_preview_does_not_tell_is_open_unless_that_is_allowed() -> None:
    given = ("--preview", RECORDED / "components.preview.json", *ACCOUNT)
    open_ = prove(EXAMPLES / "components", *given)
    assert open_.exit_code == 2
    assert "can't tell what policy" in open_.stdout
    assert "Not proven: 8 open" in open_.stdout
    assert prove(EXAMPLES / "components", *given, "--allow-unknown").exit_code == 0


PROGRAM = """
    import json
    import pulumi
    import pulumi_aws as aws
    import meshkit

    mesh = meshkit.SharedMesh("orders", "mesh.yaml")
    aws.iam.RolePolicy(
        "extra",
        role="orders-api",
        policy=json.dumps({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "appmesh:*", "Resource": "*"}}),
        opts=pulumi.ResourceOptions(provider=mesh.providers["platform"], depends_on=[mesh]),
    )
"""
MESH = """
    name: orders
    region: eu-west-1
    owner: platform
    accounts: {platform: {id: "111111111111", assume_role: {name: mesh-deployer}}}
    nodes:
      api:
        role: {name: orders-api}
        listeners: [{port: 8080, protocol: http}]
        service_discovery: {dns: api.orders.local}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: orders\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(textwrap.dedent(PROGRAM))
    (tmp_path / "mesh.yaml").write_text(textwrap.dedent(MESH))
    return tmp_path


def test_a_violation_names_its_place_statement_reason_and_mend(project: Path) -> None:
    result = prove(project)
    assert result.exit_code == 1
    (line,) = [each for each in result.stdout.splitlines() if "MP103" in each]
    assert line.startswith(f"{project}/__main__.py:8:1: MP103 role orders-api")
    assert '"Action": "appmesh:*"' in line
    assert "It covers every proxy" in line
    assert "Mend: Name the ARN" in line


def test_json_has_the_whole_proof(project: Path) -> None:
    result = prove(project, "--format", "json")
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert data["ok"] is False
    (role,) = data["roles"]
    assert role["arn"] == "arn:aws:iam::111111111111:role/orders-api"
    assert role["declaredBy"] == "file"
    assert role["mayRead"] == role["declared"] == data["endpoints"]
    (violation,) = data["violations"]
    assert (violation["code"], violation["line"]) == ("MP103", 8)
    assert violation["role"] == role["arn"]


def test_sarif_is_for_code_scanning(project: Path) -> None:
    result = prove(project, "--format", "sarif")
    assert result.exit_code == 1
    (run,) = json.loads(result.stdout)["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["MP103"]


def test_a_mesh_without_its_file_is_not_taken_for_proven(project: Path) -> None:
    (project / "mesh.yaml").rename(project / "orders.yaml")
    program = project / "__main__.py"
    program.write_text(program.read_text().replace("mesh.yaml", "orders.yaml"))
    with pytest.raises(UnreadableError, match="give it with --mesh FILE"):
        CliRunner().invoke(app, ["prove", str(project)], catch_exceptions=False)
    assert prove(project, "--mesh", project / "orders.yaml").exit_code == 1


def test_a_program_that_fails_is_not_proven(project: Path) -> None:
    (project / "__main__.py").write_text("raise ValueError('no')\n")
    result = prove(project)
    assert result.exit_code == 2
    assert "__main__.py:1: ValueError: no" in result.stderr
    assert "not all of it could be run: __main__.py:1: ValueError: no (" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Not proven: ")
    assert json.loads(prove(project, "--format", "json").stdout)["ok"] is False
    assert prove(project, "--allow-unknown").exit_code == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [("", "not JSON"), ("{}", "no steps"), ('{"version": 3, "deployment": {}}', "--state")],
)
def test_a_file_that_is_no_preview_is_refused(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "preview.json"
    file.write_text(content)
    with pytest.raises(UnreadableError, match=told):
        CliRunner().invoke(
            app, ["prove", str(tmp_path), "--preview", str(file)], catch_exceptions=False
        )
    with pytest.raises(UnreadableError, match="No such file"):
        CliRunner().invoke(
            app, ["prove", str(tmp_path), "--state", str(tmp_path / "x")], catch_exceptions=False
        )


def test_a_preview_and_a_state_at_once_are_one_too_many() -> None:
    result = prove("--preview", "a", "--state", "b")
    assert result.exit_code == 2
    assert "one of --preview and --state" in result.stderr
