"""The plugin can't take the place of the real AWS provider by accident."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from meshkit.local.plugin import FOLDER, environment
from meshkit.local.plugin.endpoint import NotLocalError, local_endpoint
from meshkit.local.plugin.provider import AwsProvider
from meshkit.local.values import encode

LAUNCHER = FOLDER / "pulumi-resource-aws"
URN = "urn:pulumi:s::p::aws:appmesh/mesh:Mesh::shop"
REAL_AWS = "https://appmesh.eu-west-1.amazonaws.com"


class AbortedError(Exception):
    pass


class Context:
    def abort(self, _code: Any, message: str) -> None:
        raise AbortedError(message)


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(
        [LAUNCHER],
        env={**clean, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(autouse=True)
def _no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)


def test_it_is_on_no_path_that_an_install_makes() -> None:
    scripts = Path(sys.executable).parent

    assert LAUNCHER.is_file()
    assert not (scripts / LAUNCHER.name).exists()
    assert str(FOLDER) not in os.environ["PATH"].split(os.pathsep)


def test_only_the_local_environment_puts_it_on_path() -> None:
    found = environment("http://127.0.0.1:4566", path="elsewhere")

    assert found["PATH"].split(os.pathsep) == [str(FOLDER), "elsewhere"]
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


def test_found_on_a_path_by_chance_it_does_not_start() -> None:
    done = start()

    assert done.returncode == 2
    assert "meshkit local env --engine" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_IAM"])
def test_with_an_endpoint_elsewhere_it_does_not_start(name: str) -> None:
    done = start(MESHKIT_PYTHON=sys.executable, **{name: REAL_AWS})

    assert done.returncode == 2
    assert "not on this machine" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9:1"]
)
def test_an_endpoint_on_this_machine_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)

    assert local_endpoint() == url


@pytest.mark.parametrize(
    "url",
    [
        REAL_AWS,
        "http://localhost.example.com:1",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://0.0.0.0:1",
        "http://10.0.0.1:1",
        "localhost:1",
    ],
)
def test_any_other_endpoint_is_refused(url: str) -> None:
    with pytest.raises(NotLocalError, match="not on this machine"):
        local_endpoint({"endpoints": [{"appmesh": url}]})


def test_a_provider_without_an_endpoint_is_refused() -> None:
    with pytest.raises(AbortedError, match="no endpoint of a local cloud"):
        AwsProvider().Configure(configure(region="eu-west-1"), Context())


def test_a_provider_with_an_endpoint_elsewhere_is_refused() -> None:
    endpoints = f'[{{"iam": "{REAL_AWS}"}}]'
    with pytest.raises(AbortedError, match="not on this machine"):
        AwsProvider().Configure(configure(region="eu-west-1", endpoints=endpoints), Context())


def test_a_provider_without_a_region_is_refused() -> None:
    endpoints = '[{"iam": "http://127.0.0.1:1"}]'
    with pytest.raises(AbortedError, match="no region"):
        AwsProvider().Configure(configure(endpoints=endpoints), Context())


@pytest.mark.parametrize("method", ["Diff", "Read", "Update", "Delete"])
def test_state_of_the_real_provider_is_left_alone(method: str) -> None:
    state = encode({"name": "shop", "arn": "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"})
    request = SimpleNamespace(
        urn=URN, id="shop", olds=state, properties=state, news=encode({}), inputs=encode({})
    )

    with pytest.raises(AbortedError, match="the state of shop was not written on a local"):
        getattr(AwsProvider(), method)(request, Context())


@pytest.mark.parametrize("method", ["Check", "Diff", "Create", "Read", "Update", "Delete"])
def test_a_type_it_does_not_know_is_an_error_that_names_it(method: str) -> None:
    request = SimpleNamespace(urn="urn:pulumi:s::p::aws:sqs/queue:Queue::b")

    with pytest.raises(AbortedError, match="the local cloud cannot make a aws:sqs/queue:Queue"):
        getattr(AwsProvider(), method)(request, Context())


def test_a_function_it_does_not_know_is_an_error_that_names_it() -> None:
    request = SimpleNamespace(tok="aws:s3/getBucket:getBucket")

    with pytest.raises(AbortedError, match="no function aws:s3/getBucket:getBucket"):
        AwsProvider().Invoke(request, Context())


def configure(**inputs: str) -> Any:
    return provider_pb2.ConfigureRequest(args=encode(inputs))
