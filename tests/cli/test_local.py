from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import MeshkitError, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

runner = CliRunner()

PROGRAM = """
import pulumi, pulumi_aws as aws

TRUST = '{"Version":"2012-10-17","Statement":[]}'


class Proxy(pulumi.ComponentResource):
    def __init__(self, name, provider):
        super().__init__("test:index:Proxy", name)
        aws.iam.Role(name, name=name, assume_role_policy=TRUST,
                     opts=pulumi.ResourceOptions(parent=self, provider=provider))


arn = "arn:aws:iam::222222222222:role/deploy"
other = aws.Provider("other", region="eu-west-1",
                     assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=arn)])
mesh = aws.appmesh.Mesh("shop", name="shop", region="eu-west-1")
Proxy("web", other)
print("hello from the program")
pulumi.log.warn("take care")
pulumi.export("arn", mesh.arn)
pulumi.export("ports", [80, 443])
pulumi.export("lines", "a\\nb")
pulumi.export("password", pulumi.Output.secret("hush"))
"""
BROKEN = """
import pulumi, pulumi_aws as aws

role = aws.iam.RolePolicyAttachment("bad", role="nobody", policy_arn="arn:aws:iam::aws:policy/X")
aws.ssm.Parameter("after", type="String", value=role.id)
raise ValueError("two\\nlines")
"""


def project(folder: Path, program: str) -> str:
    (folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (folder / "__main__.py").write_text(program)
    return str(folder)


def up(*arguments: str) -> Result:
    return runner.invoke(app, ["local", "up", *arguments])


def test_up_prints_a_tree_for_each_account_and_the_outputs(tmp_path: Path) -> None:
    result = up(project(tmp_path, PROGRAM), "--account", "333333333333")

    assert result.exit_code == 0
    *lines, summary = result.stdout.splitlines()
    assert lines == [
        "account 333333333333",
        "  aws:appmesh/mesh:Mesh shop (eu-west-1)",
        "account 222222222222",
        "  test:index:Proxy web",
        "    aws:iam/role:Role web",
        "Outputs",
        "  arn: arn:aws:appmesh:eu-west-1:333333333333:mesh/shop",
        "  ports: [80, 443]",
        '  lines: "a\\nb"',
        "  password: [secret]",
    ]
    assert summary.startswith("2 resources in 2 accounts created, 1 warning, in ")
    assert "hello from the program" in result.stderr
    assert "warning: take care" in result.stderr


def test_up_prints_what_failed_and_what_was_skipped_and_why(tmp_path: Path) -> None:
    result = up(project(tmp_path, BROKEN))

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    assert lines[0] == "Failed"
    assert lines[1].startswith(f"  {attachment} bad (__main__.py:4): NoSuchEntity: ")
    assert lines[2:5] == [
        "  __main__.py:6: ValueError: two lines",
        "Skipped",
        f"  aws:ssm/parameter:Parameter after: resource bad [{attachment}] failed",
    ]
    assert lines[5].startswith("0 resources in 0 accounts created, 2 failed, 1 skipped, in ")


def test_json_has_all_of_it_and_no_secret(tmp_path: Path) -> None:
    result = up(project(tmp_path, PROGRAM), "--format", "json")

    data = json.loads(result.stdout)
    assert list(data) == [
        "project", "stack", "ok", "seconds", "resources", "outputs", "failures", "skipped",
        "messages",
    ]  # fmt: skip
    assert (data["project"], data["stack"], data["ok"]) == ("demo", "local", True)
    mesh = next(made for made in data["resources"] if made["type"] == "aws:appmesh/mesh:Mesh")
    assert mesh["account"] == "111111111111"
    assert mesh["outputs"]["arn"] == data["outputs"]["arn"]
    assert data["outputs"]["password"] == "[secret]"
    assert data["messages"] == [{"severity": "warning", "text": "take care"}]
    assert "hush" not in result.stdout


def test_failures_in_json(tmp_path: Path) -> None:
    result = up(project(tmp_path, BROKEN), "--format", "json")

    data = json.loads(result.stdout)
    assert result.exit_code == 1
    assert not data["ok"]
    assert [failure["code"] for failure in data["failures"]] == ["NoSuchEntity", "ValueError"]
    assert [skipped["name"] for skipped in data["skipped"]] == ["after"]


def test_config_and_stack_are_handed_on(tmp_path: Path) -> None:
    program = """
import pulumi
pulumi.export("stack", pulumi.get_stack())
pulumi.export("name", pulumi.Config().require("name"))
"""
    result = up(project(tmp_path, program), "--stack", "dev", "-c", "name=a=b")

    assert result.stdout.splitlines()[1:3] == ["  stack: dev", "  name: a=b"]


def test_a_program_that_takes_too_long_is_one_line(tmp_path: Path) -> None:
    result = up(project(tmp_path, "while True: pass\n"), "--timeout", "0.2")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[1] == (
        "  TimeoutError: the program did not end within 0.2 seconds"
    )


def test_what_is_wrong_with_a_mesh_file_is_listed_and_counted_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "mesh.yaml").write_text(
        "name: shop\nregion: eu-west-1\nowner: '111111111111'\nnodes: {web: {x: 1, y: 2}}\n"
    )
    result = up(project(tmp_path, "import meshkit\nmeshkit.SharedMesh('shop', 'mesh.yaml')\n"))

    assert result.exit_code == 1
    title, *failed, summary = result.stdout.splitlines()
    assert title == "Failed"
    assert [line.partition(": MK101")[0] for line in failed] == [
        "  mesh.yaml:4:15: nodes.web.x",
        "  mesh.yaml:4:21: nodes.web.y",
    ]
    assert summary.startswith("0 resources in 0 accounts created, 2 failed, 1 warning, in ")
    (warning,) = [line for line in result.stderr.splitlines() if "warning" in line]
    assert warning.startswith("warning: mesh.yaml:1:7: name: MK901 ")


def test_a_warning_of_the_mesh_file_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.local.yaml").write_text(
        "config:\n  meshkit:mesh: {name: shop, region: eu-west-1, owner: '111111111111'}\n"
    )
    result = up(project(tmp_path, "import meshkit\nmeshkit.SharedMesh('shop')\n"))

    (warning,) = [line for line in result.stderr.splitlines() if "warning" in line]
    assert warning.startswith("warning: meshkit:mesh: name: MK901 ")


@pytest.mark.parametrize("stack", ["local", "dev"])
def test_the_folder_is_the_current_one_and_the_stack_one_that_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: str
) -> None:
    project(tmp_path, "import pulumi\npulumi.export('stack', pulumi.get_stack())\n")
    (tmp_path / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
    monkeypatch.chdir(tmp_path)

    assert f"  stack: {stack}" in up("--stack", stack).stdout


def test_a_stack_without_a_file_among_others_is_taken_for_a_misspelling(tmp_path: Path) -> None:
    folder = project(tmp_path, "")
    for stack in ("production", "dev"):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text("config: {}\n")

    result = up(folder, "--stack", "prodution")

    assert isinstance(result.exception, UnreadableError)
    assert str(result.exception) == (
        f'{folder}/Pulumi.prodution.yaml: no such file (did you mean "production"?)'
    )
    assert up(folder).exit_code == 0


@pytest.mark.parametrize("arguments", [["nowhere"], ["."], [".", "--account", "12"]])
def test_what_cannot_be_run_is_an_error_of_meshkit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    result = up(*arguments)

    assert isinstance(result.exception, MeshkitError)
    assert "\n" not in str(result.exception)


def test_config_without_a_value_is_wrong_usage(tmp_path: Path) -> None:
    assert up(project(tmp_path, ""), "-c", "name").exit_code == 2
