"""meshStack's connector: what it registers, what stays secret, and that a member demands its id."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import (
    MemberAccessRole,
    MemberAccessRoleArgs,
    MeshStackConnector,
    MeshStackConnectorArgs,
    Rotation,
)
from meshkit.errors import MeshkitError
from meshkit.graph import Graph, Secret, reveal
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.policy.evaluation import Caller, trust
from meshkit.policy.meshstack import ConnectorScope, connector_document
from meshkit.policy.operator_trust import AccountTrust, OidcTrust
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.graph import Resource

ROOT, MEMBER = "999999999999", "222222222222"
SCOPE = ConnectorScope(management_account=ROOT)
PIPELINE = OidcTrust(
    provider_arn=f"arn:aws:iam::{ROOT}:oidc-provider/meshstack.example.com",
    subjects=["system:serviceaccount:meshcloud:replicator"],
    audience="aws-workload-identity-provider:meshstack",
)
USER = "aws:iam/user:User"
USER_POLICY = "aws:iam/userPolicy:UserPolicy"
KEY = "aws:iam/accessKey:AccessKey"
ROLE = "aws:iam/role:Role"
PARAMETER = "aws:ssm/parameter:Parameter"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def connector(name: str = "aws", **args: Any) -> MeshStackConnector:
    return MeshStackConnector(name, MeshStackConnectorArgs(**{"scope": SCOPE, **args}))


def made(**args: Any) -> Graph:
    return run_program(lambda: connector(**args))


def only(graph: Graph, type_: str) -> Resource:
    (found,) = graph.of_type(type_)
    return found


def child_types(graph: Graph) -> list[str]:
    component = only(graph, "meshkit:index:MeshStackConnector")
    return sorted(each.type for each in graph.children(component.urn))


def test_it_is_the_documented_user_with_its_policy_and_a_key() -> None:
    graph = made()

    assert child_types(graph) == sorted([USER, USER_POLICY, KEY, PARAMETER])
    assert only(graph, USER).inputs["name"] == "meshfed-service"
    assert only(graph, KEY).inputs["user"] == "meshfed-service"
    external_id = only(graph, PARAMETER).inputs["value"]
    assert isinstance(external_id, Secret)
    policy = only(graph, USER_POLICY).inputs["policy"]
    assert isinstance(policy, Secret)
    expected = connector_document(SCOPE, [external_id.value]).to_dict()
    assert json.loads(policy.value) == expected


def test_the_external_id_is_a_guid_kept_encrypted_and_never_drawn_twice() -> None:
    parameter = only(made(location="frankfurt"), PARAMETER)

    assert GUID.fullmatch(reveal(parameter.inputs["value"]))
    assert parameter.inputs["type"] == "SecureString"
    assert parameter.inputs["name"] == "/meshstack/frankfurt/external-id/1"
    assert parameter.inputs["tags"] == {"meshstack-location": "frankfurt"}


def test_every_secret_output_is_a_secret() -> None:
    outputs = only(made(), "meshkit:index:MeshStackConnector").outputs

    assert {key for key, value in outputs.items() if isinstance(value, Secret)} == {
        "externalId",
        "accessKeyId",
        "secretAccessKey",
    }


def test_the_role_has_the_same_policy_and_no_key() -> None:
    graph = made(trust=PIPELINE, identity_name="meshstack")

    inline = "aws:iam/rolePolicy:RolePolicy"
    assert child_types(graph) == sorted([ROLE, inline, PARAMETER])
    external_id = reveal(only(graph, PARAMETER).inputs["value"])
    policy = json.loads(reveal(only(graph, inline).inputs["policy"]))
    assert policy == connector_document(SCOPE, [external_id]).to_dict()
    assert only(graph, ROLE).inputs["name"] == "meshstack"
    outputs = only(graph, "meshkit:index:MeshStackConnector").outputs
    assert outputs.keys() == {"arn", "externalId"}


def test_a_rotation_has_a_window_in_which_both_are_good() -> None:
    both = Rotation(generation=2, keep_previous=True)
    graph = made(external_id=both, access_key=both)

    ids = {each.name: reveal(each.inputs["value"]) for each in graph.of_type(PARAMETER)}
    assert ids.keys() == {"aws-external-id-2", "aws-external-id-1"}
    assert sorted(each.name for each in graph.of_type(KEY)) == ["aws-key-1", "aws-key-2"]
    policy = json.loads(reveal(only(graph, USER_POLICY).inputs["policy"]))
    (entering,) = [each for each in policy["Statement"] if each["Sid"] == "StsAccessMemberAccount"]
    assert entering["Condition"] == {"StringEquals": {"sts:ExternalId": sorted(ids.values())}}
    outputs = only(graph, "meshkit:index:MeshStackConnector").outputs
    assert reveal(outputs["externalId"]) == ids["aws-external-id-2"]


def test_platform_instances_stand_beside_each_other() -> None:
    def program() -> None:
        connector("frankfurt", identity_name="meshfed-frankfurt")
        connector("dublin", identity_name="meshfed-dublin")

    graph = run_program(program)

    names = [each.inputs["name"] for each in (*graph.of_type(USER), *graph.of_type(PARAMETER))]
    assert len(set(names)) == len(names) == 4


def test_a_member_trusts_the_connector_with_its_external_id_alone() -> None:
    arn = f"arn:aws:iam::{ROOT}:user/meshfed-service"

    def program() -> None:
        args = MemberAccessRoleArgs(
            connector_arn=arn, external_ids=["new", "old"], managed_policies=[ADMINISTRATOR]
        )
        MemberAccessRole("member", args)

    role = only(run_program(program), ROLE)

    policy = role.inputs["assumeRolePolicy"]
    assert isinstance(policy, Secret), "an external id is a secret, however it was given"
    takes = {
        (who, sent): trust(policy.value, Caller(who), {"sts:ExternalId": sent}).allowed
        for who in (arn, f"arn:aws:iam::{ROOT}:user/somebody")
        for sent in ("new", "old", "guessed")
    }
    assert [key for key, may in takes.items() if may] == [(arn, "new"), (arn, "old")]
    assert not trust(policy.value, Caller(arn)).allowed
    assert role.inputs["name"] == "OrganizationAccountAccessRole"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"scope": ROOT}, "aws: scope takes a ConnectorScope"),
        ({"location": "a b"}, "aws: location has"),
        ({"trust": AccountTrust(principals=["*"])}, 'aws: "\\*" is no principal'),
        (
            {
                "scope": ConnectorScope(
                    management_account=ROOT,
                    organizational_units=tuple(
                        f"o-exampleorg1/r-ab12/ou-ab12-{number:08}" for number in range(20)
                    ),
                )
            },
            "aws: the policy has .* IAM takes 2048",
        ),
    ],
)
def test_a_fault_stops_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        made(**args)


@pytest.mark.parametrize("rotation", [{"generation": 0}, {"keep_previous": True}])
def test_a_rotation_without_a_value_is_refused(rotation: dict[str, Any]) -> None:
    with pytest.raises(MeshkitError, match=r"generation: the first is 1|before generation 1"):
        Rotation(**rotation)


def test_a_member_without_an_external_id_is_refused() -> None:
    args = MemberAccessRoleArgs(connector_arn="x", external_ids=[], managed_policies=[])

    with pytest.raises(MeshkitError, match="member: external_ids must be a list"):
        run_program(lambda: MemberAccessRole("member", args))


def deployed(program: Callable[[], None]) -> tuple[Any, str]:
    with Cloud(account=ROOT, region="eu-west-1") as cloud:
        result = run(program, cloud=cloud, project="landing-zone")
        iam = cloud.client("iam")
        (key,) = iam.list_access_keys(UserName="meshfed-service")["AccessKeyMetadata"]
        policy = iam.get_user_policy(UserName="meshfed-service", PolicyName="meshstack-connector")[
            "PolicyDocument"
        ]
        stored = cloud.client("ssm").get_parameter(
            Name="/meshstack/aws/external-id/1", WithDecryption=True
        )["Parameter"]
    assert policy == connector_document(SCOPE, [stored["Value"]]).to_dict()
    assert key["Status"] == "Active"
    return result, stored["Value"]


def test_it_is_made_on_the_local_cloud_and_tells_no_secret() -> None:
    def program() -> None:
        made = connector()
        MemberAccessRole(
            "member",
            MemberAccessRoleArgs(
                connector_arn=made.arn,
                external_ids=made.external_ids,
                managed_policies=[ADMINISTRATOR],
                role_name="meshstack",
            ),
        )
        pulumi.export("key", made.secret_access_key)
        pulumi.export("external_id", made.external_id)

    result, external_id = deployed(program)

    assert (result.failures, result.skipped) == ((), ())
    assert reveal(result.outputs["external_id"]) == external_id
    key = reveal(result.outputs["key"])
    assert len(key) >= 40
    assert external_id not in repr(result)
    assert key not in repr(result)
