"""``meshkit local invoke`` on a server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.cli.main import main
from tests.local.serving import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Invoke = Callable[..., tuple[int, str, str]]
WEB = "arn:aws:iam::222222222222:role/web"
TRUST = '{"Version":"2012-10-17","Statement":[]}'


def policy(**statement: Any) -> str:
    base = {"Effect": "Allow", "Action": "vpc-lattice-svcs:Invoke", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [base | statement]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serving")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """A server with the service `catalog` that the role `web` may read."""
    with serving(folder) as running:
        build(running)
        yield running


def build(server: Server) -> None:
    lattice = server.client("vpc-lattice", "111111111111")
    network = lattice.create_service_network(name="shop")["id"]
    service = lattice.create_service(name="catalog", authType="AWS_IAM")["arn"]
    named = {"serviceIdentifier": service}
    group = lattice.create_target_group(
        name="catalog-v1", type="IP", config={"protocol": "HTTP", "vpcIdentifier": "vpc-01234567"}
    )["id"]
    lattice.register_targets(targetGroupIdentifier=group, targets=[{"id": "10.0.0.1"}])
    forward = {"targetGroups": [{"targetGroupIdentifier": group, "weight": 1}]}
    lattice.create_listener(
        **named, name="http", protocol="HTTP", defaultAction={"forward": forward}
    )
    lattice.create_service_network_service_association(**named, serviceNetworkIdentifier=network)
    get = {"StringEquals": {"vpc-lattice-svcs:RequestMethod": "GET"}}
    lattice.put_auth_policy(
        resourceIdentifier=service, policy=policy(Principal={"AWS": WEB}, Condition=get)
    )
    iam = server.client("iam", "222222222222")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="web", PolicyName="invoke", PolicyDocument=policy())


@pytest.fixture
def invoke(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    server: Server,
) -> Invoke:
    """Run `meshkit local invoke ARGS` in this process; returns exit code, output and errors."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))

    def command(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["meshkit", "local", "invoke", *args])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return command


def test_an_allowed_call_is_told_with_where_it_goes(invoke: Invoke) -> None:
    code, printed, errors = invoke("web", "catalog", "get", "/items?id=1")

    assert (code, errors) == (0, "")
    assert printed.splitlines() == [
        "allowed by identity-based policy, service-based policy",
        "listener http, rule default",
        "to catalog-v1, weight 1, 1 target",
    ]


@pytest.mark.parametrize(
    ("args", "layer"),
    [
        (("web", "catalog", "POST"), "service"),
        (("anonymous", "catalog"), "service"),
        (("web", "catalog", "--vpc", "vpc-00000000"), "association"),
        (("web", "catalog", "--listener", "81"), "listener"),
    ],
)
def test_a_refusal_tells_the_layer(invoke: Invoke, args: tuple[str, ...], layer: str) -> None:
    code, printed, errors = invoke(*args)

    assert (code, errors) == (1, "")
    assert printed.startswith(f"refused by {layer}: ")
    assert printed.count("\n") == 1


def test_other_programs_get_json(invoke: Invoke) -> None:
    code, printed, _ = invoke("web", "catalog", "--header", "x=1", "--format", "json")

    verdict = json.loads(printed)
    assert (code, verdict["allowed"], verdict["layer"]) == (0, True, None)
    (target,) = verdict["route"]["targets"]
    assert (target["name"], target["weight"], target["targets"]) == ("catalog-v1", 1, 1)
    assert target["single"] is target["fault"] is None


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("web", "none"), "there is no Service none\n"),
        (("none", "catalog"), "0 roles have the name 'none'"),
        (("web", "catalog", "GET", "items"), "a path begins with a slash: 'items'\n"),
        (("web", "catalog", "--port", "1"), "no server is running on port 1"),
    ],
)
def test_what_can_not_be_tried_is_one_line(
    invoke: Invoke, args: tuple[str, ...], told: str
) -> None:
    code, printed, errors = invoke(*args)

    assert (code, printed) == (2, "")
    assert errors.startswith(told)
    assert errors.count("\n") == 1


def test_a_pair_without_a_value_is_named(invoke: Invoke) -> None:
    code, _, errors = invoke("web", "catalog", "--header", "x")

    assert (code, "--header" in errors) == (2, True)


def test_invoke_does_not_load_the_cloud_itself() -> None:
    script = "import sys, meshkit.cli.invoke; sys.exit('moto' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
