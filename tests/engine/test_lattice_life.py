"""What changes on VPC Lattice in place, what is made anew, and what goes first."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import automation as auto
from typer.testing import CliRunner

import meshkit
from meshkit.cli.main import app
from meshkit.lattice import ListenerArgs, TargetGroupArgs
from meshkit.local.calling import tried
from tests.engine.harness import ROOT, Engine, ServedCloud, counts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
HTTP = [{"port": 8080, "protocol": "http"}]
VPC = "vpc-0123456789abcdef0"


def route(prefix: str, target: str, priority: int) -> dict[str, Any]:
    return {
        "priority": priority,
        "http": {"match": {"prefix": prefix}, "targets": {target: 100}},
    }


def mesh(owner: str = "111111111111", **routes: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "data_plane": "vpc-lattice",
        "region": "eu-west-1",
        "owner": "network",
        "accounts": {"network": {"id": owner, "vpc_id": VPC}},
        "nodes": {"a": {"listeners": HTTP}, "b": {"listeners": HTTP, "backends": ["api.local"]}},
        "routers": {"api": {"listeners": HTTP, "routes": routes}},
        "services": {"api.local": {"router": "api"}},
    }


def rules(served: ServedCloud) -> dict[int, str]:
    """The prefixes of the rules of the only listener, by priority."""
    client: Any = served.cloud.client("vpc-lattice", ACCOUNTS[0], "eu-west-1")
    (service,) = client.list_services()["items"]
    named = {"serviceIdentifier": service["id"]}
    (listener,) = client.list_listeners(**named)["items"]
    named["listenerIdentifier"] = listener["id"]
    found = {}
    for each in client.list_rules(**named)["items"]:
        if not each["isDefault"]:
            rule = client.get_rule(**named, ruleIdentifier=each["id"])
            match = rule["match"]["httpMatch"]["pathMatch"]["match"]
            found[rule["priority"]] = match["prefix"]
    return found


def test_routes_that_change_places_change_rules_in_place(
    engine: Engine, served: ServedCloud
) -> None:
    def stack(**routes: Any) -> auto.Stack:
        return engine.stack(lambda: meshkit.SharedMesh("shop", mesh(**routes)))

    stack(x=route("/x", "a", 1), y=route("/y", "b", 2)).up()
    assert rules(served) == {1: "/x", 2: "/y"}

    swapped = stack(x=route("/x", "a", 2), y=route("/y", "b", 1))
    assert counts(swapped.up().summary) == {"update": 2}
    assert rules(served) == {1: "/y", 2: "/x"}
    swapped.preview(expect_no_changes=True)

    fewer = stack(x=route("/x", "a", 2))
    assert set(counts(fewer.up().summary)) == {"update", "delete"}
    assert rules(served) == {1: "/x"}
    fewer.refresh(expect_no_changes=True)
    fewer.destroy()
    assert served.leftovers(ACCOUNTS) == []


def test_a_service_that_is_made_anew_takes_its_auth_policy_along(
    engine: Engine, served: ServedCloud
) -> None:
    def stack(name: str) -> auto.Stack:
        def program() -> None:
            network = meshkit.ServiceNetwork(
                "shop", meshkit.ServiceNetworkArgs(accounts=[ACCOUNTS[0]])
            )
            group = TargetGroupArgs(vpc_id=VPC, port=8080)
            meshkit.LatticeService(
                "api",
                meshkit.LatticeServiceArgs(
                    network_arn=network.arn,
                    name=name,
                    target_groups={"v1": group},
                    listeners=[ListenerArgs(port=80, default={"v1": 1})],
                    caller_arns=[f"arn:aws:iam::{ACCOUNTS[0]}:role/web"],
                ),
            )

        return engine.stack(program)

    client: Any = served.cloud.client("vpc-lattice", ACCOUNTS[0], "eu-west-1")

    def arn_and_policy() -> tuple[str, str]:
        (service,) = client.list_services()["items"]
        policy = client.get_auth_policy(resourceIdentifier=service["arn"])["policy"]
        return service["arn"], policy

    stack("first").up()
    before, policy = arn_and_policy()
    assert before in policy

    renamed = stack("second")
    changed = counts(renamed.up().summary)
    after, policy = arn_and_policy()
    assert after != before
    assert after in policy
    assert changed["replace"] == 4  # service, listener, association, auth policy
    renamed.preview(expect_no_changes=True)
    renamed.destroy()
    assert served.leftovers(ACCOUNTS) == []


CERTIFICATE = "arn:aws:acm:eu-west-1:{}:certificate/00000000-0000-0000-0000-00000000000{}"


def moved(
    account: str,
    domain: str = "api.example.com",
    certificate: int = 1,
    protocol: str = "http",
) -> Any:
    """A service with a domain of its own, in one of two accounts."""
    settings = {
        "domain": domain,
        "certificate": CERTIFICATE.format(ACCOUNTS[int(account == "orders")], certificate),
    }
    return {
        **mesh(),
        "accounts": {
            "network": {"id": ACCOUNTS[0], "vpc_id": VPC, "assume_role": {"name": "deployer"}},
            "orders": {
                "id": ACCOUNTS[1],
                "vpc_id": "vpc-0123456789abcdef1",
                "external": True,
                "assume_role": {"name": "deployer"},
            },
        },
        "share": {"principals": ["orders"], "allow_external_principals": True},
        "nodes": {
            "a": {"account": account, "listeners": [{"port": 8080, "protocol": protocol}]},
            "b": {"backends": ["api.local"]},
        },
        "routers": {},
        "services": {"api.local": {"node": "a", "lattice": settings}},
    }


def roles(served: ServedCloud) -> list[str]:
    """The ARNs of the roles of the mesh owner."""
    client: Any = served.cloud.client("iam", ACCOUNTS[0], "eu-west-1")
    return [each["Arn"] for each in client.list_roles()["Roles"]]


@pytest.mark.parametrize(
    "after",
    [
        {"account": "orders"},
        {"account": "network", "certificate": 2},
        {"account": "network", "protocol": "grpc"},
        {"account": "network", "domain": "other.example.com"},
    ],
    ids=["account", "certificate", "protocol", "domain"],
)
def test_a_service_with_a_domain_changes_and_keeps_its_callers(
    engine: Engine, served: ServedCloud, after: dict[str, Any]
) -> None:
    def stack(**changes: Any) -> auto.Stack:
        return engine.stack(lambda: meshkit.SharedMesh("shop", moved(**changes)))

    stack(account="network").up()
    (caller,) = (each for each in roles(served) if "-b-" in each)
    changed = stack(**after)
    changed.up()
    changed.preview(expect_no_changes=True)
    changed.refresh(expect_no_changes=True)
    called = {"service": after.get("domain", "api.example.com"), "caller": caller}
    verdict = tried(served.url, called, "eu-west-1")
    assert verdict["allowed"], verdict["reason"]
    changed.destroy()
    assert served.leftovers(ACCOUNTS) == []


@pytest.fixture
def teams(tmp_path: Path) -> Path:
    folder = tmp_path / "lattice-team-stacks"
    shutil.copytree(ROOT / "examples" / "lattice-team-stacks", folder)
    return folder


def planned(folder: Path) -> list[str]:
    file = str(folder / "mesh.yaml")
    done = CliRunner().invoke(app, ["share", "plan", file, "--format", "json"])
    return [name for step in json.loads(done.stdout)["deploy"] for name in step]


def stack_of(engine: Engine, folder: Path, name: str) -> auto.Stack:
    team, _, phase = name.partition(" / ")
    return engine.example(folder / team, phase)


def test_teams_deploy_and_destroy_step_by_step(
    engine: Engine, teams: Path, record_property: Callable[[str, object], None]
) -> None:
    order = planned(teams)
    made = {name: counts(stack_of(engine, teams, name).up().summary) for name in order}
    assert {key for each in made.values() for key in each} == {"create"}
    for name in order:
        stack_of(engine, teams, name).preview(expect_no_changes=True)

    # Associations outlive the share, so the network can't go before them.
    with pytest.raises(auto.CommandError, match="ConflictException"):
        stack_of(engine, teams, "network / foundation").destroy()
    stack_of(engine, teams, "network / foundation").up()

    for name in reversed(order):
        stack_of(engine, teams, name).destroy()
    assert engine.served.leftovers(ACCOUNTS) == []
    record_property(
        "engine", f"lattice-team-stacks: {sum(map(sum, map(dict.values, made.values())))} made"
    )


def test_a_preview_out_of_order_warns_and_a_deployment_stops(engine: Engine, teams: Path) -> None:
    early = stack_of(engine, teams, "orders / endpoints")

    said: list[str] = []
    early.preview(on_output=said.append)
    assert any("not there yet" in line for line in said)
    with pytest.raises(auto.CommandError, match="deploy network / foundation first"):
        early.up()
    assert engine.served.leftovers(ACCOUNTS) == []
