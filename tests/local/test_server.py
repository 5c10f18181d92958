"""The local cloud over HTTP: many accounts, a life of its own, a state that outlives it."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.serving import COMMAND, REGION, Server, environment, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER = "111111111111"
CONSUMER = "222222222222"
POLICY = (
    '{"Version": "2012-10-17", '
    '"Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}'
)
TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serving")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as running:
        yield running


def test_an_assumed_role_leads_into_its_account(server: Server) -> None:
    for account in (OWNER, CONSUMER):
        identity = server.client("sts", account).get_caller_identity()
        assert identity["Account"] == account
        mesh = server.client("appmesh", account).create_mesh(meshName="own")["mesh"]
        assert mesh["metadata"]["arn"] == f"arn:aws:appmesh:{REGION}:{account}:mesh/own"
    assert server.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_unknown_temporary_credentials_are_refused(server: Server) -> None:
    stale = {
        "aws_access_key_id": "ASIAUNKNOWNUNKNOWN00",
        "aws_secret_access_key": "x",
        "aws_session_token": "x",
    }
    with pytest.raises(ClientError) as raised:
        server.client_with("appmesh", stale).list_meshes()
    assert raised.value.response["Error"]["Code"] == "UnrecognizedClientException"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_parallel_creates_are_all_there_once(server: Server) -> None:
    meshes = server.client("appmesh")
    meshes.create_mesh(meshName="busy")

    def create(number: int) -> str:
        node = {"meshName": "busy", "virtualNodeName": f"n{number % 60}", "spec": {}}
        try:
            return str(meshes.create_virtual_node(**node)["virtualNode"]["metadata"]["uid"])
        except meshes.exceptions.ConflictException:
            return ""

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(create, range(120)))
    assert sum(bool(uid) for uid in made) == 60
    assert len(set(made) - {""}) == 60
    assert len(meshes.list_virtual_nodes(meshName="busy")["virtualNodes"]) == 60


def test_what_is_missing_is_an_error_and_not_the_end(server: Server) -> None:
    with pytest.raises(ClientError) as raised:
        server.client("ram").list_replace_permission_associations_work()
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    with pytest.raises(ClientError) as raised:
        server.client("gamelift").list_builds()
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert server.client("sts").get_caller_identity()["Account"]


def read_all(server: Server, clients: dict[str, Any]) -> dict[str, Any]:
    """Return what clients see that were made before a restart or after one."""
    asked: dict[str, tuple[str, str, dict[str, Any]]] = {
        "identity": ("sts", "get_caller_identity", {}),
        "mesh": ("appmesh", "describe_mesh", {"meshName": "shop"}),
        "node": ("appmesh", "describe_virtual_node", {"meshName": "shop", "virtualNodeName": "n"}),
        "shares": ("ram", "get_resource_shares", {"resourceOwner": "SELF"}),
        "associations": (
            "ram",
            "get_resource_share_associations",
            {"associationType": "PRINCIPAL"},
        ),
        "role": ("iam", "get_role", {"RoleName": "task"}),
        "keys": ("iam", "list_access_keys", {"UserName": "ann"}),
        "policy": ("iam", "list_policies", {"Scope": "Local"}),
        "vpcs": ("ec2", "describe_vpcs", {}),
        "subnets": ("ec2", "describe_subnets", {}),
        "groups": ("ec2", "describe_security_groups", {}),
        "cluster": ("ecs", "describe_clusters", {"clusters": ["c"]}),
        "tasks": ("ecs", "describe_task_definition", {"taskDefinition": "t"}),
        "eks": ("eks", "describe_cluster", {"name": "e"}),
        "pods": ("eks", "list_pod_identity_associations", {"clusterName": "e"}),
        "accounts": ("organizations", "list_accounts", {}),
        "organization": ("organizations", "describe_organization", {}),
        "log groups": ("logs", "describe_log_groups", {}),
        "buckets": ("s3", "list_buckets", {}),
        "namespaces": ("servicediscovery", "list_namespaces", {}),
        "secret": ("secretsmanager", "describe_secret", {"SecretId": "s"}),
        "parameter": ("ssm", "get_parameter", {"Name": "p"}),
        "zones": ("route53", "list_hosted_zones", {}),
        "certificate": ("acm", "list_certificates", {}),
    }
    found = {}
    for name, (service, operation, params) in asked.items():
        answer = getattr(server.client_with(service, clients["owner"]), operation)(**params)
        del answer["ResponseMetadata"]
        answer.pop("UserId", None)  # moto draws one for each answer, without a role of that name
        found[name] = answer
    return found


def build(server: Server, owner: dict[str, str]) -> None:
    def client(service: str) -> Any:
        return server.client_with(service, owner)

    # A read that makes the default VPC, before anything is written there.
    client("ec2").describe_vpcs()
    meshes = client("appmesh")
    meshes.create_mesh(meshName="shop", tags=[{"key": "k", "value": "v"}])
    meshes.create_virtual_node(meshName="shop", virtualNodeName="n", spec={})
    meshes.create_virtual_node(meshName="shop", virtualNodeName="gone", spec={})
    meshes.delete_virtual_node(meshName="shop", virtualNodeName="gone")
    arn = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"
    client("ram").create_resource_share(name="s", resourceArns=[arn], principals=[CONSUMER])
    client("iam").create_role(RoleName="task", AssumeRolePolicyDocument=TRUST)
    client("iam").create_policy(PolicyName="p", PolicyDocument=POLICY)
    client("iam").create_user(UserName="ann")
    client("iam").create_access_key(UserName="ann")
    vpc = client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")
    client("ecs").create_cluster(clusterName="c")
    containers = [{"name": "c", "image": "i", "memory": 128}]
    client("ecs").register_task_definition(family="t", containerDefinitions=containers)
    role = f"arn:aws:iam::{OWNER}:role/task"
    client("eks").create_cluster(name="e", roleArn=role, resourcesVpcConfig={})
    client("eks").create_pod_identity_association(
        clusterName="e", namespace="n", serviceAccount="s", roleArn=role
    )
    client("organizations").create_organization(FeatureSet="ALL")
    client("organizations").create_account(AccountName="a", Email="a@example.com")
    client("logs").create_log_group(logGroupName="l")
    where = {"LocationConstraint": REGION}
    client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration=where)
    client("servicediscovery").create_http_namespace(Name="shop.local")
    client("secretsmanager").create_secret(Name="s", SecretString="x")
    client("ssm").put_parameter(Name="p", Value="v", Type="String")
    client("route53").create_hosted_zone(Name="example.com", CallerReference="r")
    client("acm").request_certificate(DomainName="example.com")


def test_everything_is_the_same_after_a_restart(folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    with serving(folder, "--state", str(state)) as first:
        clients = {"owner": first.credentials(OWNER)}
        build(first, clients["owner"])
        before = read_all(first, clients)
    size = state.stat().st_size
    time.sleep(1.1)  # so that a timestamp made anew would differ in its seconds
    with serving(folder, "--state", str(state)) as second:
        assert "restored" in second.line
        after = read_all(second, clients)
        for name, answer in before.items():
            assert after[name] == answer, name
        # Reads add nothing, and the consumer still finds its invitation.
        assert state.stat().st_size == size
        ram = second.client("ram", CONSUMER)
        (invitation,) = ram.get_resource_share_invitations()["resourceShareInvitations"]
        ram.accept_resource_share_invitation(
            resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
        )
        # What is made now draws other ids than what was made before.
        mesh = second.client_with("appmesh", clients["owner"]).create_mesh(meshName="new")["mesh"]
        assert mesh["metadata"]["uid"] != before["mesh"]["mesh"]["metadata"]["uid"]
    with serving(folder, "--state", str(state)) as third:
        shared = third.client("appmesh", CONSUMER).describe_mesh(meshName="shop", meshOwner=OWNER)
        assert shared["mesh"] == before["mesh"]["mesh"]


def test_a_killed_server_loses_nothing_that_it_answered(folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    with serving(folder, "--state", str(state)) as first:
        meshes = first.client("appmesh")
        made = [meshes.create_mesh(meshName=f"m{n}")["mesh"]["metadata"]["uid"] for n in range(5)]
        first.process.kill()
    with serving(folder, "--state", str(state)) as second:
        meshes = second.client("appmesh")
        described = [meshes.describe_mesh(meshName=f"m{n}")["mesh"] for n in range(5)]
        assert [mesh["metadata"]["uid"] for mesh in described] == made


def test_a_full_disk_stops_it_and_leaves_the_file_good(folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    made = []
    with serving(folder, "--state", str(state), limit=4) as first:
        meshes = first.client("appmesh")
        refusal = None
        for name in (f"m{number:02}" for number in range(15)):
            try:
                meshes.create_mesh(meshName=name)
            except ClientError as error:
                refusal = error
                break
            made.append(name)
        assert refusal is not None
        assert refusal.response["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert "can't be written" in str(refusal)
        with pytest.raises(ClientError, match="has stopped"):
            meshes.list_meshes()
    assert made
    with serving(folder, "--state", str(state)) as second:
        listed = second.client("appmesh").list_meshes()["meshes"]
        assert [mesh["meshName"] for mesh in listed] == made


def test_two_servers_do_not_share_a_state(folder: Path, tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    with serving(folder, "--state", state):
        second = run(folder, "serve", "--state", state)
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == f"{state}: another server uses it; stop that one first\n"


def test_a_state_that_is_answered_otherwise_is_refused(folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    with serving(folder, "--state", str(state)) as first:
        first.client("appmesh").create_mesh(meshName="m")
        first.client("appmesh").delete_mesh(meshName="m")
    header, create, delete = state.read_bytes().splitlines(keepends=True)
    changed = header + delete + create
    state.write_bytes(changed)
    refused = run(folder, "serve", "--state", str(state))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (f"{state}:2: the request was answered 200 and is now answered 404\n")
    assert state.read_bytes() == changed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(folder: Path, number: signal.Signals) -> None:
    with serving(folder) as server:
        addresses = list(folder.rglob(f"{server.port}.json"))
        assert len(addresses) == 1
        server.process.send_signal(number)
        _, errors = server.process.communicate(timeout=20)
        assert (server.process.returncode, errors) == (0, "")
        assert not addresses[0].exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--host", "0.0.0.0"], "--host 0.0.0.0: only 127.0.0.1, ::1, localhost"),
        (["--state", "/"], "/: can't be opened: Is a directory"),
        (["--port", "{taken}"], "port {taken}: can't be had: Address already in use"),
    ],
)
def test_what_it_can_not_run_with_is_one_line(folder: Path, args: list[str], told: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        refused = run(folder, "serve", *(each.replace("{taken}", taken) for each in args))
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.startswith(told.replace("{taken}", taken))
    assert refused.stderr.count("\n") == 1


def test_it_ends_with_its_parent_where_asked(folder: Path) -> None:
    script = f"{' '.join(COMMAND)} serve --exit-with-parent & read line"
    with subprocess.Popen(
        ["/bin/sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(folder),
    ) as shell:
        assert shell.stdout is not None
        port = int(shell.stdout.readline().rpartition(":")[2])
        assert shell.stdin is not None
        shell.stdin.close()  # the shell goes on from "read" and ends
        assert shell.stdout.read() == ""  # closed once the server has ended too
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
