"""Programs without a mesh file: what is declared is what they wire themselves, by exact ARNs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from meshkit.graph import Graph, Resource
from meshkit.inspect.proof import prove
from meshkit.topology.check import check
from tests.inspect.proof.mistakes import PODS, TASKS, TOKENS, trusting
from tests.inspect.proof.programs import (
    NETWORK,
    ORDERS,
    STREAM,
    allow,
    codes,
    deny,
    document,
    mesh_data,
)

NODE = "aws:appmesh/virtualNode:VirtualNode"


def arn(name: str, *, account: str = NETWORK, region: str = "eu-west-1", mesh: str = "m") -> str:
    partition = "aws-cn" if region.startswith("cn-") else "aws"
    return f"arn:{partition}:appmesh:{region}:{account}:mesh/{mesh}/virtualNode/{name}"


def node(name: str, *, region: str = "eu-west-1", mesh: str = "m") -> Resource:
    inputs = {"name": name, "meshName": mesh}
    return Resource(f"u::{mesh}{name}", NODE, name, inputs, account=NETWORK, region=region)


def role(name: str, *statements: Any, trust: Any = TASKS, **inputs: Any) -> list[Resource]:
    account = inputs.pop("account", NETWORK)
    made = {"name": name, "assumeRolePolicy": document(trust), **inputs}
    policy = {"role": name, "policy": document(*statements)}
    return [
        Resource(f"u::r{name}", "aws:iam/role:Role", name, made, account=account),
        Resource(f"u::p{name}", "aws:iam/rolePolicy:RolePolicy", name, policy, account=account),
    ]


def proof(*resources: Resource) -> Any:
    return prove(Graph(resources), [])


def test_a_role_that_names_its_node_is_declared_by_the_program() -> None:
    found = proof(node("a"), *role("r", allow(STREAM, arn("a"))))
    assert codes(found) == []
    reader = f"arn:aws:iam::{NETWORK}:role/r"
    assert found.expected[reader] == {arn("a")}
    assert found.declared_by[reader] == "program"


@pytest.mark.parametrize(
    "resource",
    [
        arn("b").replace("arn:aws:", "arn:*:"),
        arn("b").replace("appmesh", "app*"),
        arn("b").replace("virtualNode", "*"),
        arn("b").replace("virtualNode", "virtualNod?"),
        arn("b").replace("mesh/m/virtualNode/b", "*/b"),
        arn("b").replace("mesh/m/virtualNode/b", "mesh/*b"),
    ],
)
def test_a_wildcard_that_reaches_one_other_node(resource: str) -> None:
    nodes = (node("a"), node("b"), *role("s", allow(STREAM, arn("b"))))
    found = proof(*nodes, *role("r", allow(STREAM, arn("a")), allow(STREAM, resource)))
    assert found.allowed[f"arn:aws:iam::{NETWORK}:role/r"] == {arn("a"), arn("b")}
    assert set(codes(found)) & {"MP101", "MP103"}


def test_a_wildcard_of_which_a_deny_leaves_one_other_node() -> None:
    nodes = (node("a"), node("b"), *role("s", allow(STREAM, arn("b"))))
    but = {"Effect": "Deny", "Action": STREAM, "NotResource": [arn("a"), arn("b")]}
    found = proof(*nodes, *role("r", allow(STREAM, arn("a")), allow(STREAM, "*"), but))
    assert codes(found) == ["MP101"]


def test_a_wildcard_for_one_region() -> None:
    there = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    wide = {**allow(STREAM, "*"), "Condition": there}
    assert codes(proof(node("a"), *role("r", allow(STREAM, arn("a")), wide))) == ["MP103"]


def test_what_is_surely_read_is_told_beside_what_is_in_doubt() -> None:
    nodes = (node("a"), node("b"), node("c"), *role("s", *(allow(STREAM, arn(n)) for n in "bc")))
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "x"}}
    doubtful = {**allow(STREAM, arn("c")), "Condition": tagged}
    wide = allow(STREAM, arn("b").replace("virtualNode", "virtualNod?"))
    found = proof(*nodes, *role("r", allow(STREAM, arn("a")), wide, doubtful))
    assert codes(found) == ["MP101", "open"]


def test_a_tag_is_no_key_of_another_issuer() -> None:
    asked = {"StringEquals": {"aws:RequestTag/x:sub": "y"}}
    found = proof(
        *role("r", allow(STREAM, "*"), trust={**TOKENS, "Condition": asked}, account=ORDERS)
    )
    assert codes(found) == ["MP103", "MP205", "MP206"]


def test_a_cluster_of_another_account_beside_the_own() -> None:
    asked = PODS["Condition"]["StringEquals"]
    own = asked["aws:SourceArn"]
    asked = {**asked, "aws:SourceArn": [own, own.replace(ORDERS, NETWORK)]}
    trust = {**PODS, "Condition": {"StringEquals": asked}}
    found = proof(*role("r", allow(STREAM, "*"), trust=trust, account=ORDERS))
    assert codes(found) == ["MP103", "MP209"]


def test_a_path_and_another_partition_are_part_of_arns() -> None:
    found = proof(
        node("a", region="cn-north-1"),
        *role(
            "r",
            allow(STREAM, arn("a", region="cn-north-1")),
            trust=trusting({"Service": "ec2.amazonaws.com.cn"}),
            path="/mesh/",
        ),
    )
    assert codes(found) == []
    assert found.roles == (f"arn:aws-cn:iam::{NETWORK}:role/mesh/r",)


def test_a_node_that_no_role_may_read() -> None:
    assert codes(proof(node("a"))) == ["MP102"]


def test_a_node_whose_role_is_denied_it() -> None:
    found = proof(node("a"), *role("r", allow(STREAM, arn("a")), deny("appmesh:*", "*")))
    assert codes(found) == ["MP107"]


def test_a_role_of_another_account_does_not_read_a_node() -> None:
    found = proof(
        node("a"),
        *role("r", allow(STREAM, arn("a")), account=ORDERS, trust=trusting({"AWS": ORDERS})),
    )
    assert "MP104" in codes(found)
    assert not found.allowed[f"arn:aws:iam::{ORDERS}:role/r"]


def test_a_node_of_another_stack_can_not_be_told() -> None:
    found = proof(*role("r", allow(STREAM, arn("elsewhere"))))
    assert codes(found) == ["open"]


def test_names_of_roles_are_blind_to_case() -> None:
    made, policy = role("Reader", allow(STREAM, arn("a")))
    lower = Resource(policy.urn, policy.type, "p", {**policy.inputs, "role": "reader"},
                     account=NETWORK)  # fmt: skip
    assert codes(proof(node("a"), made, lower)) == []


def test_a_role_that_reads_nothing_may_trust_whom_it_likes() -> None:
    anyone = role("r", allow("s3:GetObject", "*"), trust=trusting("*"))
    assert codes(proof(*anyone)) == []


def test_trust_is_closed_without_a_file_too() -> None:
    loose = {
        "MP201": trusting("*"),
        "MP202": trusting({"AWS": ORDERS}),
        "MP203": trusting({"Service": "lambda.amazonaws.com"}),
        "MP208": trusting({"Service": "ecs-tasks.amazonaws.com"}),
        "MP209": trusting({"Service": "pods.eks.amazonaws.com"}),
    }
    for code, trust in loose.items():
        found = proof(node("a"), *role("r", allow(STREAM, arn("a")), trust=trust))
        assert codes(found) == [code]


def test_tokens_and_pods_of_exact_service_accounts_are_closed() -> None:
    cart = arn("a", account=ORDERS)
    made = Resource(
        "u::n", NODE, "a", {"name": "a", "meshName": "m"}, account=ORDERS, region="eu-west-1"
    )
    for trust in (TOKENS, PODS):
        found = proof(made, *role("r", allow(STREAM, cart), trust=trust, account=ORDERS))
        assert codes(found) == []


def test_a_boundary_or_a_deny_can_narrow_a_wildcard() -> None:
    narrow = Resource(
        "u::b",
        "aws:iam/policy:Policy",
        "b",
        {"name": "b", "policy": document(allow(STREAM, arn("a")))},
        account=NETWORK,
    )
    boundary = f"arn:aws:iam::{NETWORK}:policy/b"
    wide = role("r", allow(STREAM, [arn("a"), "*"]), permissionsBoundary=boundary)
    assert codes(proof(node("a"), node("b"), narrow, *wide)) == ["MP102"]  # of b alone
    denied = role(
        "r",
        allow(STREAM, [arn("a"), "*"]),
        {"Effect": "Deny", "Action": STREAM, "NotResource": arn("a")},
    )
    assert codes(proof(node("a"), *denied)) == []


def test_two_meshes_of_one_account_with_one_role() -> None:
    files = []
    for name in ("shop", "depot"):
        data = mesh_data()
        data["name"] = name
        data["nodes"] = {
            "ledger": {**data["nodes"]["ledger"], "role": {"name": "both"}, "tracing": "none"}
        }
        del data["gateways"], data["clusters"], data["share"]
        files.append(check(data).resolve())
    both = [arn("ledger", mesh="shop"), arn("ledger", mesh="depot")]
    found = prove(
        Graph(
            (
                node("ledger", mesh="shop"),
                node("ledger", mesh="depot"),
                *role("both", *(allow(STREAM, each) for each in both)),
            )
        ),
        files,
    )
    assert codes(found) == []
    assert found.allowed[f"arn:aws:iam::{NETWORK}:role/both"] == set(both)


def guardrail(target: str, *statements: Any) -> list[Resource]:
    policy = {"name": "g", "content": document(*statements)}
    return [
        Resource("u::g", "aws:organizations/policy:Policy", "g", policy, {"id": "p-1"}),
        Resource(
            "u::a",
            "aws:organizations/policyAttachment:PolicyAttachment",
            "g",
            {"policyId": "p-1", "targetId": target},
        ),
    ]


def test_service_control_policies_take_away() -> None:
    own = (node("a"), *role("r", allow(STREAM, arn("a"))))
    mesh_denied = deny("appmesh:*", "*")
    assert codes(proof(*own, *guardrail(NETWORK, mesh_denied))) == ["MP106"]
    assert codes(proof(*own, *guardrail("r-abcd", mesh_denied))) == ["MP106"]
    assert codes(proof(*own, *guardrail(ORDERS, mesh_denied))) == []
    assert codes(proof(*own, *guardrail(NETWORK, deny("iam:*", "*")))) == []
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}}
    assert codes(proof(*own, *guardrail(NETWORK, deny("*", "*", Condition=elsewhere)))) == ["MP106"]


def test_who_attaches_a_control_policy_may_be_the_management_account() -> None:
    def codes_where_attached_by(account: str) -> list[str]:
        policy, attachment = guardrail("r-abcd", deny("appmesh:*", "*"))
        own = (node("a"), *role("r", allow(STREAM, arn("a"))))
        return codes(proof(*own, policy, replace(attachment, account=account)))

    assert codes_where_attached_by(NETWORK) == ["open"]
    assert codes_where_attached_by(ORDERS) == ["MP106"]


def test_an_organizational_unit_reaches_the_accounts_in_it() -> None:
    own = (node("a"), *role("r", allow(STREAM, arn("a"))))
    denied = guardrail("ou-abcd-teams", deny("appmesh:*", "*"))

    def account(parent: str) -> Resource:
        return Resource(
            "u::acc",
            "aws:organizations/account:Account",
            "acc",
            {"parentId": parent},
            {"id": NETWORK},
        )

    unit = Resource(
        "u::ou",
        "aws:organizations/organizationalUnit:OrganizationalUnit",
        "ou",
        {"parentId": "r-abcd"},
        {"id": "ou-abcd-other"},
    )
    assert codes(proof(*own, *denied, account("ou-abcd-teams"))) == ["MP106"]
    assert codes(proof(*own, *denied, account("ou-abcd-other"), unit)) == []
    assert codes(proof(*own, *denied)) == ["open"]
