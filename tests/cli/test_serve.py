"""``meshkit local env`` and ``call``; ``serve`` itself is in tests/local/test_server.py."""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi_aws
import pytest
import yaml

from meshkit.cli.main import main
from meshkit.local.environment import FORMATS, SERVICES, Credentials, variables
from meshkit.local.plugin import FOLDER
from tests.local.serving import Server, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "http://127.0.0.1:4566"
PLAIN = variables(URL, "eu-west-1", Credentials())
ASSUMED = variables(URL, "eu-west-1", Credentials("ASIA", "it's", "to ken"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serving")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as running:
        yield running


@pytest.mark.parametrize("given", [PLAIN, ASSUMED])
def test_a_shell_gets_the_variables_and_loses_what_leads_elsewhere(given: dict[str, str]) -> None:
    script = f"{FORMATS['sh'](given)}\nenv -0"
    before = {"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "old", "PATH": "/usr/bin:/bin"}
    shown = subprocess.run(["/bin/sh", "-c", script], env=before, capture_output=True, check=True)
    pairs = (pair.split("=", 1) for pair in shown.stdout.decode().split("\0") if pair)
    assert {name: text for name, text in pairs if name.startswith("AWS_")} == given


def test_fish_sets_and_erases() -> None:
    lines = FORMATS["fish"](PLAIN).splitlines()
    assert lines[:2] == ["set -e AWS_PROFILE;", "set -e AWS_SESSION_TOKEN;"]
    assert f"set -gx AWS_ENDPOINT_URL {URL};" in lines
    assert "set -gx AWS_SESSION_TOKEN 'to ken';" in FORMATS["fish"](ASSUMED).splitlines()


def provider_inputs() -> set[str]:
    """Return the names of the provider's inputs in Python."""
    return set(inspect.signature(pulumi_aws.Provider._internal_init).parameters)


def test_pulumi_config_is_what_the_provider_takes() -> None:
    config: dict[str, Any] = yaml.safe_load(FORMATS["pulumi"](ASSUMED))["config"]
    (endpoints,) = config.pop("aws:endpoints")
    known = {snake(name) for name in vars(pulumi_aws.ProviderEndpointArgs) if name[0] != "_"}
    assert set(endpoints) == set(SERVICES)
    assert set(endpoints.values()) == {URL}
    assert set(SERVICES) <= known
    names = {name.removeprefix("aws:") for name in config}
    assert {snake(name) for name in names} <= provider_inputs()
    assert config["aws:skipCredentialsValidation"] == "true"
    assert config["aws:token"] == "to ken"


def snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def test_terraform_gets_a_provider_block() -> None:
    block = FORMATS["terraform"](PLAIN)
    assert block.startswith('provider "aws" {\n  region = "eu-west-1"\n')
    assert "\n  skip_credentials_validation = true\n" in block
    assert "\n  s3_use_path_style = true\n" in block
    assert f'\n    appmesh = "{URL}"\n' in block
    assert block.count("{") == block.count("}") == 2


def test_credentials_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Credentials().access_key = "x"  # type: ignore[misc]


Meshkit = Callable[..., tuple[int, str, str]]


@pytest.fixture
def meshkit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> Meshkit:
    """Run `meshkit local ARGS` in this process; returns exit code, output and errors."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def command(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["meshkit", "local", *args])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return command


def test_env_finds_the_running_server(server: Server, meshkit: Meshkit) -> None:
    code, found, _ = meshkit("env", "--format", "json")
    assert (code, json.loads(found)) == (0, variables(server.url, "eu-west-1", Credentials()))
    assert meshkit("env", "--format", "xml")[0] == 2


def test_the_engine_is_led_to_the_plugin_once_and_only_when_asked(
    server: Server, meshkit: Meshkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join(("/bin", str(FOLDER))))
    shown = json.loads(meshkit("env", "--engine", "--format", "json")[1])
    assert shown["PATH"].split(os.pathsep) == [str(FOLDER), "/bin"]
    assert shown["AWS_ENDPOINT_URL"] == server.url
    assert shown["MESHKIT_PYTHON"] == sys.executable
    assert "PATH" not in json.loads(meshkit("env", "--format", "json")[1])
    code, _, errors = meshkit("env", "--engine", "--format", "terraform")
    assert (code, "give sh, fish or json" in errors) == (2, True)


def test_a_server_for_a_program_has_its_landscape_and_its_account(
    meshkit: Meshkit, folder: Path
) -> None:
    example = Path(__file__).parents[2] / "examples" / "shared-mesh"
    with serving(folder, str(example)) as server:
        port = ["--port", str(server.port)]
        who = json.loads(meshkit("call", "sts", "GetCallerIdentity", *port)[1])
        shown = json.loads(meshkit("env", "--format", "json", *port)[1])
        told = json.loads(meshkit("call", "organizations", "DescribeOrganization", *port)[1])
    assert who["Account"] == "111111111111"
    assert shown["AWS_SESSION_TOKEN"]
    assert told["Organization"]["Id"] == "o-exampleorg1"


def test_a_server_for_no_program_says_so(folder: Path) -> None:
    refused = run(folder, "serve", str(folder))
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)


def test_env_and_call_do_not_load_the_cloud_itself() -> None:
    script = "import sys, meshkit.cli.env, meshkit.cli.call; sys.exit('moto' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_call_answers_in_json(server: Server, meshkit: Meshkit) -> None:
    params = json.dumps({"meshName": "m"})
    account = ["--account", "222222222222", "--port", str(server.port)]
    code, made, errors = meshkit("call", "appmesh", "CreateMesh", "--param", params, *account)
    assert (code, errors) == (0, "")
    metadata = json.loads(made)["mesh"]["metadata"]
    assert metadata["arn"] == "arn:aws:appmesh:eu-west-1:222222222222:mesh/m"
    assert "T" in metadata["createdAt"]
    assert json.loads(meshkit("call", "appmesh", "list-meshes")[1]) == {"meshes": []}


REFUSED = [
    (["appmesh", "DescribeMesh", "--param", '{"meshName": "none"}'], 1, "NotFoundException: "),
    (["appmesh", "DescribeMesh"], 2, "Parameter validation failed: Missing required parameter"),
    (["appmesh", "DescribeMash"], 2, "appmesh has no operation DescribeMash\n"),
    (["appmash", "ListMeshes"], 2, "no AWS service has the name appmash\n"),
    (["appmesh", "ListMeshes", "--param", "{"], 2, "--param: not JSON: "),
    (["appmesh", "ListMeshes", "--param", "[]"], 2, "--param: give a JSON object\n"),
    (["appmesh", "ListMeshes", "--account", "12"], 2, "--account 12: an account id is 12 digits\n"),
    (["appmesh", "ListMeshes", "--port", "1"], 2, "no server is running on port 1: "),
]


@pytest.mark.parametrize(("args", "code", "told"), REFUSED)
@pytest.mark.usefixtures("server")
def test_what_can_not_be_called_is_one_line(
    meshkit: Meshkit, args: list[str], code: int, told: str
) -> None:
    ended, printed, errors = meshkit("call", *args)
    assert (ended, printed) == (code, "")
    assert errors.startswith(told)
    assert errors.count("\n") == 1


def test_without_a_server_env_says_how_to_start_one(tmp_path: Path) -> None:
    none = run(tmp_path, "env")
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr == "no server is running: start one with: meshkit local serve\n"


def test_several_servers_need_a_choice(server: Server, meshkit: Meshkit, folder: Path) -> None:
    with serving(folder) as other:
        ports = sorted((server.port, other.port), key=str)
        told = f"several servers are running: choose one with --port: {ports[0]}, {ports[1]}\n"
        assert meshkit("env") == (2, "", told)
        assert other.url in meshkit("env", "--port", str(other.port))[1]
