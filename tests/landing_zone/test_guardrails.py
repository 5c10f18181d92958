"""Guardrails and permissions boundaries, as components and on the local cloud."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import (
    Guardrails,
    GuardrailsArgs,
    PermissionsBoundary,
    PermissionsBoundaryArgs,
)
from meshkit.config.role import Statement
from meshkit.errors import MeshkitError
from meshkit.policy.boundaries import MeshBoundary
from meshkit.policy.guardrails import ATTACHED_LIMIT, guardrail_documents
from meshkit.policy.size import MANAGED_LIMIT
from meshkit.testing import deployed
from tests.programs import run_program
from tools.guarded_account import SCOPE, TEAM

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource

POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
MANAGED = "aws:iam/policy:Policy"
ROOT, UNIT, ACCOUNT = "r-abcd", "ou-abcd-12345678", "222222222222"
LONG = replace(SCOPE, protected=tuple(f"team-{number}/{'x' * 60}/*" for number in range(60)))
"""Guardrails that need several policies."""

ENDLESS = Statement(
    effect="Deny", actions=tuple(f"s3:{n:0100}" for n in range(110)), resources=("*",)
)


def made(**args: Any) -> Graph:
    given = {"scope": SCOPE, "targets": {"unit": UNIT}, **args}
    return run_program(lambda: Guardrails("rails", GuardrailsArgs(**given)))


def only(graph: Graph, type_: str) -> Resource:
    (found,) = graph.of_type(type_)
    return found


def attached(graph: Graph) -> dict[str, tuple[str, str]]:
    """Policy and target of each attachment."""
    return {
        each.name: (each.inputs["policyId"], each.inputs["targetId"])
        for each in graph.of_type(ATTACHMENT)
    }


def test_guardrails_are_policies_and_their_attachments() -> None:
    graph = made(
        targets={"unit": UNIT, "orders": ACCOUNT},
        tags={"team": "platform"},
        description="Around meshes",
    )

    component = only(graph, "meshkit:index:Guardrails")
    assert {each.name for each in graph.children(component.urn)} == {"rails", *attached(graph)}
    policy = only(graph, POLICY)
    assert policy.inputs["type"] == "SERVICE_CONTROL_POLICY"
    assert policy.inputs["description"] == "Around meshes"
    assert policy.inputs["tags"] == {"team": "platform"}
    assert json.loads(policy.inputs["content"]) == guardrail_documents(SCOPE)[0].to_dict()
    assert attached(graph) == {
        "rails-unit": ("rails-id", UNIT),
        "rails-orders": ("rails-id", ACCOUNT),
    }
    assert component.outputs == {"policyIds": ["rails-id"]}


def test_a_long_scope_is_several_policies_each_attached() -> None:
    documents = guardrail_documents(LONG)
    graph = made(scope=LONG, policy_name="around-meshes")

    tails = ["", *(f"-{number}" for number in range(2, len(documents) + 1))]
    assert len(documents) > 1
    contents = {each.inputs["name"]: each.inputs["content"] for each in graph.of_type(POLICY)}
    assert contents == {
        f"around-meshes{tail}": document.to_json()
        for tail, document in zip(tails, documents, strict=True)
    }
    assert attached(graph) == {f"rails{tail}-unit": (f"rails{tail}-id", UNIT) for tail in tails}


def test_a_target_may_be_made_by_the_same_program() -> None:
    def program() -> None:
        unit = aws.organizations.OrganizationalUnit("unit", parent_id=ROOT)
        Guardrails("rails", GuardrailsArgs(scope=SCOPE, targets={"root": ROOT, "unit": unit.id}))

    assert attached(run_program(program)) == {
        "rails-root": ("rails-id", ROOT),
        "rails-unit": ("rails-id", "unit-id"),
    }


def test_as_many_policies_as_a_target_takes_and_not_one_more() -> None:
    room = ATTACHED_LIMIT - len(guardrail_documents(LONG))

    assert made(scope=LONG, others_attached=room).of_type(POLICY)
    with pytest.raises(MeshkitError, match=f"beside {room + 1} others, .* {ATTACHED_LIMIT} to one"):
        made(scope=LONG, others_attached=room + 1)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"scope": "all"}, "rails: scope takes a GuardrailScope"),
        ({"targets": {}}, "rails: targets maps names to at least one"),
        ({"targets": [ROOT]}, "rails: targets maps names"),
        ({"targets": {"a": "production"}}, 'rails: targets: "production" is no root'),
        ({"targets": {"a": ROOT, "b": ROOT}}, "rails: targets: r-abcd stands twice"),
        ({"policy_name": ""}, "rails: policy_name"),
        ({"policy_name": "x" * 126}, "rails: policy_name"),
        (
            {"scope": replace(SCOPE, statements=(ENDLESS,))},
            "rails: a statement .* is longer than",
        ),
    ],
)  # fmt: skip
def test_a_fault_stops_guardrails_before_anything_is_registered(
    args: dict[str, Any], message: str
) -> None:
    with pytest.raises(MeshkitError, match=message):
        made(**args)


@pytest.mark.parametrize("boundary", [MeshBoundary(), TEAM], ids=["mesh", "team"])
def test_a_boundary_is_a_policy_with_a_fixed_name(boundary: Any) -> None:
    graph = run_program(
        lambda: PermissionsBoundary(
            "limit", PermissionsBoundaryArgs(boundary=boundary, tags={"a": "b"})
        )
    )

    component, policy = only(graph, "meshkit:index:PermissionsBoundary"), only(graph, MANAGED)
    assert policy.parent == component.urn
    assert policy.inputs["path"] == "/boundaries/"
    assert policy.inputs["name"] == boundary.policy_name
    assert policy.inputs["tags"] == {"a": "b"}
    assert json.loads(policy.inputs["policy"]) == boundary.document().to_dict()
    assert component.outputs == {"arn": policy.outputs["arn"]}


def test_a_boundary_that_is_too_long_stops_before_anything_is_registered() -> None:
    long = Statement(actions=("s3:GetObject",), resources=(f"arn:aws:s3:::{'x' * MANAGED_LIMIT}",))
    args = PermissionsBoundaryArgs(boundary=MeshBoundary(statements=(long,)))

    with pytest.raises(MeshkitError, match=f"limit: the boundary has .* IAM takes {MANAGED_LIMIT}"):
        run_program(lambda: PermissionsBoundary("limit", args))


def test_a_boundary_is_one_of_two_kinds() -> None:
    args = PermissionsBoundaryArgs(boundary="*")  # type: ignore[arg-type]

    with pytest.raises(
        MeshkitError, match="limit: boundary takes a MeshBoundary or a TeamBoundary"
    ):
        run_program(lambda: PermissionsBoundary("limit", args))


def test_the_local_cloud_has_them() -> None:
    def program() -> None:
        organization = aws.organizations.Organization(
            "org", feature_set="ALL", enabled_policy_types=["SERVICE_CONTROL_POLICY"]
        )
        root = organization.roots[0].id
        unit = aws.organizations.OrganizationalUnit("workloads", name="workloads", parent_id=root)
        targets = {"workloads": unit.id}
        args = GuardrailsArgs(scope=SCOPE, targets=targets, policy_name="around-meshes")
        Guardrails("rails", args)
        boundary = PermissionsBoundary("limit", PermissionsBoundaryArgs(boundary=TEAM))
        trust = {"Version": "2012-10-17", "Statement": []}
        aws.iam.Role(
            "people",
            name="people",
            assume_role_policy=json.dumps(trust),
            permissions_boundary=boundary.arn,
        )
        pulumi.export("unit", unit.id)

    with deployed(program, account="111111111111") as found:
        organizations = found.client("organizations")
        attached = organizations.list_policies_for_target(
            TargetId=found.outputs["unit"], Filter="SERVICE_CONTROL_POLICY"
        )["Policies"]
        role = found.client("iam").get_role(RoleName="people")["Role"]

    assert "around-meshes" in {each["Name"] for each in attached}
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == (
        "arn:aws:iam::111111111111:policy/boundaries/team"
    )
