"""What can't be decided is told, and never taken for proven."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit.cli.proof_text import lines_of
from meshkit.config.interpolate import OpenValues
from meshkit.graph import UNKNOWN, Graph, Resource, Secret
from meshkit.inspect.proof import prove
from meshkit.inspect.proof.data import data_of
from meshkit.inspect.proof.sarif import sarif_of
from meshkit.topology.check import check
from tests.inspect.proof.mistakes import TASKS, adopting, ledger, with_policy
from tests.inspect.proof.programs import (
    LEDGER,
    NETWORK,
    ORDERS,
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
    import meshkit
    from meshkit.inspect.proof import Proof


def told(proof: Proof) -> str:
    return "\n".join(f"{each.subject}: {each.message}" for each in proof.unknowns)


def test_an_adopted_role_that_is_not_in_the_program() -> None:
    proof = proof_of(adopting("ledger"))
    assert codes(proof) == ["open"]
    assert "role/by-hand: all that it may do: the program does not make it" in told(proof)


def test_an_adopted_role_to_which_the_program_attaches() -> None:
    proof = proof_of(adopting("ledger", attach=True))
    assert codes(proof) == ["open"]
    assert "the program only attaches to it" in told(proof)
    arn = f"arn:aws:iam::{NETWORK}:role/by-hand"
    assert proof.allowed[arn] == proof.expected[arn] == {LEDGER}


def test_an_adopted_role_whose_arn_comes_late() -> None:
    data = adopting("ledger")
    data["nodes"]["ledger"]["role"]["arn"] = "${var.role}"
    program = {**adopting("ledger")}
    proof = proof_of(program, ledger(), file=data)
    assert "open" in codes(proof)
    assert "give its value with --var" in told(proof)


@pytest.mark.parametrize(
    "text",
    [
        '{"Version":"2012-10-17","Statement":[],"Statement":[]}',
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}',
        "no policy",
        '{"Version":"2012-10-17"}',
    ],
)
def test_a_document_that_iam_does_not_take(text: str) -> None:
    proof = proof_of(mesh_data(), with_policy("network", "shop-ledger", text=text))
    assert codes(proof) == ["open"]
    assert "its document is none that IAM takes" in told(proof)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            allow(STREAM, "*", Condition={"StringEquals": {"aws:ResourceTag/team": "books"}}),
            "aws:ResourceTag/team",
        ),
        (deny(STREAM, "*", Condition={"Bool": {"aws:ViaAWSService": "true"}}), "ViaAWSService"),
        (allow(STREAM, "*", Condition={"StringLikes": {"aws:x": "y"}}), "StringLikes"),
        (allow(STREAM, LEDGER.replace("ledger", "${aws:PrincipalTag/name}")), "PrincipalTag"),
    ],
)
def test_a_condition_on_what_nobody_knows(statement: dict[str, Any], why: str) -> None:
    proof = proof_of(mesh_data(), with_policy("network", "shop-ledger", statement))
    assert "open" in codes(proof)
    assert not proof.violations
    assert why in told(proof) or "reaches any configuration" in told(proof)


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:iam::{NETWORK}:policy/made-elsewhere",
        "arn:aws:iam::aws:policy/NotYetKnown",
    ],
)
def test_a_policy_that_is_not_in_the_program(arn: str) -> None:
    def plant(mesh: meshkit.SharedMesh) -> None:
        aws.iam.RolePolicyAttachment(
            "extra", role="shop-ledger", policy_arn=arn, opts=at(mesh, "network")
        )

    proof = proof_of(mesh_data(), plant)
    assert codes(proof) == ["open"]
    assert arn in told(proof)


def test_a_boundary_that_is_not_in_the_program() -> None:
    data = mesh_data()
    boundary = f"arn:aws:iam::{NETWORK}:policy/boundary"
    data["nodes"]["ledger"]["role"]["permissions_boundary"] = boundary
    proof = proof_of(data)
    assert codes(proof) == ["open"]
    assert boundary in told(proof)


def test_a_policy_that_is_known_only_after_the_deployment() -> None:
    def plant(mesh: meshkit.SharedMesh) -> None:
        other = aws.appmesh.Mesh("other", opts=at(mesh, "network"))
        aws.iam.RolePolicy(
            "late",
            role="shop-ledger",
            policy=other.arn.apply(lambda arn: document(allow(STREAM, arn))),
            opts=at(mesh, "network"),
        )

    proof = proof_of(mesh_data(), plant)
    assert codes(proof) == ["open"]
    assert "known only after the deployment" in told(proof)


@pytest.mark.parametrize(
    ("late", "why"),
    [("roleArn", "which role it gives to pods"), ("namespace", "to which service account")],
)
def test_an_association_that_only_the_deployment_completes(late: str, why: str) -> None:
    known = {
        "clusterName": "pods",
        "namespace": "other",
        "serviceAccount": "other",
        "roleArn": f"arn:aws:iam::{ORDERS}:role/shop-cart",
    }
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    association = Resource("u::x", kind, "x", {**known, late: UNKNOWN}, account=ORDERS)
    graph = Graph((*previewed(program_of(mesh_data())), association))
    proof = prove(graph, [check(mesh_data()).resolve()])
    assert codes(proof) == ["open"]
    assert f"x: {why}" in told(proof)


def test_an_empty_program_proves_nothing() -> None:
    proof = prove(Graph(), [])
    assert "neither a role nor an endpoint" in told(proof)


def test_a_mesh_file_of_another_program() -> None:
    proof = prove(Graph(), [check(mesh_data()).resolve()])
    assert codes(proof) == ["open"]
    assert "anything of mesh shop" in told(proof)
    assert len(proof.absent) == 5


def test_resources_whose_account_nobody_tells() -> None:
    graph = Graph(
        (
            Resource("u::r", "aws:iam/role:Role", "r", {"assumeRolePolicy": document(TASKS)}),
            Resource("u::n", "aws:appmesh/virtualNode:VirtualNode", "n", {"meshName": "m"}),
        )
    )
    proof = prove(graph, [])
    assert "give it with --account" in told(proof)
    assert "n: its ARN" in told(proof)


SECRET = "tops3cret"


def test_nothing_of_a_secret_document_is_shown() -> None:
    text = document(allow([STREAM, "s3:GetObject"], ["*", f"arn:aws:s3:::{SECRET}"]))
    trust = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::444444444444:role/{SECRET}"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": SECRET}},
        }
    )
    arn = f"arn:aws:iam::{NETWORK}:role/r"
    graph = Graph(
        (
            Resource(
                "u::r",
                "aws:iam/role:Role",
                "r",
                {"name": "r", "assumeRolePolicy": Secret(trust)},
                {"arn": arn},
                account=NETWORK,
            ),
            Resource(
                "u::p",
                "aws:iam/rolePolicy:RolePolicy",
                "p",
                {"role": "r", "policy": Secret(text)},
                account=NETWORK,
            ),
        )
    )
    proof = prove(graph, [])
    assert [each.code for each in proof.violations] == ["MP103", "MP202"]
    shown = json.dumps(data_of(proof)) + json.dumps(sarif_of(proof, version="1", source="f"))
    shown += "\n".join(lines_of(proof)) + repr(proof)
    assert SECRET not in shown


def test_a_secret_document_is_judged_like_any_other() -> None:
    def plant(mesh: meshkit.SharedMesh) -> None:
        aws.iam.RolePolicy(
            "hidden",
            role="shop-ledger",
            policy=pulumi.Output.secret(document(allow(STREAM, "*"))),
            opts=at(mesh, "network"),
        )

    assert codes(proof_of(mesh_data(), plant)) == ["MP103"]


def test_a_secret_that_a_preview_masks_is_open() -> None:
    role = {"name": "r", "assumeRolePolicy": document(TASKS)}
    policy = {"role": "r", "policy": Secret(UNKNOWN)}
    proof = prove(
        Graph(
            (
                Resource("u::r", "aws:iam/role:Role", "r", role, account=NETWORK),
                Resource("u::p", "aws:iam/rolePolicy:RolePolicy", "p", policy, account=NETWORK),
            )
        ),
        [],
    )
    assert codes(proof) == ["open"]
    assert "its document is a secret that is not shown here" in told(proof)


def test_a_role_that_the_program_only_looks_up() -> None:
    looked_up = Resource(
        "u::r",
        "aws:iam/role:Role",
        "r",
        {},
        {"name": "by-hand", "arn": f"arn:aws:iam::{NETWORK}:role/x/by-hand", "id": "by-hand"},
        account=NETWORK,
    )
    policy = {"role": "by-hand", "policy": document(allow(STREAM, LEDGER))}
    attached = Resource("u::p", "aws:iam/rolePolicy:RolePolicy", "p", policy, account=NETWORK)
    proof = prove(Graph((looked_up, attached)), [])
    assert "role/x/by-hand: its trust policy and its other policies" in told(proof)


@pytest.mark.parametrize(
    "type_", ["aws-native:iam:Role", "aws:cloudformation/stack:Stack", "aws-native:appmesh:Mesh"]
)
def test_a_resource_that_may_grant_anything(type_: str) -> None:
    proof = prove(Graph((Resource("u::x", type_, "x", {}),)), [])
    assert told(proof) == f"x: what it grants: no {type_} is looked at"


CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/{}"


def late_cluster(trusted: str) -> Proof:
    """A role of the file whose cluster the program alone knows, and which trusts a cluster."""
    data = mesh_data()
    data["clusters"]["main"] = {
        "account": "orders",
        "oidc_issuer": "${var.issuer}",
        "oidc_provider": {"arn": "${var.provider}"},
    }
    node = data["nodes"]["storefront"]
    data["nodes"] = {"storefront": node}
    del data["gateways"]
    account = "222222222222"
    issuer = CLUSTER.format(trusted)
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": "system:serviceaccount:shop:storefront",
            }
        },
    }
    arn = f"arn:aws:appmesh:eu-west-1:{account}:mesh/shop@{NETWORK}/virtualNode/storefront"
    role = {"name": "shop-storefront", "assumeRolePolicy": document(trust)}
    policy = {"role": "shop-storefront", "policy": document(allow(STREAM, arn))}
    graph = Graph(
        (
            Resource("u::r", "aws:iam/role:Role", "r", role, account=account),
            Resource("u::p", "aws:iam/rolePolicy:RolePolicy", "p", policy, account=account),
        )
    )
    return prove(graph, [check(data, values=OpenValues()).resolve()])


def test_a_cluster_that_only_the_program_knows_is_open() -> None:
    proof = late_cluster("ANY")
    assert codes(proof) == ["open"]
    assert "give ${var.provider} with --var" in told(proof)
