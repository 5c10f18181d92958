from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import MeshkitError

runner = CliRunner()


class NoModules:
    """Finds none of the modules that the local cloud is made of."""

    def find_spec(self, name: str, *_rest: Any) -> None:
        if name == "meshkit.cli.up":
            raise ModuleNotFoundError(name="moto")


def test_the_help_lists_the_commands_and_imports_no_late_ones() -> None:
    sys.modules.pop("meshkit.cli.local", None)

    result = runner.invoke(app, ["--help"])

    assert result.exit_code == 0
    assert all(name in result.stdout for name in ("validate", "schema", "local"))
    assert "meshkit.cli.local" not in sys.modules


@pytest.mark.parametrize("arguments", [["--help"], ["local", "--help"]])
def test_the_help_is_complete_and_offers_nothing_of_the_shell(arguments: list[str]) -> None:
    shown = runner.invoke(app, arguments).stdout

    assert not any(line.endswith("...") for line in shown.splitlines()[1:])
    assert "completion" not in shown


def test_a_late_command_runs_with_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    group = typer.Typer()

    @group.callback()
    def begin() -> None: ...

    @group.command()
    def up(folder: str) -> None:
        typer.echo(f"up {folder}")

    module = ModuleType("meshkit.cli.local")
    monkeypatch.setattr(module, "app", group, raising=False)
    monkeypatch.setitem(sys.modules, "meshkit.cli.local", module)

    assert runner.invoke(app, ["local", "up", "x"]).stdout == "up x\n"
    assert "Usage: root local" in runner.invoke(app, ["local", "up"]).stderr


def test_a_late_command_without_its_libraries_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "meshkit.cli.up", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoModules(), *sys.meta_path])

    result = runner.invoke(app, ["local", "up"])

    assert isinstance(result.exception, MeshkitError)
    assert str(result.exception) == "root local up needs more: pip install 'meshkit[local]'"


@pytest.mark.parametrize(("typed", "meant"), [("prov", "prove"), ("validat", "validate")])
def test_a_misspelt_command_is_told_the_right_one(typed: str, meant: str) -> None:
    result = runner.invoke(app, [typed])

    assert result.exit_code == 2
    assert f"Did you mean '{meant}'?" in result.output
