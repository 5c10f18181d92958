from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import ConfigError, MeshkitError, UnreadableError

ROOT = Path(__file__).resolve().parents[2]
SHOP = str(ROOT / "examples" / "shared-mesh" / "mesh.yaml")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["diagram", *arguments])


def test_mermaid_is_printed() -> None:
    result = run(SHOP)

    assert result.exit_code == 0
    assert result.stdout.startswith("flowchart LR\n")


def test_svg_is_printed_on_demand() -> None:
    assert ET.fromstring(run(SHOP, "--format", "svg").stdout).get("class") == "mk"


@pytest.mark.parametrize(
    ("name", "options", "start"),
    [
        ("mesh.svg", [], "<svg "),
        ("mesh.mmd", [], "flowchart "),
        ("mesh.svg", ["--format", "mermaid"], "flowchart "),
        ("mesh.txt", ["--format", "svg"], "<svg "),
    ],
)
def test_a_file_is_what_its_name_says_unless_told(
    tmp_path: Path, name: str, options: list[str], start: str
) -> None:
    result = run(SHOP, "-o", str(tmp_path / name), *options)

    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / name).read_text("utf-8").startswith(start)


@pytest.mark.parametrize(
    ("detail", "word"), [("auto", "storefront.shop.local"), ("accounts", "1 call to orders")]
)
def test_the_detail_can_be_chosen(detail: str, word: str) -> None:
    assert word in run(SHOP, "--detail", detail).stdout


def test_faults_are_told_and_nothing_is_drawn(tmp_path: Path) -> None:
    out = tmp_path / "mesh.svg"
    result = run(str(ROOT / "docs" / "examples" / "faults" / "mesh.yaml"), "-o", str(out))

    assert isinstance(result.exception, ConfigError)
    assert not out.exists()


def test_what_can_t_be_read_or_written_is_told(tmp_path: Path) -> None:
    assert isinstance(run(str(tmp_path / "none.yaml")).exception, UnreadableError)
    written = run(SHOP, "-o", str(tmp_path / "no" / "mesh.svg"))
    assert isinstance(written.exception, MeshkitError)
    assert "can't be written" in str(written.exception)
