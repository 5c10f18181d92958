"""``explain`` and ``who-can``, on the recorded state of an example."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from meshkit.cli import explain, who_can
from meshkit.cli.main import app
from meshkit.cli.source import Program
from meshkit.graph import Graph, Resource, Secret
from meshkit.local.cloud import Cloud
from meshkit.local.services.authorization import encoded
from meshkit.policy.evaluation import Caller, Layers, Request, evaluate
from tests.inspect.graphs import ORDERS, document, node, role

ROOT = Path(__file__).resolve().parents[2]
STATE = str(ROOT / "tests/inspect/recorded/shared-mesh.state.json")
EXAMPLE = str(ROOT / "examples/shared-mesh")
MESH = str(ROOT / "examples/shared-mesh/mesh.yaml")
READ = "appmesh:StreamAggregatedResources"
HEAD = "arn:aws:appmesh:eu-west-1"
CATALOG = f"{HEAD}:333333333333:mesh/shop@111111111111/virtualNode/catalog-v1"
INGRESS = f"{HEAD}:111111111111:mesh/shop/virtualGateway/ingress"
SESSION = "arn:aws:sts::333333333333:assumed-role/shop-catalog-v1-1c233b97/task-1"
ROLE = "arn:aws:iam::333333333333:role/mesh/shop-catalog-v1-1c233b97"
DENIED = f"User: {SESSION} is not authorized to perform: {READ} on resource: {{}} because no "
DENIED += f"identity-based policy allows the {READ} action"
runner = CliRunner()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_EXTERNAL_ID", "example")
    monkeypatch.chdir(ROOT / "examples/shared-mesh")


def run(*arguments: str, **options: Any) -> Any:
    return runner.invoke(app, list(arguments), **options)


def test_a_role_is_explained_by_the_lines_of_the_mesh_file() -> None:
    result = run("explain", "catalog-v1", "--state", STATE)

    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == ROLE
    assert f"  for {CATALOG}" in lines
    number = Path(MESH).read_text().splitlines().index("  catalog-v1:") + 2
    assert any(f"mesh.yaml:{number}:5 nodes.catalog-v1" in line for line in lines)


def test_a_role_is_explained_as_data() -> None:
    told = json.loads(run("explain", ROLE, "--state", STATE, "--format", "json").stdout)

    assert told["arn"] == ROLE
    assert told["endpoints"] == [CATALOG]
    read = next(each for each in told["statements"] if each["sid"] == "ReadOwnConfiguration")
    assert json.loads(read["statement"])["Resource"] == CATALOG
    assert read["asked_for_at"][0]["path"] == "nodes.catalog-v1"


def test_who_can_names_the_one_proxy() -> None:
    result = run("who-can", READ, CATALOG, "--state", STATE)

    assert result.exit_code == 0, result.output
    assert f"yes  {ROLE}" in result.stdout
    assert "1 role or user can do" in result.stdout


def test_who_can_as_data() -> None:
    told = json.loads(run("who-can", READ, INGRESS, "--state", STATE, "--format", "json").stdout)

    (who,) = told["who"]
    assert who["answer"] == "yes"
    assert "shop-ingress" in who["arn"]
    assert "mesh.yaml:" in who["place"]


def test_nobody_can_do_what_nobody_was_given() -> None:
    result = run("who-can", "appmesh:DeleteVirtualGateway", INGRESS, "--state", STATE)

    assert result.stdout.startswith("0 roles and users can do")
    assert result.exit_code == 0


def test_a_refusal_is_explained_without_a_program() -> None:
    result = run("explain", "--denied", DENIED.format(INGRESS))

    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[:2] == [
        f"{SESSION} was refused {READ} on {INGRESS}",
        "  by the identity-based policies of the caller, for want of an Allow",
    ]
    statement = json.loads(result.stdout.partition(":\n")[2])
    assert statement == {"Effect": "Allow", "Action": READ, "Resource": INGRESS}


@pytest.mark.parametrize(
    ("resource", "told"),
    [(INGRESS, "no identity-based policy allows"), (CATALOG, "what is deployed differs")],
)
def test_a_refusal_is_held_against_a_program(resource: str, told: str) -> None:
    result = run("explain", "--denied", "-", "--state", STATE, input=DENIED.format(resource))

    assert "In this program: " in result.stdout
    assert told in result.stdout.splitlines()[-1]


def test_a_refusal_as_data() -> None:
    result = run("explain", "--denied", DENIED.format(INGRESS), "--format", "json")
    told = json.loads(result.stdout)

    assert (told["caller"], told["refused_by"], told["explicit"]) == (SESSION, "identity", False)
    assert told["statement"]["Resource"] == INGRESS
    assert told["program"] is None


def test_an_encoded_message_is_decoded_by_sts() -> None:
    request = Request("ec2:RunInstances", "*", Caller(SESSION))
    code = encoded(request, evaluate(request, Layers()))
    text = f"You are not authorized. Encoded authorization failure message: {code}"
    with Cloud(account="333333333333", region="eu-west-1"):
        result = run("explain", "--denied", text)

    assert result.stdout.startswith(f"{SESSION} was refused ec2:RunInstances on *\n")
    assert result.exit_code == 0


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the commands look at a program of these resources."""

    def looked_at(*resources: Resource, complete: bool = True) -> None:
        failure = "" if complete else "it failed"
        found = Program(Graph(resources), (), (), "program", failure)
        for command in (explain, who_can):
            monkeypatch.setattr(command, "asked_for", lambda *_, **__: found)

    return looked_at


NODE = node("a")
OWN = {"Effect": "Allow", "Action": READ, "Resource": NODE}
BOUND = {**OWN, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}


def test_who_can_tells_what_it_can_not_tell(program: Callable[..., None]) -> None:
    program(*role("a", OWN), *role("b", BOUND))
    result = run("who-can", READ, NODE)

    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"yes  arn:aws:iam::{ORDERS}:role/a",
        "    __main__.py:8:1: statement 1 of policy a-policy",
        f"can't tell  arn:aws:iam::{ORDERS}:role/b",
        '    statement 1: the request does not tell its context key "aws:SourceVpc": give it',
        f"1 role or user can do {READ} on {NODE}, 1 more perhaps.",
    ]


def test_a_program_that_did_not_run_to_its_end_is_not_told_wholly(
    program: Callable[..., None],
) -> None:
    program(*role("a", OWN), complete=False)

    assert run("who-can", READ, NODE).exit_code == 2
    assert run("explain", "a").exit_code == 2
    program(*role("a", OWN))
    assert run("who-can", READ, NODE).exit_code == 0
    assert run("explain", "a").exit_code == 0


def test_a_hand_written_role_is_explained(program: Callable[..., None]) -> None:
    boundary = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
    deny = {"Sid": "No", "Effect": "Deny", "NotAction": ["s3:*", "sqs:*"], "NotResource": NODE}
    program(*role("a", BOUND, deny, permissionsBoundary=boundary))
    result = run("explain", "a")

    assert result.stdout.splitlines() == [
        f"arn:aws:iam::{ORDERS}:role/a",
        "  made at __main__.py:1:1",
        "  may be taken by ecs-tasks.amazonaws.com",
        f"  within permissions boundary {boundary}",
        "  policy a-policy",
        f"    Allow {READ}",
        f"      on {NODE}",
        "      if StringEquals aws:SourceVpc: vpc-1",
        "      asked for at __main__.py:8:1",
        "    Deny (No) all but s3:*, sqs:*",
        f"      on all but {NODE}",
        "      asked for at __main__.py:8:1",
    ]


def test_a_role_that_is_only_attached_to_is_explained_as_far_as_it_goes(
    program: Callable[..., None],
) -> None:
    program(role("a", OWN)[1])

    assert "  the program only attaches to it; what else it has is not known" in (
        run("explain", "a").stdout.splitlines()
    )


def test_a_secret_policy_is_not_shown(program: Callable[..., None]) -> None:
    program(*role("a", policy=Secret(document({**OWN, "Resource": node("hidden")}))))

    for format_ in ("text", "json"):
        result = run("explain", "a", "--format", format_)
        assert "hidden" not in result.stdout
        assert "[secret] statement 1" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["explain", "nobody", "--state", STATE], 'no role "nobody"'),
        (["explain", "--denied", "all is well"], "no refusal that AWS documents"),
        (["explain"], "give a role"),
        (["explain", "role", EXAMPLE, "--denied", "x"], "give no role with --denied"),
        (["explain", "x", "--state", "nowhere.json"], "nowhere.json"),
        (["who-can", "appmesh:*", "*", "--state", STATE], "they take no wildcards"),
        (["who-can", "s3:GetObject", "arn:aws:s3:::b/*", "--state", STATE], "no wildcards"),
    ],
)
def test_bad_input_is_told(arguments: list[str], reason: str) -> None:
    result = run(*arguments)

    assert result.exit_code != 0
    assert reason in f"{result.output}{result.exception}".replace("\n", " ")
