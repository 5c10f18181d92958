from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from meshkit.cli import validate
from meshkit.cli.main import app, main

GOOD = """\
name: shop
region: eu-west-1
owner: network
accounts: {network: {id: "111111111111", assume_role: {name: deployer}}}
nodes: {a: {}}
"""
BAD = GOOD.replace("{a: {}}", "{a: {listners: [], backends: [nowhere]}}")
ROOT = Path(__file__).resolve().parents[2]
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    (tmp_path / "broken.yaml").write_text("a: [")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Any:
    return runner.invoke(app, ["validate", *arguments])


def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "meshkit.cli", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **options},
    )


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["good.yaml"], 0),
        (["good.yaml", "--strict"], 1),
        (["bad.yaml"], 1),
        (["good.yaml", "bad.yaml"], 1),
        (["broken.yaml"], 2),
        (["bad.yaml", "broken.yaml", "good.yaml"], 2),
        (["none.yaml"], 2),
        ([], 2),
        (["good.yaml", "--var", "x"], 2),
        (["good.yaml", "--var", "1=2"], 2),
        (["good.yaml", "--format", "xml"], 2),
    ],
)
def test_the_exit_code_tells_findings_from_what_can_t_be_read(
    arguments: list[str], code: int
) -> None:
    assert run(*arguments).exit_code == code


@pytest.mark.usefixtures("folder")
def test_findings_are_lines_on_standard_output_with_a_summary() -> None:
    result = run("broken.yaml", "bad.yaml")

    first, *lines = result.stdout.splitlines()
    assert first == "broken.yaml:2:1: MK003 a value is wanted here"
    assert any(
        line == 'bad.yaml:5:13: nodes.a.listners: MK101 no key "listners" (did you mean '
        '"listeners"?)'
        for line in lines
    )
    assert any(line.startswith("bad.yaml:5:38: ") and " MK201 " in line for line in lines)
    assert lines[-1] == "2 errors, 1 warning, 1 unreadable file in 2 files."
    assert result.stderr == ""


@pytest.mark.usefixtures("folder")
def test_json_holds_every_file_and_nothing_else_is_on_standard_output() -> None:
    data = json.loads(run("bad.yaml", "broken.yaml", "--format", "json").stdout)

    assert [file["file"] for file in data["files"]] == ["bad.yaml", "broken.yaml"]
    assert data["files"][1] == {
        "file": "broken.yaml",
        "unreadable": "broken.yaml:2:1: MK003 a value is wanted here",
        "findings": [],
    }
    assert {
        "code": "MK101",
        "severity": "error",
        "path": "nodes.a.listners",
        "message": 'no key "listners" (did you mean "listeners"?)',
        "file": "bad.yaml",
        "line": 5,
        "column": 13,
    } in data["files"][0]["findings"]


def test_variables_are_read_as_yaml_but_account_ids_stay_text() -> None:
    values = validate.parsed_vars(["A=8080", "B=true", "C=111111111111", "D=x=y", "E="])

    assert values == {"A": 8080, "B": True, "C": "111111111111", "D": "x=y", "E": None}


def test_variables_reach_the_file_and_those_not_given_may_wait(folder: Path) -> None:
    text = GOOD.replace("shop", "shop-${var.ENV}").replace(
        "{a: {}}", "{a: {tags: {t: '${var.T}'}}}"
    )
    (folder / "vars.yaml").write_text(text)

    assert run("vars.yaml", "--var", "ENV=dev").exit_code == 0
    without = run("vars.yaml")
    assert without.exit_code == 1
    assert "--var ENV=…" in without.stdout


def test_a_variable_that_no_file_uses_is_a_warning_for_each(folder: Path) -> None:
    (folder / "vars.yaml").write_text(GOOD.replace("shop", "shop-${var.stage}"))

    one = run("vars.yaml", "--var", "stag=1", "--var", "stage=dev").stdout
    two = run("vars.yaml", "good.yaml", "--var", "stag=1", "--var", "stage=dev").stdout

    assert [line for line in one.splitlines() if "MK017" in line] == [
        'vars.yaml:1:1: warning MK017 no ${var.stag} in the file (did you mean "stage"?)'
    ]
    assert [line for line in two.splitlines() if "MK017" in line] == [
        'vars.yaml:1:1: warning MK017 no ${var.stag} in the file (did you mean "stage"?)',
        "good.yaml:1:1: warning MK017 no ${var.stag} in the file",
    ]
    assert "MK017" not in run("vars.yaml", "broken.yaml", "--var", "other=1").stdout


def test_colours_are_for_terminals_only(folder: Path) -> None:
    assert "\x1b" not in command("validate", str(folder / "bad.yaml")).stdout


def test_the_version_is_told() -> None:
    result = runner.invoke(app, ["--version"])

    assert result.exit_code == 0
    assert result.stdout.startswith("meshkit ")


@pytest.mark.usefixtures("folder")
def test_a_process_without_standard_output_keeps_its_exit_code() -> None:
    shell = f'"{sys.executable}" -m meshkit.cli validate good.yaml >&-'
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(shell, shell=True, check=False, capture_output=True, text=True, env=env)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_pipe_ends_quietly(folder: Path) -> None:
    nodes = "\n".join(f"  n{i}: {{x: 1}}" for i in range(3000))
    (folder / "long.yaml").write_text(GOOD.replace("nodes: {a: {}}", f"nodes:\n{nodes}"))

    shell = f"{sys.executable} -m meshkit.cli validate long.yaml | head -n 1"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(shell, shell=True, check=False, capture_output=True, text=True, env=env)

    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_an_interrupt_ends_quietly(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")  # the command waits for someone to write
    process = subprocess.Popen(
        [sys.executable, "-m", "meshkit.cli", "validate", "pipe.yaml"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    writer = open_once_there_is_a_reader(folder / "pipe.yaml")
    time.sleep(0.2)  # until it waits in the call itself, where no signal can be overlooked
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    os.close(writer)

    assert (process.returncode, out, err) == (130, "", "")


def open_once_there_is_a_reader(pipe: Path) -> int:
    while True:
        with contextlib.suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.02)


@pytest.mark.usefixtures("folder")
def test_a_bug_is_one_line_that_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise KeyError("hunter2")

    monkeypatch.setattr(validate, "check_file", broken)
    monkeypatch.setattr(sys, "argv", ["meshkit", "validate", "good.yaml"])

    with pytest.raises(SystemExit) as ended:
        main()

    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert len(error.splitlines()) == 1
    assert "KeyError at test_validate.py:" in error
    assert "please report it" in error
    assert "hunter2" not in error

    monkeypatch.setenv("MESHKIT_DEBUG", "1")
    with pytest.raises(SystemExit):
        main()
    assert "Traceback" in capsys.readouterr().err


def test_validate_starts_without_the_local_cloud() -> None:
    code = (
        "import sys; import meshkit.cli; "
        "print([name for name in ('moto', 'boto3', 'pulumi') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )

    assert done.stdout.strip() == "[]"


def test_a_landing_zone_is_checked_by_its_own_rules(folder: Path) -> None:
    zone = folder / "zone.yaml"
    zone.write_text(
        "landing_zone: acme\nregion: eu-west-1\n"
        'organization: {id: o-exampleorg1, management_account: "111111111111"}\n'
        "accounts: {orders: {unit: nowhere, email: orders@acme.io}}\n"
    )
    result = run("zone.yaml", "good.yaml", "--var", "OTHER=1")

    assert result.exit_code == 1
    assert "zone.yaml:4:27: accounts.orders.unit: MK975" in result.stdout
    assert "no ${var.OTHER} in the file" in result.stdout
