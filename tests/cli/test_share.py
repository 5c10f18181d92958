"""``meshkit share``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from meshkit.cli.main import app
from tests.topology.test_slices import mesh_file


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
