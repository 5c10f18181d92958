from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from meshkit.cli.init import FILES
from meshkit.cli.main import app, main
from meshkit.local.program import run
from meshkit.topology.check import check

if TYPE_CHECKING:
    from pathlib import Path


def test_the_project_that_is_written_is_deployed(tmp_path: Path) -> None:
    folder = tmp_path / "shop"

    told = CliRunner().invoke(app, ["init", str(folder)])

    assert (told.exit_code, sorted(each.name for each in folder.iterdir())) == (0, sorted(FILES))
    assert told.output.endswith(f"Next: cd {folder} && meshkit local up .\n")
    result = run(folder)
    assert (result.failures, result.skipped) == ((), ())
    assert str(result.outputs["web_role"]).startswith("arn:aws:iam::111111111111:role/shop-web-")


def test_here_nobody_changes_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert CliRunner().invoke(app, ["init"]).output.endswith("\nNext: meshkit local up .\n")


def test_the_project_that_is_written_is_proven(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path)])

    proof = CliRunner().invoke(app, ["prove", str(tmp_path)])

    assert (proof.exit_code, check(tmp_path / "mesh.yaml").findings) == (0, ())
    assert "Proven: 3 roles, 1 endpoint." in proof.output


def test_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mesh.yaml").write_text("mine", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["meshkit", "init", str(tmp_path)])

    with pytest.raises(SystemExit, match="2"):
        main()
    assert "mesh.yaml: is there already" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mesh.yaml"]
    assert (tmp_path / "mesh.yaml").read_text("utf-8") == "mine"
