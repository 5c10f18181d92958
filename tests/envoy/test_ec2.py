"""The proxy on an instance: the script is run against stand-ins of docker and iptables."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from meshkit.envoy.ec2 import metadata_options, user_data
from meshkit.envoy.image import public_image
from tests.envoy.samples import GATEWAY, NODE, gateway, node

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from meshkit.envoy.proxy import EnvoyProxy

    Run = Callable[[EnvoyProxy], list[list[str]]]


@pytest.fixture
def calls(tmp_path: Path) -> Run:
    """Runs a script; gives the words of each call of docker and iptables."""

    def run(proxy: EnvoyProxy) -> list[list[str]]:
        log = tmp_path / "log"
        for name in ("docker", "iptables"):
            tool = tmp_path / name
            tool.write_text(
                f'#!/bin/bash\n{{ printf "%s\\0" {name} "$@"; printf "\\n\\0"; }} >> "{log}"\n'
            )
            tool.chmod(0o755)
        path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            ["bash", "-c", user_data(proxy)], env={"PATH": path}, check=True, capture_output=True
        )
        return [
            call.strip("\0").split("\0") for call in log.read_text("utf-8").split("\n\0") if call
        ]

    return run


def test_a_node_runs_in_docker_with_its_traffic_redirected(calls: Run) -> None:
    docker, *iptables = calls(node())

    assert docker == [
        *("docker", "run", "--detach", "--name", "envoy", "--restart", "always"),
        *("--network", "host", "--ulimit", "nofile=15000:15000", "--user", "1337"),
        *("--env", f"APPMESH_RESOURCE_ARN={NODE}", public_image()),
    ]
    rules = [" ".join(call).removeprefix("iptables -t nat ") for call in iptables]
    assert rules == [
        "-N APPMESH_INGRESS",
        "-A APPMESH_INGRESS -p tcp --dport 8080 -j REDIRECT --to-port 15000",
        "-A APPMESH_INGRESS -p tcp --dport 9090 -j REDIRECT --to-port 15000",
        "-A PREROUTING -p tcp -m addrtype ! --src-type LOCAL -j APPMESH_INGRESS",
        "-N APPMESH_EGRESS",
        "-A APPMESH_EGRESS -m owner --uid-owner 1337 -j RETURN",
        "-A APPMESH_EGRESS -p tcp --dport 22 -j RETURN",
        "-A APPMESH_EGRESS -p tcp -d 169.254.170.2 -j RETURN",
        "-A APPMESH_EGRESS -p tcp -d 169.254.169.254 -j RETURN",
        "-A APPMESH_EGRESS -p tcp -j REDIRECT --to-port 15001",
        "-A OUTPUT -p tcp -m addrtype ! --dst-type LOCAL -j APPMESH_EGRESS",
    ]


def test_a_gateway_runs_alone(calls: Run) -> None:
    (docker,) = calls(gateway())

    assert "--user" not in docker
    assert f"APPMESH_RESOURCE_ARN={GATEWAY}" in docker


def test_settings_are_honoured(calls: Run) -> None:
    proxy = node(image="own:1", ignored_uid=2000, egress_ignored_ips=["10.0.0.1"], env={"A": "1 2"})
    docker, *iptables = calls(proxy)

    assert docker[-1] == "own:1"
    assert docker[docker.index("--user") + 1] == "2000"
    assert "A=1 2" in docker
    assert next(
        call[call.index("--uid-owner") :][:2] for call in iptables if "--uid-owner" in call
    ) == ["--uid-owner", "2000"]
    assert any("10.0.0.1" in call for call in iptables)


def test_a_node_without_listeners_only_sends(calls: Run) -> None:
    _, *iptables = calls(replace(node(), ports=()))

    assert not any("APPMESH_INGRESS" in call for call in iptables)
    assert any("APPMESH_EGRESS" in call for call in iptables)


@pytest.mark.parametrize("value", ["'; touch owned; '", "$(touch owned)", "`touch owned`", '"'])
def test_a_value_never_becomes_a_command(
    value: str, calls: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    docker, *_ = calls(node(env={"A": value}, image=value))

    assert f"A={value}" in docker
    assert docker[-1] == value
    assert not (tmp_path / "owned").exists()


def test_instances_take_only_the_second_version_of_the_metadata_service() -> None:
    assert metadata_options()["httpTokens"] == "required"
