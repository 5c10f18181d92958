from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import ConfigError, MeshkitError, UnreadableError
from tests.inspect.report.test_page import Outline

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """\
import json
import pulumi_aws as aws
import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")
aws.appmesh.VirtualNode("extra", name="extra", mesh_name=mesh.mesh_arn.apply(lambda _: "shop"),
    spec={"listeners": []})
aws.iam.RolePolicy("wide", role=mesh.nodes["web"].role_name, policy=json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "appmesh:*", "Resource": "*"}]}))
"""
MESH = """\
name: shop
region: eu-west-1
owner: "111111111111"
nodes: {web: {}, api: {}}
"""


def report(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "report.html"


def program(folder: Path) -> Path:
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "mesh.yaml").write_text(MESH)
    (folder / "__main__.py").write_text(PROGRAM)
    return folder


def test_a_program_is_reported_with_names_of_its_file(out: Path) -> None:
    result = report(ROOT / "examples" / "shared-mesh", "-o", out)
    texts = Outline(out.read_text("utf-8")).texts

    assert (result.exit_code, result.stdout) == (0, "")
    assert "Proven: every role may do what is declared for it, and nothing else." in texts
    assert "storefront" in texts
    assert any(text == "orders 222222222222" for text in texts)


def test_a_mesh_file_alone_is_reported_too(out: Path) -> None:
    result = report(ROOT / "examples" / "shared-mesh" / "mesh.yaml", "-o", out)
    texts = Outline(out.read_text("utf-8")).texts

    assert result.exit_code == 0
    assert "Proven: every role may do what is declared for it, and nothing else." in texts


def test_a_violation_is_told_and_what_was_written_by_hand_is_drawn(
    tmp_path: Path, out: Path
) -> None:
    result = report(program(tmp_path), "-o", out)
    texts = Outline(out.read_text("utf-8")).texts

    assert result.exit_code == 1
    assert any(text.startswith("Not proven: ") for text in texts)
    assert any("appmesh:*" in text for text in texts)
    assert "extra" in texts


def test_a_program_that_fails_is_never_proven(tmp_path: Path, out: Path) -> None:
    folder = program(tmp_path)
    (folder / "__main__.py").write_text(
        "import meshkit\nmeshkit.SharedMesh('shop', 'mesh.yaml')\nraise SystemExit(3)\n"
    )
    result = report(folder, "-o", out)

    assert result.exit_code == 2
    verdict = "Not proven: the program did not come to its end, and this is a part of it."
    assert verdict in Outline(out.read_text("utf-8")).texts


def test_a_state_is_reported(tmp_path: Path, out: Path) -> None:
    urn = "urn:pulumi:dev::shop::aws:appmesh/virtualNode:VirtualNode::web"
    arn = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/web"
    node = {
        "urn": urn,
        "custom": True,
        "type": "aws:appmesh/virtualNode:VirtualNode",
        "id": "x",
        "inputs": {"name": "web", "meshName": "shop", "spec": {}},
        "outputs": {"arn": arn, "name": "web", "meshName": "shop"},
    }
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": [node]}}))
    result = report("--state", state, "-o", out, "--account", "111111111111")

    assert result.exit_code in (1, 2)  # nobody can read the endpoint
    assert "node web" in out.read_text("utf-8")


def test_faults_of_the_file_are_told_and_nothing_is_written(out: Path) -> None:
    result = report(ROOT / "docs" / "examples" / "faults" / "mesh.yaml", "-o", out)

    assert isinstance(result.exception, ConfigError)
    assert not out.exists()


def test_what_can_t_be_read_or_written_is_told(tmp_path: Path, out: Path) -> None:
    missing = report(tmp_path / "none.yaml", "-o", out).exception
    assert isinstance(missing, UnreadableError)
    assert str(missing).endswith("none.yaml: MK001 can't be read: No such file or directory")
    assert report("--state", tmp_path / "none.json", "-o", out).exit_code != 0
    written = report(ROOT / "examples" / "components", "-o", tmp_path / "no" / "report.html")
    assert isinstance(written.exception, MeshkitError)
    assert "can't be written" in str(written.exception)


def test_a_mesh_file_does_not_go_with_a_preview(out: Path) -> None:
    file = ROOT / "examples" / "shared-mesh" / "mesh.yaml"

    assert report(file, "--preview", file, "-o", out).exit_code == 2
