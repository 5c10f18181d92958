"""Enforcement over HTTP: for every AWS client, and across a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from meshkit.local.plugin.remote import Remote
from tests.local.enforcement.people import allow, deny, document, role_arn, trusting
from tests.local.serving import Server, run, serving

EXAMPLES = Path(__file__).parents[3] / "examples"
ACCOUNT = "123456789012"
TRUST = trusting({"AWS": ACCOUNT})


def keys(server: Server, role: str) -> dict[str, str]:
    return assumed(server, role_arn(role, ACCOUNT))


def keys_of_root(server: Server, account: str) -> dict[str, str]:
    return assumed(server, role_arn("LocalCloud", account))


def assumed(server: Server, role: str) -> dict[str, str]:
    given = server.client("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def error_of(call: Any, **params: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as refusal:
        call(**params)
    answer = refusal.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def test_a_server_refuses_and_allows_as_the_cloud_in_process_does(tmp_path: Path) -> None:
    with serving(tmp_path, "--enforce-iam") as server:
        iam = server.client("iam")
        iam.create_role(RoleName="viewer", AssumeRolePolicyDocument=TRUST)
        policy = document(allow("appmesh:List*"))
        iam.put_role_policy(RoleName="viewer", PolicyName="own", PolicyDocument=policy)
        viewer = keys(server, "viewer")
        appmesh = server.client_with("appmesh", viewer)
        assert appmesh.list_meshes()["meshes"] == []
        assert error_of(appmesh.create_mesh, meshName="m") == (403, "AccessDeniedException")
        refused = {
            "iam": ("list_roles", {}, 403, "AccessDenied"),
            "ec2": ("create_vpc", {"CidrBlock": "10.0.0.0/16"}, 403, "UnauthorizedOperation"),
            "ecs": ("list_clusters", {}, 400, "AccessDeniedException"),
            "s3": ("list_buckets", {}, 403, "AccessDenied"),
        }
        for service, (operation, params, status, code) in refused.items():
            client = server.client_with(service, viewer)
            assert error_of(getattr(client, operation), **params) == (status, code)
        assert server.client("appmesh").list_meshes()["meshes"] == []


def test_other_accounts_are_entered_as_their_root_user(tmp_path: Path) -> None:
    with serving(tmp_path, "--enforce-iam") as server:
        answer = run(
            tmp_path,
            *("call", "--account", "222222222222", "appmesh", "CreateMesh"),
            *("--param", '{"meshName": "m"}'),
        )
        assert answer.returncode == 0, answer.stderr
        assert server.client("appmesh").list_meshes()["meshes"] == []
        unknown = server.client("sts").assume_role
        taken = {"RoleArn": role_arn("nobody", "222222222222"), "RoleSessionName": "me"}
        assert error_of(unknown, **taken) == (403, "AccessDenied")


def test_a_state_holds_what_was_allowed(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    with serving(tmp_path, "--enforce-iam", "--state", state) as server:
        server.client("iam").create_role(RoleName="nobody", AssumeRolePolicyDocument=TRUST)
        appmesh = server.client_with("appmesh", keys(server, "nobody"))
        assert error_of(appmesh.create_mesh, meshName="theirs")[0] == 403
        server.client("appmesh").create_mesh(meshName="ours")
    with serving(tmp_path, "--enforce-iam", "--state", state) as server:
        meshes = server.client("appmesh").list_meshes()["meshes"]
        assert [each["meshName"] for each in meshes] == ["ours"]
        appmesh = server.client_with("appmesh", keys(server, "nobody"))
        assert error_of(appmesh.list_meshes)[0] == 403


def test_a_provider_of_the_engine_works_as_the_role_of_the_mesh_file(tmp_path: Path) -> None:
    with serving(tmp_path, str(EXAMPLES / "shared-mesh"), "--enforce-iam") as server:
        entered = keys_of_root(server, "111111111111")
        role = role_arn("OrganizationAccountAccessRole", "222222222222")
        inputs = {
            "region": "eu-west-1",
            "accessKey": entered["aws_access_key_id"],
            "secretKey": entered["aws_secret_access_key"],
            "token": entered["aws_session_token"],
            "assumeRoles": [{"roleArn": role}],
        }
        remote = Remote(server.url, inputs)
        assert remote.provider.account == "222222222222"
        remote.client("appmesh").create_mesh(meshName="m")
        elsewhere = {**inputs, "assumeRoles": [{"roleArn": role_arn("gone", "222222222222")}]}
        with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole"):
            Remote(server.url, elsewhere).client("appmesh")


def test_iam_is_where_its_endpoint_is_whatever_clients_sign_for(tmp_path: Path) -> None:
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    with serving(tmp_path, "--enforce-iam") as server:
        iam = server.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
        policy = document(allow("*"), deny("*", Condition=elsewhere))
        iam.put_role_policy(RoleName="r", PolicyName="own", PolicyDocument=policy)
        given = keys(server, "r")
        assert server.client_with("appmesh", given).list_meshes()["meshes"] == []
        assert error_of(server.client_with("iam", given).list_roles) == (403, "AccessDenied")
