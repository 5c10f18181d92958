"""The stacks of three teams under the real engine: deployed in order, and torn down in order."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from pulumi import automation as auto
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.local.program import run
from tests.engine.harness import ROOT, Engine, counts, edit
from tests.examples.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

ACCOUNTS = ("111111111111", "222222222222", "333333333333")


@pytest.fixture
def teams(engine: Engine, tmp_path: Path) -> Path:
    """The folder of the teams, in a cloud with their organization."""
    folder = tmp_path / "team-stacks"
    shutil.copytree(ROOT / "examples" / "team-stacks", folder)
    return folder


def planned(folder: Path) -> list[list[str]]:
    file = str(folder / "mesh.yaml")
    done = CliRunner().invoke(app, ["share", "plan", file, "--format", "json"])
    steps: list[list[str]] = json.loads(done.stdout)["deploy"]
    return steps


def stack_of(engine: Engine, folder: Path, name: str) -> auto.Stack:
    team, _, phase = name.partition(" / ")
    return engine.example(folder / team, phase)


@pytest.mark.parametrize("turned", [False, True], ids=["as planned", "each step backwards"])
def test_teams_deploy_and_destroy_step_by_step(
    engine: Engine,
    teams: Path,
    turned: bool,
    record_property: Callable[[str, object], None],
) -> None:
    steps = [step[::-1] if turned else step for step in planned(teams)]
    order = [name for step in steps for name in step]
    made = {name: counts(stack_of(engine, teams, name).up().summary) for name in order}

    separately = picture(engine.served.cloud, ACCOUNTS[0], ACCOUNTS, "shop")
    for name in reversed(order):
        stack_of(engine, teams, name).destroy()
    assert engine.served.leftovers(ACCOUNTS) == []

    assert run(teams, cloud=engine.served.cloud).ok
    assert separately == picture(engine.served.cloud, ACCOUNTS[0], ACCOUNTS, "shop")
    record_property("engine", f"team-stacks: {sum(map(sum, map(dict.values, made.values())))} made")


def test_a_team_changes_its_own_part_and_nobody_else_s(engine: Engine, teams: Path) -> None:
    order = [name for step in planned(teams) for name in step]
    for name in order:
        stack_of(engine, teams, name).up()

    edit(teams / "mesh.yaml", "path: /healthz", "path: /live")

    changed = {name: counts(stack_of(engine, teams, name).up().summary) for name in order}
    assert changed.pop("orders / endpoints") == {"update": 1}
    assert set(map(str, changed.values())) == {"{}"}


def test_a_preview_out_of_order_warns_and_a_deployment_stops(engine: Engine, teams: Path) -> None:
    early = stack_of(engine, teams, "orders / routing")

    said: list[str] = []
    early.preview(on_output=said.append)
    assert any("not there yet" in line for line in said)

    with pytest.raises(auto.CommandError, match="deploy network / foundation first"):
        early.up()
    assert engine.served.leftovers(ACCOUNTS) == []


def test_a_foundation_torn_down_first_leaves_what_the_teams_made_to_the_owner(
    engine: Engine, teams: Path
) -> None:
    """The documented state: consumers are shut out, and their things stay, for the owner to see."""
    for name in ("network / foundation", "orders / endpoints"):
        stack_of(engine, teams, name).up()
    before = picture(engine.served.cloud, ACCOUNTS[0], ACCOUNTS, "shop")["mesh"]

    with pytest.raises(auto.CommandError, match="ResourceInUse"):
        stack_of(engine, teams, "network / foundation").destroy()

    assert picture(engine.served.cloud, ACCOUNTS[0], ACCOUNTS, "shop")["mesh"] == before
    consumer = engine.served.cloud.client("appmesh", ACCOUNTS[1], "eu-west-1")
    with pytest.raises(Exception, match="Forbidden"):
        consumer.list_virtual_nodes(meshName="shop", meshOwner=ACCOUNTS[0])
    with pytest.raises(auto.CommandError, match="Forbidden"):
        stack_of(engine, teams, "orders / endpoints").destroy()


def without_billing(folder: Path) -> None:
    """Take a team out of the file: what it has, what leads there, and it as a principal."""
    file = folder / "mesh.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))
    data["share"]["principals"] = ["orders"]
    for section, names in {
        "nodes": ("catalog", "invoices"),
        "routers": ("catalog",),
        "services": ("catalog.shop.local", "invoices.shop.local"),
    }.items():
        for name in names:
            del data[section][name]
    del data["nodes"]["storefront"]["backends"]
    del data["gateways"]["ingress"]["routes"]["invoices"]
    file.write_text(yaml.safe_dump(data), "utf-8")


def shown_with_sames(engine: Engine, stack: auto.Stack, monkeypatch: pytest.MonkeyPatch) -> str:
    """The preview as a command line asks for it: pulumi's own interface can't."""
    run_command = engine.command.run

    def with_sames(args: list[str], *others: Any) -> Any:
        return run_command([*args, *(["--show-sames"] if "preview" in args else [])], *others)

    with monkeypatch.context() as patched:
        patched.setattr(engine.command, "run", with_sames)
        return stack.preview(json=True, suppress_progress=True).stdout


def asked(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def test_a_team_that_goes_before_its_stacks_does_not_go_silently(
    engine: Engine, teams: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in planned(teams):
        for name in step:
            stack_of(engine, teams, name).up()
    without_billing(teams)
    file, billing = str(teams / "mesh.yaml"), ACCOUNTS[2]

    for name in ("network / routing", "network / endpoints"):
        stack_of(engine, teams, name).up()
    last = stack_of(engine, teams, "network / foundation")
    preview = tmp_path / "preview.json"
    preview.write_text(shown_with_sames(engine, last, monkeypatch), "utf-8")
    code, told = asked("prove", "--preview", str(preview), "--mesh", file, "--account", ACCOUNTS[0])
    assert code == 2
    assert f"principal {billing} goes" in told
    assert "meshkit share status --leaving" in told
    code, told = asked("share", "status", file, "--leaving", billing)
    assert code == 1
    assert f"virtual node invoices of {billing}; its proxies get no configuration" in told

    assert counts(last.up().summary) == {"delete": 1}
    code, told = asked("share", "status", file, "--format", "json")
    left = {each["name"] for each in json.loads(told)["resources"] if each["orphaned"]}
    assert (code, left) == (1, {"catalog", "invoices", "invoices.shop.local"})
