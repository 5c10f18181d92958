"""Roles of operators are held to their tiers, and to whom the file names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
import pytest

import meshkit
from meshkit.config.interpolate import OpenValues
from meshkit.graph import Graph, Secret, reveal
from meshkit.inspect.proof import prove
from meshkit.policy.operators import TIERS, scope_of
from meshkit.topology.check import check
from tests.inspect.proof.programs import (
    HEAD,
    LEDGER,
    NETWORK,
    STREAM,
    allow,
    at,
    codes,
    deny,
    document,
    mesh_data,
    previewed,
    program_of,
    proof_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.graph import Resource

    Plant = Callable[[meshkit.SharedMesh], None]

GITHUB = "token.actions.githubusercontent.com"
TRUST, POLICY = "assumeRolePolicy", "policy"
MAIN = "repo:acme/shop:ref:refs/heads/main"
ROUTES = f"{HEAD}:{NETWORK}:mesh/shop/virtualRouter/*"


def operators(**others: Any) -> dict[str, Any]:
    """The mesh file, with a pipeline and people who work on it, whose roles have fixed names."""
    provider = f"arn:aws:iam::{NETWORK}:oidc-provider/{GITHUB}"
    pipeline = {"provider": provider, "subjects": MAIN, "audience": "sts.amazonaws.com"}
    return {
        **mesh_data(),
        "operators": {
            "pipeline": {
                "tier": "deployer",
                "resource_tags": {"team": "shop"},
                "trust": {"oidc": pipeline},
                "role": {"name": "pipeline"},
            },
            "people": {
                "tier": "viewer",
                "account": "billing",
                "trust": {"accounts": {"principals": ["orders"], "external_ids": ["7c1e-0000"]}},
                "role": {"name": "people"},
            },
            **others,
        },
    }


def told(proof: Any) -> str:
    found = [f"{each.code} {each.message}" for each in proof.violations]
    return "\n".join([*found, *(f"{each.subject}: {each.message}" for each in proof.unknowns)])


def test_declared_operators_are_proven() -> None:
    proof = proof_of(operators())

    assert proof.ok, told(proof)
    assert len(proof.roles) == 7


def added(role: str, account: str, *statements: dict[str, Any]) -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        aws.iam.RolePolicy("more", role=role, policy=document(*statements), opts=at(mesh, account))

    return plant


def attached(role: str, account: str, policy: str) -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        arn = f"arn:aws:iam::aws:policy/{policy}"
        aws.iam.RolePolicyAttachment("more", role=role, policy_arn=arn, opts=at(mesh, account))

    return plant


def somebody(*statements: dict[str, Any]) -> Plant:
    """A role by hand, which the file does not name."""

    def plant(mesh: meshkit.SharedMesh) -> None:
        trusted = {"Effect": "Allow", "Principal": {"AWS": NETWORK}, "Action": "sts:AssumeRole"}
        role = aws.iam.Role(
            "hand",
            name="hand",
            assume_role_policy=document(trusted),
            opts=at(mesh, "network"),
        )
        aws.iam.RolePolicy(
            "hand", role=role.name, policy=document(*statements), opts=at(mesh, "network")
        )

    return plant


FOUND: dict[str, tuple[Plant, list[str]]] = {
    "one action more": (
        added("pipeline", "network", allow("appmesh:UpdateMesh", f"{HEAD}:{NETWORK}:mesh/shop")),
        ["MP402"],
    ),
    "something that is not of a mesh": (
        added("people", "billing", allow("s3:GetObject", "arn:aws:s3:::bucket/*")),
        ["MP402"],
    ),
    "a policy of AWS about other things": (
        attached("people", "billing", "AmazonS3ReadOnlyAccess"),
        ["MP402"],
    ),
    "the configuration of a proxy": (
        added("pipeline", "network", allow(STREAM, LEDGER)),
        ["MP101", "MP402"],
    ),
    "somebody by hand who changes routes": (
        somebody(allow("appmesh:UpdateRoute", ROUTES)),
        ["MP406"],
    ),
    "somebody who may do all but some things": (
        somebody(allow("appmesh:Delete*", "*")),
        ["MP406"],
    ),
    "somebody who only looks": (somebody(allow("appmesh:Describe*", "*")), []),
    "somebody who works on another mesh": (
        somebody(allow("appmesh:UpdateRoute", f"{HEAD}:{NETWORK}:mesh/other/*")),
        [],
    ),
    "somebody who is denied what another statement allows": (
        somebody(allow("appmesh:UpdateRoute", ROUTES), deny("appmesh:*", "*")),
        [],
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_not_declared_is_found(name: str) -> None:
    plant, expected = FOUND[name]
    proof = proof_of(operators(), plant)

    assert codes(proof) == expected, told(proof)


UNNAMED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "this mesh by its name": (allow("appmesh:UpdateRoute", ROUTES), []),
    "this mesh in whatever account": (
        allow("appmesh:*Route", "arn:aws:appmesh:*:*:mesh/shop/*"),
        [],
    ),
    "every mesh": (allow("appmesh:UpdateRoute", "*"), ["MP408"]),
    "meshes that are called alike": (allow("appmesh:Delete*", f"{HEAD}:*:mesh/sh*"), ["MP408"]),
    "this mesh and any other": (
        {**allow("appmesh:UpdateRoute", ROUTES), "Resource": [ROUTES, f"{HEAD}:{NETWORK}:mesh/*"]},
        ["MP408"],
    ),
    "every mesh but one": (
        {
            "Effect": "Allow",
            "Action": "appmesh:UpdateMesh",
            "NotResource": f"{HEAD}:{NETWORK}:mesh/other",
        },
        ["MP408"],
    ),
    "another mesh": (allow("appmesh:UpdateRoute", f"{HEAD}:{NETWORK}:mesh/other/*"), []),
    "everything, which is a violation already": (allow("*", "*"), ["MP103", "MP203"]),
    "looking at every mesh": (allow("appmesh:Describe*", "*"), []),
}


@pytest.mark.parametrize("name", UNNAMED)
def test_who_changes_a_mesh_without_operators_names_it(name: str) -> None:
    statement, expected = UNNAMED[name]
    proof = proof_of(mesh_data(), somebody(statement))

    assert codes(proof) == expected, told(proof)


def test_the_operators_of_components_name_their_mesh() -> None:
    def plant(mesh: meshkit.SharedMesh) -> None:
        trust = meshkit.AccountTrust(principals=[NETWORK])
        for tier in TIERS:
            scope = scope_of(check(mesh_data()).resolve(), "network")
            args = meshkit.OperatorRoleArgs(tier=tier, scope=scope, trust=trust)
            meshkit.OperatorRole(tier, args, at(mesh, "network"))

    proof = proof_of(mesh_data(), plant)

    assert proof.ok, told(proof)


def edited(role: str, key: str, old: str, new: str) -> Callable[[Callable[[], None]], Graph]:
    """How to look at the program with a text of an operator's role, or of its policy, changed."""

    def changed(resource: Resource) -> Resource:
        if resource.name != f"shop-operator-{role}" or key not in resource.inputs:
            return resource
        given = resource.inputs[key]
        text = reveal(given)
        assert old in text
        made: Any = text.replace(old, new)
        made = Secret(made) if isinstance(given, Secret) else made
        return replace(resource, inputs={**resource.inputs, key: made})

    return lambda program: Graph(tuple(map(changed, previewed(program))))


EDITED: dict[str, tuple[str, str, str, str, list[str]]] = {
    "any branch": ("pipeline", TRUST, "heads/main", "heads/*", ["MP404", "MP405"]),
    "any audience": ("pipeline", TRUST, '"sts.amazonaws.com"', '"x"', ["MP404", "MP405"]),
    "another provider": ("pipeline", TRUST, f"/{GITHUB}", "/gitlab.com", ["MP404", "MP405"]),
    "no external id": ("people", TRUST, "sts:ExternalId", "aws:Any", ["MP404", "MP405"]),
    "another account": ("people", TRUST, "222222222222", "444444444444", ["MP404", "MP405"]),
    "another tag": ("pipeline", POLICY, "ResourceTag/team", "ResourceTag/x", ["MP402", "MP403"]),
    "every mesh": ("people", POLICY, "mesh/shop@", "mesh/*@", ["MP402", "MP403"]),
    "one right less": ("people", POLICY, '"appmesh:DescribeRoute",', "", ["MP403"]),
}


@pytest.mark.parametrize("name", EDITED)
def test_a_role_that_is_not_as_the_file_says_is_found(name: str) -> None:
    role, key, old, new, expected = EDITED[name]
    proof = proof_of(operators(), look=edited(role, key, old, new))

    assert codes(proof) == expected, told(proof)


def test_a_secret_of_a_trust_policy_is_not_told() -> None:
    proof = proof_of(operators(), look=edited("people", TRUST, "222222222222", "444444444444"))

    assert "7c1e-0000" not in repr(proof)


def test_a_provider_that_comes_late_is_taken_for_what_the_program_made_of_it() -> None:
    data = operators()
    oidc = data["operators"]["pipeline"]["trust"]["oidc"]
    late = {**data, "operators": {**data["operators"]}}
    trust = {"oidc": {**oidc, "provider": "${var.provider}"}}
    late["operators"]["pipeline"] = {**data["operators"]["pipeline"], "trust": trust}

    graph = previewed(program_of(data))
    mesh = check(late, values=OpenValues({})).resolve()
    other = edited("pipeline", TRUST, f"{GITHUB}:sub", "gitlab.com:sub")

    assert prove(graph, [mesh]).ok
    assert codes(prove(other(program_of(data)), [mesh])) == ["MP404", "MP405"]
