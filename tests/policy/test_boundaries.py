"""Permissions boundaries: what they leave, what they close, and their limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshkit.config.role import Statement
from meshkit.errors import MeshkitError
from meshkit.policy.actions import listed
from meshkit.policy.boundaries import MeshBoundary, TeamBoundary
from meshkit.policy.document import VERSION
from meshkit.policy.evaluation import Layers, Policy, evaluate
from meshkit.policy.operators import TIERS, operator_document
from meshkit.policy.permissions import PERMISSIONS
from meshkit.policy.size import MANAGED_LIMIT, size
from meshkit.policy.typed import PolicyDocument
from tools.escalation_table import ATTEMPTS
from tools.guarded_account import (
    EVERYTHING,
    IAM,
    MESH,
    TEAM,
    TEAM_BOUNDARY,
    asked,
    bounded,
    parsed,
)
from tools.operator_table import owner_scope

OWN_PATH: Final = "teams/orders/"
PLACES: Final = ("teams/orders/x", "teams/billing/x", "mesh/x", "pipeline/x", "boundaries/team")
BOUNDARIES: Final = (
    None,
    TEAM_BOUNDARY,
    f"{IAM}:policy/boundaries/mesh",
    "arn:aws:iam::aws:policy/AdministratorAccess",
)
GIVING_NOTHING: Final = ("DeleteRole", "UpdateRole", "UpdateRoleDescription")
WIDE: Final = (Statement(actions=("*",), resources=("*",)),)
FORBIDDEN: Final = tuple(ATTEMPTS.values())


def of_mesh(boundary: MeshBoundary = MESH) -> Layers:
    return Layers((EVERYTHING,), boundary=parsed(boundary.document()))


def iam_requests(action: Any) -> list[tuple[str, dict[str, str]]]:
    types = {each.arn.split("}:", 2)[-1].partition("/")[0] for each in action.resources}
    resources = [f"{IAM}:{type_}/{place}" for type_ in types for place in PLACES] or ["*"]
    contexts: list[dict[str, str]] = [
        {"iam:PermissionsBoundary": each} if each else {} for each in BOUNDARIES
    ]
    return [(resource, context) for resource in resources for context in contexts]


def changes(service: str) -> list[str]:
    return sorted(
        name
        for name, action in listed(service).actions.items()
        if action.level not in ("List", "Read")
    )


@pytest.mark.parametrize("name", changes("iam"))
def test_of_iam_a_team_changes_only_what_is_its_own_and_bounded(name: str) -> None:
    action = listed("iam").actions[name]
    for resource, context in iam_requests(action):
        if evaluate(asked(str(action), resource, context), bounded()).allowed:
            assert f"/{OWN_PATH}" in resource
            if "iam:PermissionsBoundary" in action.keys and action.name not in GIVING_NOTHING:
                assert context == {"iam:PermissionsBoundary": TEAM_BOUNDARY}


@pytest.mark.parametrize("name", changes("iam"))
@pytest.mark.parametrize("boundary", [MESH, MeshBoundary(statements=WIDE)], ids=["own", "wide"])
def test_a_bounded_proxy_or_operator_changes_no_identity(name: str, boundary: MeshBoundary) -> None:
    action = listed("iam").actions[name]
    for resource, context in iam_requests(action):
        assert not evaluate(asked(str(action), resource, context), of_mesh(boundary)).allowed


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda each: each.key)
def test_the_boundary_of_meshes_takes_nothing_from_a_proxy(permission: Any) -> None:
    for action in permission.actions:
        assert evaluate(asked(action, "*"), of_mesh()).allowed


@pytest.mark.parametrize("tier", TIERS)
def test_the_boundary_of_meshes_takes_nothing_from_an_operator(tier: Any) -> None:
    for statement in operator_document(tier, owner_scope()).statements:
        for action in statement.actions:
            for resource in statement.resources:
                decision = evaluate(asked(str(action), str(resource)), of_mesh())
                assert decision.allowed, decision.reason


def test_a_caller_of_lattice_keeps_its_calls() -> None:
    service = "arn:aws:vpc-lattice:eu-west-1:222222222222:service/svc-0123/"

    assert evaluate(asked("vpc-lattice-svcs:Invoke", service), of_mesh()).allowed


def test_what_an_application_does_is_added() -> None:
    reading = Statement(actions=("s3:GetObject",), resources=("arn:aws:s3:::orders/*",))
    request = asked("s3:GetObject", "arn:aws:s3:::orders/1")

    assert not evaluate(request, of_mesh()).allowed
    assert evaluate(request, of_mesh(MeshBoundary(statements=(reading,)))).allowed


def test_a_statement_that_is_added_opens_nothing_that_is_denied() -> None:
    team = bounded(replace(TEAM, statements=WIDE))

    for attempt in FORBIDDEN:
        if attempt.boundary is not None:
            assert not evaluate(asked(*attempt[:3]), team).allowed


ACTIONS = st.sampled_from(
    ["*", "iam:*", "iam:Create*", "iam:P*", "sts:*", "organizations:*", "iam:CreateRole", "s3:*"]
)
RESOURCES = st.sampled_from(["*", f"{IAM}:role/*", f"{IAM}:*", "arn:aws:s3:::b"])
CONDITIONS = st.sampled_from(
    [
        {},
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
        {"ArnLike": {"iam:PermissionsBoundary": "*"}},
        {"Null": {"iam:PermissionsBoundary": "true"}},
    ]
)


@st.composite
def identity_policies(draw: st.DrawFn) -> Policy:
    action, resource = draw(st.sampled_from([("Action", "Resource"), ("NotAction", "Resource")]))
    statements = draw(
        st.lists(
            st.builds(
                lambda actions, resources, condition: {
                    "Effect": "Allow",
                    action: actions,
                    resource: resources,
                    **({"Condition": condition} if condition else {}),
                },
                st.lists(ACTIONS, min_size=1),
                st.lists(RESOURCES, min_size=1),
                CONDITIONS,
            ),
            min_size=1,
            max_size=4,
        )
    )
    return Policy.parse({"Version": VERSION, "Statement": statements})


@given(st.lists(identity_policies(), min_size=1, max_size=3))
def test_no_identity_policy_leads_past_the_boundary(policies: list[Policy]) -> None:
    layers = replace(bounded(), identity=tuple(policies))

    for attempt in FORBIDDEN:
        assert not evaluate(asked(*attempt[:3]), layers).allowed


def test_the_right_to_make_roles_needs_no_other_policy() -> None:
    layers = Layers((parsed(TEAM.making_roles()),), boundary=bounded().boundary)
    own, bounding = f"{IAM}:role/teams/orders/new", {"iam:PermissionsBoundary": TEAM_BOUNDARY}

    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"):
        assert evaluate(asked(action, own, bounding), layers).allowed
        assert not evaluate(asked(action, own), layers).allowed
    assert evaluate(asked("iam:DeleteRole", own), layers).allowed
    assert evaluate(asked("iam:GetRole", own), layers).allowed
    assert not evaluate(asked("s3:GetObject", "arn:aws:s3:::b/1"), layers).allowed


def test_the_right_to_make_roles_is_closed_without_the_boundary_too() -> None:
    layers = Layers((parsed(TEAM.making_roles()),))

    for attempt in FORBIDDEN:
        assert not evaluate(asked(*attempt[:3]), layers).allowed


@pytest.mark.parametrize("boundary", [MESH, TEAM], ids=["mesh", "team"])
def test_a_boundary_names_only_what_exists(boundary: MeshBoundary | TeamBoundary) -> None:
    assert PolicyDocument.parse(boundary.document().to_dict()).findings == ()


def test_a_boundary_is_as_long_as_iam_takes_and_not_longer() -> None:
    def bounding(length: int) -> MeshBoundary:
        name = "x" * length
        added = Statement(actions=("s3:GetObject",), resources=(f"arn:aws:s3:::{name}",))
        return MeshBoundary(statements=(added,))

    room = MANAGED_LIMIT - size(bounding(1).document())

    assert size(bounding(1 + room).document()) == MANAGED_LIMIT
    with pytest.raises(MeshkitError, match=rf"{MANAGED_LIMIT + 1} characters .* {MANAGED_LIMIT}"):
        bounding(2 + room).document()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"path": "/"}, 'path: "/": a path other than /'),
        ({"path": "/teams/*/"}, "path: "),
        ({"path": "/teams"}, "path: "),
        ({"path": "/boundaries/"}, "lie in each other"),
        ({"path": "/boundaries/orders/"}, "lie in each other"),
        ({"policy_path": "/teams/orders/b/"}, "lie in each other"),
        ({"policy_path": "/"}, "policy_path: "),
        ({"policy_name": "a*"}, 'policy_name: "a\\*"'),
        ({"policy_name": "x" * 129}, "policy_name: "),
        ({"passable": ("*",)}, 'passable: "\\*"'),
        ({"passable": ("/mesh/*",)}, "passable: "),
        (
            {"statements": (Statement(actions=("iam:MakeRole",), resources=("*",)),)},
            'IAM.* has no action "iam:MakeRole"',
        ),
    ],
)
def test_what_names_nothing_or_too_much_is_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        TeamBoundary(**{"path": "/teams/orders/", **args})


def test_a_boundary_speaks_of_its_own_partition() -> None:
    text = TeamBoundary(path="/teams/orders/", partition="aws-cn").document().to_json()

    assert "arn:aws:" not in text
    assert "arn:aws-cn:iam::*:policy/boundaries/team" in text
