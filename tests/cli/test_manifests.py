"""`meshkit manifests` prints what kubectl takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

from meshkit.cli.main import app
from meshkit.errors import ConfigError, MeshkitError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
name: shop
data_plane: vpc-lattice
region: eu-west-1
owner: network
accounts: {network: {id: "111111111111", vpc_id: vpc-1}}
clusters:
  blue: {gateway_api: {identity: pod-identity}, name: "${var.CLUSTER}"}
  green: {gateway_api: {identity: pod-identity}}
  plain: {}
tags: {team: "${env.TEAM}"}
nodes:
  api:
    workload: {type: eks, cluster: green, namespace: shop, service_account: api,
               identity: pod-identity}
    listeners: [{port: 8080, protocol: http}]
services: {api.local: {node: api}}
"""


@pytest.fixture
def printed(tmp_path: Path) -> Any:
    def run(*options: str, text: str = FILE.replace("${env.TEAM}", "shop")) -> Any:
        file = tmp_path / "mesh.yaml"
        file.write_text(text)
        return CliRunner().invoke(app, ["manifests", str(file), "--var", "CLUSTER=b", *options])

    return run


def test_the_manifests_of_a_cluster_are_yaml_documents(printed: Any) -> None:
    result = printed("--cluster", "green")
    assert result.exit_code == 0
    kinds = [each["kind"] for each in yaml.safe_load_all(result.stdout)]
    assert kinds == [
        "Namespace", "ServiceAccount", "GatewayClass", "Gateway", "TargetGroupPolicy", "HTTPRoute",
    ]  # fmt: skip


def test_programs_get_the_same_as_json(printed: Any) -> None:
    found = json.loads(printed("--cluster", "green", "--format", "json").stdout)
    assert found == list(yaml.safe_load_all(printed("--cluster", "green").stdout))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "give --cluster: blue, green"),
        (("--cluster", "gren"), 'no cluster "gren" with gateway_api (did you mean "green"?)'),
        (("--cluster", "plain"), 'no cluster "plain" with gateway_api'),
    ],
)
def test_a_cluster_without_controller_is_refused(
    printed: Any, options: tuple[str, ...], told: str
) -> None:
    error = printed(*options).exception
    assert isinstance(error, MeshkitError)
    assert told in str(error)


def test_what_only_the_program_knows_is_said(printed: Any) -> None:
    error = printed("--cluster", "green", text=FILE).exception
    assert isinstance(error, MeshkitError)
    assert "only the program knows" in str(error)
    assert "env.TEAM" in str(error)


def test_a_file_with_faults_is_refused(printed: Any) -> None:
    error = printed(text=FILE.replace("node: api", "node: apo")).exception
    assert isinstance(error, ConfigError)
