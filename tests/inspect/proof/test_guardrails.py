"""Guardrails and boundaries of a program, as its proof applies them."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
import pytest

import meshkit
from meshkit import (
    Guardrails,
    GuardrailsArgs,
    PermissionsBoundary,
    PermissionsBoundaryArgs,
)
from meshkit.graph import UNKNOWN, Graph, Resource
from meshkit.inspect.proof import prove
from meshkit.policy.boundaries import MeshBoundary, TeamBoundary
from meshkit.policy.guardrails import GuardrailScope
from tests.inspect.proof.programs import (
    NETWORK,
    STREAM,
    allow,
    at,
    codes,
    deny,
    deployed,
    document,
    mesh_data,
    previewed,
    proof_of,
)
from tests.inspect.proof.test_without_a_file import arn, node, role

if TYPE_CHECKING:
    from collections.abc import Callable

SCOPE = GuardrailScope(
    pipeline=("mesh-deployer",),
    protected=("mesh/*", "boundaries/*"),
    share_names=("shop",),
    regions=("eu-west-1",),
    boundary="boundaries/mesh",
)
MANAGEMENT = "999999999999"
ACCOUNTS = ("network", "orders", "billing")
every_look = pytest.mark.parametrize("look", [previewed, deployed])


def bounded_data(name: str = "mesh") -> dict[str, Any]:
    data = copy.deepcopy(mesh_data())
    boundary = f"arn:${{partition}}:iam::${{account}}:policy/boundaries/{name}"
    data["defaults"] = {"role": {"permissions_boundary": boundary}}
    return data


def bounding(boundary: MeshBoundary | TeamBoundary) -> Callable[[meshkit.SharedMesh], None]:
    """Makes the boundary in every account."""

    def plant(mesh: meshkit.SharedMesh) -> None:
        for account in ACCOUNTS:
            PermissionsBoundary(
                f"boundary-{account}", PermissionsBoundaryArgs(boundary=boundary), at(mesh, account)
            )

    return plant


def guarding(scope: GuardrailScope, target: str) -> Callable[[meshkit.SharedMesh], None]:
    def plant(_: meshkit.SharedMesh) -> None:
        Guardrails("rails", GuardrailsArgs(scope=scope, targets={"all": target}))

    return plant


@every_look
def test_the_boundary_of_meshes_takes_nothing_that_a_proxy_needs(look: Any) -> None:
    assert codes(proof_of(bounded_data(), bounding(MeshBoundary()), look=look)) == []


@every_look
def test_that_of_a_team_takes_nothing_either(look: Any) -> None:
    team = TeamBoundary(path="/teams/orders/")

    assert codes(proof_of(bounded_data("team"), bounding(team), look=look)) == []


def test_a_boundary_narrows_a_role_that_is_too_wide() -> None:
    def wide(mesh: meshkit.SharedMesh) -> None:
        bounding(MeshBoundary())(mesh)
        policy = document(allow("iam:*", "*"))
        aws.iam.RolePolicy("wide", role="shop-ledger", policy=policy, opts=at(mesh, "network"))

    # What nobody declared is told, although the boundary lets none of it pass.
    assert codes(proof_of(bounded_data(), wide)) == ["MP109"]


def test_guardrails_take_nothing_that_a_proxy_needs() -> None:
    assert codes(proof_of(mesh_data(), guarding(SCOPE, "r-abcd"))) == []


def test_a_limit_of_regions_that_shuts_the_mesh_out() -> None:
    elsewhere = replace(SCOPE, regions=("eu-central-1",))
    proof = proof_of(mesh_data(), guarding(elsewhere, NETWORK))

    assert codes(proof) == ["MP106"]
    assert {each.role for each in proof.violations} == {
        f"arn:aws:iam::{NETWORK}:role/shop-{name}" for name in ("ledger", "ingress")
    }
    assert "StayInRegions" in proof.violations[0].message


def test_whether_an_account_is_in_a_unit_is_left_open() -> None:
    elsewhere = replace(SCOPE, regions=("eu-central-1",))

    assert codes(proof_of(mesh_data(), guarding(elsewhere, "ou-abcd-12345678"))) == ["open"]


def planned(type_: str, name: str, **made_from: str) -> Resource:
    """A resource that is not made yet, with the inputs that come from others."""
    return Resource(
        f"u::{name}",
        type_,
        name,
        dict.fromkeys(made_from, UNKNOWN),
        account=MANAGEMENT,
        input_dependencies={key: (f"u::{other}",) for key, other in made_from.items()},
    )


@pytest.mark.parametrize("target", ["root", "unit"])
def test_a_preview_tells_which_new_units_are_under_them(target: str) -> None:
    guardrails = "aws:organizations/"
    policy = planned(f"{guardrails}policy:Policy", "rails")
    content = {"name": "rails", "content": document(deny("appmesh:*", "*"))}
    account = planned(f"{guardrails}account:Account", "orders", parentId="unit")
    own = (node("a"), *role("r", allow(STREAM, arn("a"))))
    found = Graph(
        (
            *own,
            planned(f"{guardrails}organization:Organization", "root"),
            planned(f"{guardrails}organizationalUnit:OrganizationalUnit", "unit", parentId="root"),
            replace(account, outputs={"id": NETWORK}),
            replace(policy, inputs=content),
            planned(
                f"{guardrails}policyAttachment:PolicyAttachment",
                "rails-a",
                policyId="rails",
                targetId=target,
            ),
        )
    )

    assert codes(prove(found, [])) == ["MP106"]
