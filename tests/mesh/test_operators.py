"""The operators of a mesh file, as SharedMesh registers them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import MeshkitError, SharedMesh
from meshkit.graph import Secret
from tests.programs import run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource

ROLE = "aws:iam/role:Role"
PROVIDER = "arn:aws:iam::222222222222:oidc-provider/ci.example.com"
BOUNDARY = "arn:aws:iam::222222222222:policy/people"


def mesh_file(**operator: Any) -> dict[str, Any]:
    return {
        "name": "shop",
        "region": "eu-west-1",
        "owner": "network",
        "organization": {
            "id": "o-exampleorg1",
            "management_account": "999999999999",
            "sharing_enabled": True,
        },
        "accounts": {
            "network": {"id": "111111111111"},
            "orders": {"id": "222222222222", "assume_role": {"name": "deployer"}},
        },
        "share": {"principals": ["orders"]},
        "tags": {"company": "acme"},
        "operators": {
            "people": {
                "tier": "deployer",
                "account": "orders",
                "trust": {"permission_set": {"name": "People"}},
                **operator,
            }
        },
    }


def made(data: dict[str, Any], **late: str) -> Graph:
    """What is registered; `late` are values that come as Outputs."""

    def program() -> None:
        values = {key: pulumi.Output.from_input(value) for key, value in late.items()}
        SharedMesh("shop", data, values=values)

    return run_program(program)


def the_role(graph: Graph) -> Resource:
    (found,) = [each for each in graph.of_type(ROLE) if "operator" in each.name]
    return found


def test_the_role_is_of_its_account_and_below_the_mesh() -> None:
    graph = made(mesh_file())
    role = the_role(graph)
    component = graph[role.parent or ""]

    assert (component.type, component.name) == (
        "meshkit:index:OperatorRole", "shop-operator-people",
    )  # fmt: skip
    assert graph[component.parent or ""].type == "meshkit:index:SharedMesh"
    assert json.loads(graph[role.provider or ""].inputs["allowedAccountIds"]) == ["222222222222"]
    assert role.inputs["tags"] == {"company": "acme"}
    assert role.inputs["name"].startswith("shop-people-")


def test_what_its_role_leaves_open_comes_from_the_defaults() -> None:
    data = mesh_file(role={"max_session_duration": 7200, "tags": {"team": "orders"}})
    defaults = {
        "path": "/mesh/",
        "max_session_duration": 3600,
        "tags": {"team": "all", "cost": "1"},
        "managed_policies": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
    }
    graph = made({**data, "defaults": {"role": defaults}})
    inputs = the_role(graph).inputs

    assert (inputs["path"], inputs["maxSessionDuration"]) == ("/mesh/", 7200)
    assert inputs["tags"] == {"company": "acme", "team": "orders", "cost": "1"}
    assert not graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")


def test_an_operator_is_found_by_its_name() -> None:
    def program() -> None:
        mesh = SharedMesh("shop", mesh_file())
        pulumi.export("arn", mesh.operators["people"].role_arn)
        with pytest.raises(MeshkitError, match=r'no operator "peple" .*\(did you mean "people"'):
            mesh.operators["peple"]

    graph = run_program(program)
    (stack,) = graph.of_type("pulumi:pulumi:Stack")
    assert stack.outputs["arn"] == the_role(graph).outputs["arn"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (PROVIDER, None),
        (PROVIDER.replace("222222222222", "111111111111"), "of account 111111111111"),
        ("arn:aws:iam::222222222222:role/x", "is no OIDC provider"),
    ],
)
def test_a_provider_that_comes_late_is_checked(given: str, message: str | None) -> None:
    oidc = {"provider": "${var.provider}", "subjects": "main", "audience": "sts.amazonaws.com"}
    data = mesh_file(trust={"oidc": oidc})
    if message is not None:
        with pytest.raises(MeshkitError, match=message):
            made(data, provider=given)
        return
    policy = json.loads(the_role(made(data, provider=given)).inputs["assumeRolePolicy"])

    assert policy["Statement"][0]["Condition"] == {
        "StringEquals": {"ci.example.com:aud": "sts.amazonaws.com", "ci.example.com:sub": "main"}
    }


LATE_BOUNDARY = mesh_file(role={"permissions_boundary": "${var.boundary}"})


def test_a_boundary_may_come_late() -> None:
    role = the_role(made(LATE_BOUNDARY, boundary=BOUNDARY))

    assert role.inputs["permissionsBoundary"] == BOUNDARY


def test_a_boundary_that_comes_late_is_checked() -> None:
    with pytest.raises(MeshkitError, match="is no IAM policy"):
        made(LATE_BOUNDARY, boundary=BOUNDARY.replace(":policy/", ":role/"))


def test_external_ids_are_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNER", "7c1e-0000")
    accounts = {"principals": ["network"], "external_ids": ["${env.PARTNER}"], "mfa_max_age": 600}
    policy = the_role(made(mesh_file(trust={"accounts": accounts}))).inputs["assumeRolePolicy"]

    assert isinstance(policy, Secret)
    (statement,) = json.loads(policy.value)["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    assert statement["Condition"]["StringEquals"] == {"sts:ExternalId": "7c1e-0000"}
    assert statement["Condition"]["NumericLessThanEquals"] == {"aws:MultiFactorAuthAge": "600"}
