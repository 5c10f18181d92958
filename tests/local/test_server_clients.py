"""Clients that are not boto3, against a served cloud: strict about what comes over the wire."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.local.serving import Server, environment, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

WIRE = Path(__file__).parents[2] / "tools" / "wire"
STEPS = 27


def unavailable(what: str) -> NoReturn:
    """Skip, or fail where the gate asks for everything."""
    if os.environ.get("MESHKIT_REQUIRE_ENGINE") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serving")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def wire(folder: Path) -> Path:
    """The client with the AWS SDK for Go, built."""
    if shutil.which("go") is None:
        unavailable("Go is not installed")
    built = folder / "wire"
    go = os.environ | {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly"}
    building = subprocess.run(
        ["go", "build", "-trimpath", "-o", str(built), "."],
        cwd=WIRE,
        env=go,
        capture_output=True,
        text=True,
        check=False,
    )
    if "dial tcp" in building.stderr or "requires go >=" in building.stderr:
        unavailable(f"the client can't be built: {building.stderr.strip().splitlines()[-1]}")
    assert building.returncode == 0, building.stderr
    return built


@pytest.mark.timeout(600)  # the first build of the SDK takes minutes
def test_the_sdk_for_go_goes_through_every_life(wire: Path, server: Server, folder: Path) -> None:
    went = subprocess.run(
        [wire, server.url],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (went.returncode, went.stderr) == (0, "")
    assert went.stdout.count("ok ") == STEPS


def aws(folder: Path, env: dict[str, str], *args: str) -> Any:
    went = subprocess.run(
        ["aws", "--output", "json", *args],
        env=environment(folder) | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if went.returncode:
        return went.stderr
    return json.loads(went.stdout) if went.stdout.strip() else None


def test_the_aws_cli_works_with_the_variables_of_env(server: Server, folder: Path) -> None:
    if shutil.which("aws") is None:
        unavailable("the AWS CLI is not installed")
    port = str(server.port)
    printed = run(
        folder, "env", "--port", port, "--account", "333333333333", "--format", "json"
    ).stdout
    env = json.loads(printed)
    assert aws(folder, env, "sts", "get-caller-identity")["Account"] == "333333333333"
    mesh = aws(folder, env, "appmesh", "create-mesh", "--mesh-name", "cli")["mesh"]["metadata"]
    assert mesh["arn"] == "arn:aws:appmesh:eu-west-1:333333333333:mesh/cli"
    share = ("ram", "create-resource-share", "--name", "s", "--resource-arns", mesh["arn"])
    assert aws(folder, env, *share)["resourceShare"]["status"] == "ACTIVE"
    refused = aws(folder, env, "appmesh", "describe-mesh", "--mesh-name", "none")
    assert "(NotFoundException)" in refused
