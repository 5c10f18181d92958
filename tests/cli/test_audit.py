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
from tests.local.sign_in import token, unsigned_sts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
LATTICE = """
name: shop
data_plane: vpc-lattice
region: eu-west-1
owner: network
accounts:
  network: {id: "111111111111", vpc_id: vpc-0123456789abcdef1}
  team: {id: "222222222222", vpc_id: vpc-0123456789abcdef2, assume_role: {name: deployer}}
share: {principals: [team], allow_external_principals: true}
nodes:
  web:
    account: team
    listeners: [{port: 8080, protocol: http}]
    backends: [api.local]
  api: {listeners: [{port: 8080, protocol: http}]}
services:
  web.local: {node: web}
  api.local: {node: api}
"""
OPEN = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "vpc-lattice-svcs:Invoke",
            "Resource": "*",
        },
    }
)
API = f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop/virtualNode/api"
TAGS = {"tags": [{"key": "by", "value": "hand"}]}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cloud in this process answers as fast as one that is served."""
    monkeypatch.setattr("meshkit.cli.audit._patient", lambda: False)


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
    given = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="ann")
    return with_keys(cloud, service, given)


def with_keys(cloud: Cloud, service: str, given: Mapping[str, Any]) -> Any:
    """A client with the credentials of an answer of STS."""
    return cloud._session.client(
        service,
        region_name="eu-west-1",
        aws_access_key_id=given["Credentials"]["AccessKeyId"],
        aws_secret_access_key=given["Credentials"]["SecretAccessKey"],
        aws_session_token=given["Credentials"]["SessionToken"],
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
    as_role(cloud, "appmesh", OWNER, "night-shift").tag_resource(resourceArn=API, **TAGS)

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
    assert text[-2].startswith("  ForbiddenException: ")
    assert text[-1] == "shop: 1 event: 1 denied"


def test_the_pipeline_behind_a_role_is_told(cloud: Cloud, file: Path) -> None:
    given = unsigned_sts(cloud).assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{OWNER}:role/shift-traffic",
        RoleSessionName="run-1",
        WebIdentityToken=token(iss="https://ci.example", sub="repo:acme/shop:ref:refs/heads/main"),
    )
    with_keys(cloud, "appmesh", given).tag_resource(resourceArn=API, **TAGS)

    (told,) = (deed for deed in deeds(file) if deed["who"] == "role shift-traffic")

    assert told["taken_by"] == ["repo:acme/shop:ref:refs/heads/main of ci.example"]
    lines = asked(file, "--resource", "node api").output.splitlines()
    place = next(number for number, line in enumerate(lines) if "role shift-traffic" in line)
    assert lines[place + 1] == "  taken by repo:acme/shop:ref:refs/heads/main of ci.example"


def test_the_person_behind_a_chain_of_roles_in_two_accounts_is_told(
    cloud: Cloud, file: Path
) -> None:
    signed_in = unsigned_sts(cloud).assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{TEAM}:role/people",
        RoleSessionName="ann@example.org",
        WebIdentityToken=token(iss="https://acme.okta.com", sub="00u1"),
    )
    changed = with_keys(cloud, "sts", signed_in).assume_role(
        RoleArn=f"arn:aws:iam::{OWNER}:role/owner",
        RoleSessionName="ann",
        SourceIdentity="ann.smith",
    )
    with_keys(cloud, "appmesh", changed).tag_resource(resourceArn=API, **TAGS)

    (told,) = (deed for deed in deeds(file) if deed["who"] == "role owner")

    assert told["taken_by"] == ["role people (ann@example.org)", "00u1 of acme.okta.com"]
    assert told["source_identity"] == "ann.smith"
    assert (
        "  taken by role people (ann@example.org), taken by 00u1 of acme.okta.com; "
        "source identity ann.smith"
    ) in asked(file).output.splitlines()


def test_a_name_that_somebody_made_up_forges_no_line(cloud: Cloud, file: Path) -> None:
    with pytest.raises(ClientError):
        as_role(cloud, "appmesh", OWNER, "curious").describe_virtual_router(
            meshName="shop", virtualRouterName="x\x1b[2J\ndone  forged"
        )

    lines = asked(file).output.splitlines()
    (line,) = (each for each in lines if each.startswith("failed"))
    assert not any(each.startswith("done  forged") for each in lines)
    assert line.endswith(r"router x\x1b[2J\ndone  forged")


@pytest.mark.parametrize(
    "resource",
    ["node api", "api", API],
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


def test_a_mesh_on_vpc_lattice_is_told_of_from_its_making_to_its_end(
    tmp_path: Path,
) -> None:
    made = tmp_path / "lattice.yaml"
    made.write_text(LATTICE)
    with Cloud(account=OWNER, region="eu-west-1") as cloud:
        outcome = run(lambda: SharedMesh("shop", str(made)), cloud=cloud)
        assert (outcome.failures, outcome.skipped) == ((), ())
        first = {(deed["resource"], deed["account"]) for deed in deeds(made)}
        arns = {each["name"]: each["arn"] for each in services(cloud)}
        (arn,) = (arn for name, arn in arns.items() if "api" in name)
        network = as_role(cloud, "vpc-lattice", OWNER, "night-shift")
        network.put_auth_policy(resourceIdentifier=arn, policy=OPEN)
        (join,) = network.list_service_network_service_associations(serviceIdentifier=arn)["items"]
        network.delete_service_network_service_association(
            serviceNetworkServiceAssociationIdentifier=join["id"]
        )
        network.delete_service(serviceIdentifier=arn.rpartition("/")[2])
        by_hand = [deed for deed in deeds(made) if deed["who"] == "role night-shift"]
        one = deeds(made, "--resource", "api.local")

    assert {each for each in first if not each[0].startswith("role ")} == {
        ("network shop", OWNER),
        ("network shop", TEAM),
        ("node api", OWNER),
        ("node web", TEAM),
        ("service api.local", OWNER),
        ("service web.local", TEAM),
        ("share shop", OWNER),
    }
    assert [(deed["action"], deed["resource"]) for deed in by_hand] == [
        ("vpc-lattice:PutAuthPolicy", "service api.local"),
        ("vpc-lattice:DeleteServiceNetworkServiceAssociation", "service api.local"),
        ("vpc-lattice:DeleteService", "service api.local"),
    ]
    assert {deed["resource"] for deed in one} == {"service api.local"}


def services(cloud: Cloud) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cloud.client("vpc-lattice", OWNER).list_services()["items"]
    return found


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
