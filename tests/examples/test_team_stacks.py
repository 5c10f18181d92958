"""The stacks of three teams: every valid order, and each order that is not valid."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from tests.examples.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.outcome import Run

FOLDER = Path(__file__).parents[2] / "examples" / "team-stacks"
ACCOUNTS = ("111111111111", "222222222222", "333333333333")


@cache
def waits() -> dict[str, frozenset[str]]:
    """What each slice waits for, as `meshkit share plan` prints it."""
    file = str(FOLDER / "mesh.yaml")
    done = CliRunner().invoke(app, ["share", "plan", file, "--format", "json"])
    data = json.loads(done.stdout)
    return {each["name"]: frozenset(each["after"]) for each in data["slices"]}


def orders(done: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every order in which each slice comes after those it waits for."""
    if len(done) == len(waits()):
        yield done
    for name, after in waits().items():
        if name not in done and after <= set(done):
            yield from orders((*done, name))


ORDERS = tuple(orders())


def deploy(cloud: Cloud, name: str) -> Run:
    team, _, phase = name.partition(" / ")
    return run(FOLDER / team, stack=phase, cloud=cloud)


def new_cloud() -> Cloud:
    return Cloud(account=ACCOUNTS[0], region="eu-west-1")


def found(cloud: Cloud) -> None:
    landscape_of(FOLDER, {}).found()


@cache
def together() -> dict[str, Any]:
    with new_cloud() as cloud:
        found(cloud)
        assert run(FOLDER, cloud=cloud).ok
        return picture(cloud, ACCOUNTS[0], ACCOUNTS, "shop")


def separately(order: tuple[str, ...]) -> dict[str, Any]:
    with new_cloud() as cloud:
        found(cloud)
        for name in order:
            outcome = deploy(cloud, name)
            assert (outcome.failures, outcome.skipped) == ((), ()), (name, order)
        return picture(cloud, ACCOUNTS[0], ACCOUNTS, "shop")


def test_the_plan_leaves_the_teams_room() -> None:
    assert len(ORDERS) == 30


@pytest.mark.parametrize("order", ORDERS[::10], ids=range(len(ORDERS[::10])))
def test_teams_make_what_one_program_makes(order: tuple[str, ...]) -> None:
    assert separately(order) == together()


@pytest.mark.slow
def test_teams_make_what_one_program_makes_in_every_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for order in ORDERS:
        assert separately(order) == together()
    with capsys.disabled():
        print(f"\n{len(ORDERS)} orders of the teams' stacks make one cloud")  # noqa: T201, figure


@pytest.mark.parametrize("name", [name for name, after in waits().items() if after])
def test_a_stack_without_one_it_waits_for_names_that_one(name: str) -> None:
    for left_out in waits()[name]:
        with new_cloud() as cloud:
            found(cloud)
            needed = before(name) - after(left_out)
            for each in (each for each in ORDERS[0] if each in needed):
                assert deploy(cloud, each).ok
            outcome = deploy(cloud, name)

            (failure,) = outcome.failures
            assert f"{name}: not there yet: " in failure.message
            first = failure.message.partition("deploy ")[2].partition(" first")[0]
            assert left_out in first.split(" and ")
            assert not [each for each in outcome.graph if each.type.startswith("aws:")]


def before(name: str) -> set[str]:
    return set(waits()[name]).union(*(before(each) for each in waits()[name]))


def after(name: str) -> set[str]:
    return {each for each in waits() if name in before(each)} | {name}


def test_the_command_deploys_teams_in_turn_and_stops_at_the_first_failure() -> None:
    programs = [f"{FOLDER}/{each.replace(' / ', '@')}" for each in ORDERS[0]]
    done = CliRunner().invoke(app, ["local", "up", *programs, "--format", "json"])

    assert done.exit_code == 0
    runs = json.loads(done.stdout)["programs"]
    assert [each["stack"] for each in runs] == [each.partition(" / ")[2] for each in ORDERS[0]]

    stopped = CliRunner().invoke(app, ["local", "up", programs[0], programs[-1], programs[1]])
    assert stopped.exit_code == 1
    assert "not there yet" in stopped.stdout
    assert f"{programs[1]}: not run" in stopped.stdout
