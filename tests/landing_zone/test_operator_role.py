"""The role of operators, as a component and on the local cloud."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import OperatorRole, OperatorRoleArgs
from meshkit.errors import MeshkitError
from meshkit.graph import Secret
from meshkit.policy.operator_trust import AccountTrust, OidcTrust
from meshkit.policy.operators import operator_document
from tests.programs import run_program
from tools.operator_table import owner_scope, team_scope

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource

TRUST = AccountTrust(principals=["333333333333"])
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"


def made(**args: Any) -> Graph:
    given = {"tier": "deployer", "scope": team_scope(), "trust": TRUST, **args}
    return run_program(lambda: OperatorRole("people", OperatorRoleArgs(**given)))


def only(graph: Graph, type_: str) -> Resource:
    (found,) = graph.of_type(type_)
    return found


def test_it_is_a_role_and_its_policy_and_no_key() -> None:
    graph = made(tags={"team": "web"})

    component = only(graph, "meshkit:index:OperatorRole")
    children = graph.children(component.urn)
    assert sorted(each.type for each in children) == [ROLE, POLICY]
    role = only(graph, ROLE)
    assert role.inputs["tags"] == {"team": "web"}
    assert role.inputs["maxSessionDuration"] == 3600
    assert component.outputs == {"roleArn": role.outputs["arn"], "roleName": role.inputs["name"]}


def test_its_policy_is_that_of_the_tier() -> None:
    policy = only(made(tier="router"), POLICY)

    assert (
        json.loads(policy.inputs["policy"]) == operator_document("router", team_scope()).to_dict()
    )


def test_options_reach_the_role() -> None:
    boundary = "arn:aws:iam::222222222222:policy/boundary"
    role = only(
        made(
            role_name="mesh-people",
            path="/people/",
            permissions_boundary=boundary,
            max_session_duration=43_200,
            description="Works on the mesh.",
        ),
        ROLE,
    )

    assert role.inputs["name"] == "mesh-people"
    assert role.inputs["path"] == "/people/"
    assert role.inputs["permissionsBoundary"] == boundary
    assert role.inputs["maxSessionDuration"] == 43_200
    assert role.inputs["description"] == "Works on the mesh."


def test_an_external_id_that_is_secret_stays_so() -> None:
    def program() -> None:
        secret = pulumi.Output.secret("7c1e-0000")
        trust = AccountTrust(principals=["333333333333"], external_ids=[secret])
        OperatorRole("people", OperatorRoleArgs(tier="viewer", scope=team_scope(), trust=trust))

    trusted = only(run_program(program), ROLE).inputs["assumeRolePolicy"]

    assert isinstance(trusted, Secret)
    assert '"sts:ExternalId":"7c1e-0000"' in trusted.value


def test_a_provider_may_be_one_of_the_program() -> None:
    def program() -> None:
        arn = pulumi.Output.from_input("arn:aws:iam::222222222222:oidc-provider/ci.example.com")
        trust = OidcTrust(provider_arn=arn, subjects=["main"], audience="sts.amazonaws.com")
        OperatorRole("people", OperatorRoleArgs(tier="viewer", scope=team_scope(), trust=trust))

    (statement,) = json.loads(only(run_program(program), ROLE).inputs["assumeRolePolicy"])[
        "Statement"
    ]

    assert statement["Condition"] == {
        "StringEquals": {"ci.example.com:aud": "sts.amazonaws.com", "ci.example.com:sub": "main"}
    }


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"tier": "admin"}, 'people: no tier "admin"'),
        ({"tier": "owner"}, "people: owner: the mesh, its gateways"),
        ({"scope": "shop"}, "people: scope takes an OperatorScope"),
        ({"trust": "*"}, "people: trust takes one of OidcTrust, SamlTrust"),
        ({"trust": AccountTrust(principals=[])}, "people: principals must be"),
        ({"max_session_duration": 3599}, "people: max_session_duration"),
        ({"max_session_duration": 43_201}, "people: max_session_duration"),
        (
            {
                "tier": "router",
                "scope": replace(team_scope(), routers=tuple(f"{n:0200}" for n in range(60))),
            },
            "people: the policy has .* fewer routers",
        ),
    ],
)
def test_a_fault_stops_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        made(**args)


def test_the_owners_people_get_the_upper_tiers() -> None:
    policy = only(made(tier="sharer", scope=owner_scope()), POLICY)

    assert "ram:CreateResourceShare" in policy.inputs["policy"]
