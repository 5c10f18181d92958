from __future__ import annotations

import json
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.config.schema import json_schema, zone_schema
from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from pathlib import Path

runner = CliRunner()


def test_the_schema_is_printed() -> None:
    result = runner.invoke(app, ["schema"])

    assert result.exit_code == 0
    assert json.loads(result.stdout) == json_schema()


def test_the_schema_is_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"

    result = runner.invoke(app, ["schema", "--output", str(file)])

    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(file.read_text("utf-8")) == json_schema()


def test_a_file_that_can_t_be_written_is_told(tmp_path: Path) -> None:
    result = runner.invoke(app, ["schema", "--output", str(tmp_path / "no" / "schema.json")])

    assert isinstance(result.exception, MeshkitError)
    assert "schema.json: can't be written: No such file or directory" in str(result.exception)


def test_the_schema_of_landing_zones_is_another() -> None:
    result = runner.invoke(app, ["schema", "landing-zone"])

    assert result.exit_code == 0
    assert json.loads(result.stdout) == zone_schema()
