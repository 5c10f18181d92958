"""``meshkit confirm``: options, exit codes and what is printed. The steps are tests/inspect's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from meshkit.cli import confirm as command
from meshkit.cli.main import app
from meshkit.inspect.confirm.remark import Row, missing, note, unknown, unseen

if TYPE_CHECKING:
    from typer.testing import Result

    from meshkit.inspect.confirm.remark import Remark

MESH = """
name: shop
region: eu-west-1
owner: network
accounts: {network: {id: "111111111111"}, orders: {id: "222222222222"}}
share: {principals: [orders], allow_external_principals: true}
clusters:
  one: {account: orders, oidc_issuer: "https://oidc.example/one"}
  two: {account: orders, oidc_issuer: "https://oidc.example/two"}
nodes:
  web: {listeners: [{port: 80, protocol: http}], service_discovery: {dns: a}, workload: {type: ecs}}
  api: {listeners: [{port: 80, protocol: http}], service_discovery: {dns: a}, workload: {type: ecs}}
gateways:
  web: {listeners: [{port: 8080, protocol: http}], workload: {type: ecs}, routes: {}}
services: {web.local: {node: web}}
"""
LATTICE = Path(__file__).parents[2] / "docs" / "examples" / "lattice" / "mesh.yaml"
ROLE = "arn:aws:iam::111111111111:role/mesh/shop-web-12345678"
ROW = Row(
    endpoint="web",
    kind="virtualNode",
    arn="arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/web",
    account="network",
    account_id="111111111111",
    compute="ecs",
    workload="service shop/web",
    role=ROLE,
    remarks=(),
)
MISSING = missing("the task role is another", "aws ecs update-service --service web")
UNKNOWN = unknown("AWS does not say", "aws ecs describe-services")
UNSEEN = unseen("which role its tasks carry")
NOTE = note("no task runs now")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "mesh.yaml"
    made.write_text(MESH)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let AWS and Kubernetes alone: keeps what confirmation is asked for; answers with `rows`."""
    kept: dict[str, Any] = {"rows": (ROW,)}

    def accounts(_mesh: object, _texts: object, profile: str | None) -> None:
        kept["profile"] = profile

    def clusters(kubeconfig: Path | None, contexts: dict[str, str]) -> None:
        kept.update(kubeconfig=kubeconfig, contexts=contexts)

    def confirm(site: Any, endpoints: Any, **options: Any) -> tuple[Row, ...]:
        kept.update(options, site=site, endpoints=[(each.kind, each.name) for each in endpoints])
        rows: tuple[Row, ...] = kept["rows"]
        return rows

    monkeypatch.setattr(command, "Accounts", accounts)
    monkeypatch.setattr(command, "Clusters", clusters)
    monkeypatch.setattr(command, "confirm", confirm)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return kept


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["confirm", *map(str, arguments)])


def with_remarks(*remarks: Remark) -> Row:
    return replace(ROW, remarks=remarks)


@pytest.mark.parametrize(
    ("remarks", "options", "code"),
    [
        ([[]], [], 0),
        ([[NOTE]], [], 0),
        ([[UNSEEN]], [], 0),
        ([[UNSEEN]], ["--strict"], 1),
        ([[UNKNOWN]], [], 2),
        ([[MISSING]], [], 1),
        ([[UNKNOWN], [MISSING]], [], 1),
        ([[UNSEEN, UNKNOWN]], [], 2),
    ],
)
def test_the_exit_code_says_the_worst(
    remarks: list[list[Remark]], options: list[str], code: int, file: Path, asked: dict[str, Any]
) -> None:
    asked["rows"] = tuple(with_remarks(*each) for each in remarks)
    assert run(file, *options).exit_code == code


def test_people_read_a_row_for_each_proxy_and_what_mends_it(
    file: Path, asked: dict[str, Any]
) -> None:
    asked["rows"] = (ROW, with_remarks(MISSING, UNKNOWN, UNSEEN, NOTE))
    way = "ecs in network: service shop/web -> role shop-web-12345678"
    assert run(file).stdout.splitlines() == [
        f"confirmed   node web, {way}",
        f"missing     node web, {way}",
        "  missing: the task role is another",
        "    mend: aws ecs update-service --service web",
        "  can't tell: AWS does not say",
        "    see: aws ecs describe-services",
        "  not looked at: which role its tasks carry",
        "  note: no task runs now",
        "shop: 1 confirmed, 1 missing",
        command._MENDING,
    ]


def test_programs_read_json(file: Path, asked: dict[str, Any]) -> None:
    asked["rows"] = (with_remarks(MISSING, UNKNOWN),)
    result = run(file, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "mesh": "shop",
        "proxies": [
            {
                "endpoint": "web",
                "kind": "virtualNode",
                "arn": ROW.arn,
                "account": "network",
                "account_id": "111111111111",
                "compute": "ecs",
                "workload": "service shop/web",
                "role": ROLE,
                "outcome": "missing",
                "remarks": [
                    {
                        "kind": "missing",
                        "text": "the task role is another",
                        "mend": ["aws ecs update-service --service web"],
                        "look": [],
                    },
                    {
                        "kind": "unknown",
                        "text": "AWS does not say",
                        "mend": [],
                        "look": ["aws ecs describe-services"],
                    },
                ],
            }
        ],
    }


def test_all_proxies_are_looked_at_or_those_that_are_named(
    file: Path, asked: dict[str, Any]
) -> None:
    run(file)
    web = [("virtualNode", "web"), ("virtualGateway", "web")]
    assert asked["endpoints"] == [web[0], ("virtualNode", "api"), web[1]]
    run(file, "--endpoint", "web")
    assert asked["endpoints"] == web


def test_a_proxy_that_the_file_does_not_have_is_one_line(file: Path, asked: dict[str, Any]) -> None:
    result = run(file, "--endpoint", "wbe")
    assert str(result.exception) == ('--endpoint: no node or gateway "wbe" (did you mean "web"?)')


def test_the_options_reach_aws_and_kubernetes(
    file: Path, asked: dict[str, Any], tmp_path: Path
) -> None:
    options = ["--profile", "audit", "--kubeconfig", tmp_path / "config"]
    run(file, *options, "--context", "one=first", "--context", "two=a=b", "--wait", "7")
    assert (asked["profile"], asked["kubeconfig"]) == ("audit", tmp_path / "config")
    assert asked["contexts"] == {"one": "first", "two": "a=b"}
    assert asked["wait"] == 7


def test_a_context_for_one_of_several_clusters_must_say_for_which(
    file: Path, asked: dict[str, Any]
) -> None:
    result = run(file, "--context", "minikube")
    assert str(result.exception) == (
        "--context minikube: say for which cluster, CLUSTER=NAME; the file has: one, two"
    )


def test_a_context_without_a_cluster_is_for_the_only_one(file: Path, asked: dict[str, Any]) -> None:
    lines = MESH.splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith("  two:")))
    run(file, "--context", "arn:aws:eks:eu-west-1:222222222222:cluster/one")
    assert asked["contexts"] == {"one": "arn:aws:eks:eu-west-1:222222222222:cluster/one"}


@pytest.mark.parametrize(
    ("url", "seconds"),
    [
        (None, 60),
        ("https://iam.example.com", 60),
        ("http://127.0.0.1:4566", 0),
        ("http://[::1]:1", 0),
    ],
)
def test_only_a_local_cloud_is_not_waited_for(
    url: str | None,
    seconds: float,
    file: Path,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    run(file)
    assert asked["wait"] == seconds


def test_what_it_waits_for_is_told_on_standard_error(
    file: Path, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def confirm(_site: Any, _endpoints: Any, **options: Any) -> tuple[Row, ...]:
        options["watcher"].looked(1, 2)
        options["watcher"].waiting((ROW,), 12.3)
        options["watcher"].waiting((ROW,) * 4, 5)
        return (ROW,)

    monkeypatch.setattr(command, "confirm", confirm)
    result = run(file)
    assert result.stderr.splitlines() == [
        "waiting for IAM to settle: web (12 s left)",
        "waiting for IAM to settle: web, web, web, … (5 s left)",
    ]
    assert "settle" not in result.stdout


def test_on_lattice_network_and_services_come_first(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = replace(ROW, endpoint="cart.local", kind="service", compute="vpc-lattice")
    monkeypatch.setattr(command, "read_lattice", lambda *_: "live")
    monkeypatch.setattr(command, "lattice_rows", lambda *_: (service,))
    lines = run(LATTICE, "--var", "stage=dev").stdout.splitlines()
    assert "service cart.local, vpc-lattice in" in lines[0]
    assert asked["site"].live == "live"


def test_a_file_with_faults_is_told_before_anything_is_asked(
    file: Path, asked: dict[str, Any]
) -> None:
    file.write_text(MESH.replace("{node: web}", "{node: wbe}"))
    result = run(file)
    assert "MK2" in str(result.exception)
    assert "endpoints" not in asked


@pytest.mark.parametrize(("lacking", "extra"), [("boto3", "live"), ("botocore", "live")])
def test_without_its_extra_it_says_what_to_install(lacking: str, extra: str, file: Path) -> None:
    script = (
        f"import sys; sys.modules[{lacking!r}] = None\n"
        f"sys.argv = ['meshkit', 'confirm', {str(file)!r}]\n"
        "from meshkit.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"meshkit confirm needs more: pip install 'meshkit[{extra}]'\n"
