"""The declared key and roles of meshStack are taken for what they are, and nothing near them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import (
    MemberAccessRole,
    MemberAccessRoleArgs,
    MeshStackConnector,
    MeshStackConnectorArgs,
    Rotation,
)
from meshkit.graph import Graph, Resource, Secret, reveal
from meshkit.inspect.proof import Proof, prove
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.policy.meshstack import ConnectorScope, connector_document, is_connector_document
from meshkit.policy.operator_trust import OidcTrust
from tests.inspect.proof.programs import STREAM, allow, codes, document

if TYPE_CHECKING:
    from collections.abc import Callable

    Plant = Callable[[pulumi.ResourceOptions], None]

ROOT = "999999999999"
SCOPE = ConnectorScope(management_account=ROOT)
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
POLICY, TRUST = "policy", "assumeRolePolicy"


def nothing(_after: pulumi.ResourceOptions) -> None:
    """Plant nothing."""


def made(plant: Plant = nothing, **args: Any) -> Graph:
    def program() -> None:
        connector = MeshStackConnector("stack", MeshStackConnectorArgs(scope=SCOPE, **args))
        member = MemberAccessRole(
            "member",
            MemberAccessRoleArgs(
                connector_arn=connector.arn,
                external_ids=connector.external_ids,
                managed_policies=[ADMINISTRATOR],
            ),
        )
        plant(pulumi.ResourceOptions(depends_on=[connector, member]))

    with Cloud(account=ROOT, region="eu-west-1") as cloud:
        outcome = run(program, cloud=cloud)
    assert (outcome.failures, outcome.skipped) == ((), ())
    return outcome.graph


def proven(graph: Graph) -> Proof:
    return prove(graph, [])


def test_a_declared_connector_is_proven() -> None:
    proof = proven(made())

    assert proof.ok, (proof.violations, proof.unknowns)


def test_both_keys_are_declared_while_one_follows_the_other() -> None:
    both = Rotation(generation=3, keep_previous=True)

    assert proven(made(access_key=both, external_id=both)).ok


def test_a_connector_kept_to_some_units_is_proven() -> None:
    units = ("o-exampleorg1/r-ab12/ou-ab12-00000002", "o-exampleorg1/r-ab12/ou-ab12-00000001")
    scope = replace(SCOPE, organizational_units=units, access_role="meshstack")

    assert is_connector_document(connector_document(scope, ["b", "a"]).to_dict(), ROOT)


def second_key(after: pulumi.ResourceOptions) -> None:
    aws.iam.AccessKey("more", user="meshfed-service", opts=after)


def somebody(_after: pulumi.ResourceOptions) -> None:
    user = aws.iam.User("somebody", name="somebody")
    aws.iam.AccessKey("somebody", user=user.name)


def more_rights(after: pulumi.ResourceOptions) -> None:
    policy = document(allow("iam:CreateUser", "*"))
    aws.iam.UserPolicy("more", user="meshfed-service", policy=policy, opts=after)


def more_of_the_member(after: pulumi.ResourceOptions) -> None:
    policy = document(allow(STREAM, "*"))
    aws.iam.RolePolicy("more", role="OrganizationAccountAccessRole", policy=policy, opts=after)


PLANTED: dict[str, tuple[Plant, list[str]]] = {
    "a second key of the user": (second_key, ["MP401"]),
    "a key of another user": (somebody, ["MP401"]),
    "a policy more": (more_rights, ["MP401", "MP407"]),
    "another wildcard of the member's role": (more_of_the_member, ["MP103"]),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_stands_beside_it_is_found(name: str) -> None:
    plant, expected = PLANTED[name]

    assert codes(proven(made(plant))) == expected


def beside(type_: str, **inputs: Any) -> Resource:
    return Resource(f"urn::{type_}::more", type_, "more", inputs, account=ROOT)


# What the local cloud does not make, and a preview tells.
BESIDE: dict[str, tuple[list[Resource], list[str]]] = {
    "a group of the user": (
        [
            beside("aws:iam/group:Group", name="more"),
            beside(
                "aws:iam/groupPolicy:GroupPolicy",
                group="more",
                policy=document(allow("iam:CreateUser", "*")),
            ),
            beside(
                "aws:iam/userGroupMembership:UserGroupMembership",
                user="meshfed-service",
                groups=["more"],
            ),
        ],
        ["MP401", "MP407"],
    ),
    "a password of the user": (
        [beside("aws:iam/userLoginProfile:UserLoginProfile", user="meshfed-service")],
        ["MP401"],
    ),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_a_preview_tells_beside_it_is_found(name: str) -> None:
    more, expected = BESIDE[name]

    assert codes(proven(Graph((*made().resources, *more)))) == expected


def edited(graph: Graph, name: str, key: str, change: Callable[[str], str]) -> Graph:
    """The program with a text of a resource changed."""

    def changed(resource: Resource) -> Resource:
        if resource.name != name or key not in resource.inputs:
            return resource
        text = reveal(resource.inputs[key])
        assert change(text) != text
        return replace(resource, inputs={**resource.inputs, key: Secret(change(text))})

    return Graph(tuple(map(changed, graph)))


NEAR: dict[str, tuple[str, str, Callable[[str], str], list[str]]] = {
    "one action more": (
        "stack", POLICY,
        lambda text: text.replace('"organizations:ListRoots"', '"organizations:ListRoots","iam:*"'),
        ["MP401", "MP407"],
    ),
    "another role to take": (
        "stack", POLICY, lambda text: text.replace("OrganizationAccountAccessRole", "*"),
        ["MP401", "MP407"],
    ),
    "no external id": (
        "stack", POLICY, lambda text: text.replace("sts:ExternalId", "aws:Other"),
        ["MP401", "MP407"],
    ),
    "another user in the trust": (
        "member", TRUST, lambda text: text.replace("meshfed-service", "somebody"),
        ["MP103", "MP203"],
    ),
    "a trust without the external id": (
        "member", TRUST, lambda text: text.replace("sts:ExternalId", "aws:Other"),
        ["MP103", "MP203"],
    ),
    "anybody of the account": (
        "member", TRUST, lambda text: text.replace("user/meshfed-service", "root"),
        ["MP103", "MP203"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEAR)
def test_what_is_almost_it_is_found(name: str) -> None:
    resource, input_, change, expected = NEAR[name]
    proof = proven(edited(made(), resource, input_, change))

    assert codes(proof) == expected, proof.violations


def test_a_key_by_the_name_of_a_later_one_is_none_of_it() -> None:
    graph = made()
    (first,) = [each for each in graph if each.name == "stack-key-1"]
    planted = replace(first, urn=f"{first.urn}0", name="stack-key-9", outputs={"id": "AKIAOTHER"})

    assert codes(proven(Graph((*graph, planted)))) == ["MP401"]


def test_a_role_in_place_of_the_user_has_nothing_to_prove() -> None:
    trust = OidcTrust(
        provider_arn=f"arn:aws:iam::{ROOT}:oidc-provider/meshstack.example.com",
        subjects=["system:serviceaccount:meshcloud:replicator"],
        audience="meshstack",
    )

    assert proven(made(trust=trust)).ok


def test_no_secret_is_told() -> None:
    graph = made(more_rights)
    (secret,) = {
        reveal(each.inputs["value"]) for each in graph.of_type("aws:ssm/parameter:Parameter")
    }

    assert secret not in repr(proven(graph))
