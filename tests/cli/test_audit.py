"""``meshkit audit who`` on the local cloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from meshkit import SharedMesh
from meshkit.cli.main import app
from meshkit.local.cloud import Cloud
from meshkit.local.program import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typer.testing import Result

OWNER, TEAM = "111111111111", "222222222222"
MESH = """
name: shop
region: eu-west-1
owner: network
accounts:
  network: {id: "111111111111"}
  team: {id: "222222222222", assume_role: {name: deployer}}
share: {principals: [team], allow_external_principals: true}
nodes:
  web:
    account: team
    listeners: [{port: 8080, protocol: http}]
    service_discovery: {dns: web.local}
  api: {listeners: [{port: 8080, protocol: http}], service_discovery: {dns: api.local}}
routers:
  api:
    listeners: [{port: 8080, protocol: http}]
    routes: {all: {http: {match: {prefix: /}, targets: {api: 100}}}}
audit: {topics: ["arn:aws:sns:eu-west-1:111111111111:on-call"]}
"""
TAGS = {"tags": [{"key": "by", "value": "hand"}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "mesh.yaml"
    made.write_text(MESH)
    return made


@pytest.fixture
def cloud(file: Path) -> Iterator[Cloud]:
    """The mesh, deployed, and what people did to it by hand."""
    with Cloud(account=OWNER, region="eu-west-1") as running:
        outcome = run(lambda: SharedMesh("shop", str(file)), cloud=running)
        assert (outcome.failures, outcome.skipped) == ((), ())
        yield running


def asked(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["audit", "who", str(file), *options])


def deeds(file: Path, *options: str) -> list[dict[str, Any]]:
    result = asked(file, "--format", "json", *options)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.output)["deeds"]
    return found


def as_role(cloud: Cloud, service: str, account: str, name: str) -> Any:
    """A client whose calls are those of a role."""
    role = f"arn:aws:iam::{account}:role/{name}"
    given = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="ann")["Credentials"]
    return cloud._session.client(
        service,
        region_name="eu-west-1",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def test_each_part_of_the_mesh_has_who_made_it(cloud: Cloud, file: Path) -> None:
    made = {
        (deed["resource"], deed["account"]): deed["who"]
        for deed in deeds(file)
        if deed["action"].rpartition(":")[2].startswith("Create")
    }

    owners = {resource: account for resource, account in made if not resource.startswith("role")}
    assert owners == {
        "mesh shop": OWNER,
        "node api": OWNER,
        "node web": TEAM,
        "route api/all": OWNER,
        "router api": OWNER,
        "share shop": OWNER,
        "trail shop-audit": OWNER,
    }
    assert made["node web", TEAM] == "role LocalCloud"
    roles = [account for resource, account in made if resource.startswith("role")]
    assert sorted(roles) == [OWNER, TEAM]


def test_a_change_by_hand_is_told_with_role_and_session(cloud: Cloud, file: Path) -> None:
    arn = f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop/virtualNode/api"
    as_role(cloud, "appmesh", OWNER, "night-shift").tag_resource(resourceArn=arn, **TAGS)

    (told,) = (deed for deed in deeds(file) if deed["who"] == "role night-shift")

    assert (told["action"], told["resource"]) == ("appmesh:TagResource", "node api")
    assert (told["session"], told["outcome"]) == ("ann", "done")
    assert told["caller"] == f"arn:aws:sts::{OWNER}:assumed-role/night-shift/ann"


def test_what_was_refused_is_marked(cloud: Cloud, file: Path) -> None:
    client = as_role(cloud, "appmesh", TEAM, "curious")
    with pytest.raises(ClientError):
        client.create_virtual_gateway(
            meshName="shop",
            meshOwner=OWNER,
            virtualGatewayName="mine",
            spec={"listeners": [{"portMapping": {"port": 80, "protocol": "http"}}]},
        )

    (told,) = deeds(file, "--denied")
    assert (told["who"], told["resource"]) == ("role curious", "gateway mine")
    assert told["error"].startswith("ForbiddenException: ")
    text = asked(file, "--denied").output.splitlines()
    assert text[0].startswith("denied")
    assert text[1].startswith("  ForbiddenException: ")
    assert text[-1] == "shop: 1 event: 1 denied"


@pytest.mark.parametrize(
    "resource",
    ["node api", "api", f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop/virtualNode/api"],
)
def test_one_resource_is_asked_for_by_label_name_or_arn(
    cloud: Cloud, file: Path, resource: str
) -> None:
    del cloud
    found = {deed["resource"] for deed in deeds(file, "--resource", resource)}
    assert found == ({"node api", "router api"} if resource == "api" else {"node api"})


def test_who_only_looked_is_told_when_asked(cloud: Cloud, file: Path) -> None:
    as_role(cloud, "appmesh", OWNER, "auditor").describe_mesh(meshName="shop")

    assert "role auditor" not in {deed["who"] for deed in deeds(file)}
    assert "role auditor" in {deed["who"] for deed in deeds(file, "--reads")}


def test_what_was_before_is_left_out(cloud: Cloud, file: Path) -> None:
    del cloud
    assert len(deeds(file, "--since", "90m")) == len(deeds(file, "--since", "7d")) > 0
    assert deeds(file, "--since", "2026-01-01") == deeds(file, "--since", "2026-01-01T00:00Z")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--since", "soon"], "--since soon: give 90m, 24h, 7d, or a time"),
        (["--since", "2999-01-01"], "is still to come"),
        (["--resource", "node ap"], 'nothing of the mesh is "node ap" (did you mean "node api"?)'),
    ],
)
def test_a_wrong_question_is_answered_in_one_line(
    cloud: Cloud, file: Path, options: list[str], message: str
) -> None:
    del cloud
    result = asked(file, *options)
    assert result.exit_code == 1 or result.exception is not None
    assert message in str(result.exception)
