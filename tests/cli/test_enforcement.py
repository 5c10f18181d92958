"""``meshkit local up --enforce-iam``: is the deployer's policy enough?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

PROGRAM = """
import pulumi, pulumi_aws as aws

arn = "arn:aws:iam::222222222222:role/deploy"
there = aws.Provider("there", region="eu-west-1",
                     assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=arn)])
aws.appmesh.Mesh("shop", name="shop", region="eu-west-1")
aws.appmesh.Mesh("other", name="other", opts=pulumi.ResourceOptions(provider=there))
"""
ENOUGH = ["appmesh:*", "sts:AssumeRole"]


def document(*statements: dict[str, str]) -> bytes:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    found = [{**everything, **each} for each in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": found}).encode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    return tmp_path


def policy(folder: Path, *actions: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    file = folder / "policy.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return str(file)


def up(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["local", "up", str(folder), *arguments])


def test_an_administrator_deploys_into_every_account(project: Path) -> None:
    result = up(project, "--enforce-iam")
    assert result.exit_code == 0, result.output
    assert "2 resources in 2 accounts created" in result.stdout


def test_a_policy_may_be_enough(project: Path) -> None:
    result = up(project, "--enforce-iam", "--policy", policy(project, *ENOUGH))
    assert result.exit_code == 0, result.output


def test_what_a_policy_lacks_is_told_in_a_line_for_each_resource(project: Path) -> None:
    result = up(project, "--enforce-iam", "--policy", policy(project, "sts:AssumeRole"))
    assert result.exit_code == 1
    refused = [line for line in result.stdout.splitlines() if "AccessDeniedException" in line]
    assert len(refused) == 2
    assert (
        "assumed-role/LocalDeployer/meshkit is not authorized to perform: appmesh:CreateMesh on "
        "resource: arn:aws:appmesh:eu-west-1:111111111111:mesh/shop because no identity-based "
        "policy allows the appmesh:CreateMesh action"
    ) in refused[0]
    assert "222222222222:assumed-role/deploy/meshkit is not authorized" in refused[1]


def test_who_may_not_assume_the_role_gets_nowhere(project: Path) -> None:
    result = up(project, "--enforce-iam", "--policy", policy(project, "appmesh:*"))
    assert result.exit_code == 1
    assert "is not authorized to perform: sts:AssumeRole on resource: arn" in result.stdout
    assert "1 resource in 1 account created" in result.stdout


def test_a_policy_goes_with_enforcement(project: Path) -> None:
    result = up(project, "--policy", policy(project, *ENOUGH))
    assert result.exit_code == 2
    assert "needs --enforce-iam" in result.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "policy.json: No such file or directory"),
        (b"\xff\xfe", "policy.json: not UTF-8 text"),
        (document({"Principal": "*"}), "policy.json: the policy of a role names no Principal"),
        (
            document({}).replace(b"2012", b"2008"),
            "the deployer's policy: Policy document must be version 2012-10-17 or greater.",
        ),
        (b"{", "policy.json: not JSON"),
        (b'{"Statement": []}', "policy.json: Statement must be a statement or a list of them"),
    ],
)
def test_a_policy_that_is_none_is_told_in_one_line(
    project: Path, text: bytes | None, told: str
) -> None:
    file = project / "policy.json"
    if text is not None:
        file.write_bytes(text)
    error = up(project, "--enforce-iam", "--policy", str(file)).exception
    assert isinstance(error, UnreadableError)
    assert told in str(error)
    assert "\n" not in str(error)
