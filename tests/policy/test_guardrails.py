"""Service control policies: whom they stop, whom not, and their limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from meshkit.config.role import Statement
from meshkit.errors import MeshkitError
from meshkit.policy.actions import listed
from meshkit.policy.document import Document
from meshkit.policy.evaluation import Caller, Layers, evaluate
from meshkit.policy.guardrails import (
    ATTACHED_LIMIT,
    SIZE_LIMIT,
    AuditScope,
    GuardrailScope,
    guardrail_documents,
    guardrail_statements,
)
from meshkit.policy.typed import PolicyDocument
from tools.guarded_account import (
    ACCOUNT,
    EVERYTHING,
    IAM,
    LOCAL_ADMIN,
    LOG_KEY,
    PIPELINE,
    PROXY,
    SCOPE,
    TEAM_BOUNDARY,
    asked,
    guarded,
    parsed,
)

MESH = f"arn:aws:appmesh:eu-west-1:{ACCOUNT}:mesh/shop"
SHARE = f"arn:aws:ram:eu-west-1:{ACCOUNT}:resource-share/0123"
NETWORK = f"arn:aws:vpc-lattice:eu-west-1:{ACCOUNT}:servicenetwork/sn-0123"
SERVICE = f"arn:aws:vpc-lattice:eu-west-1:{ACCOUNT}:service/svc-0123"
NAMED = {"ram:ResourceShareName": "shop"}
WITH_MESH = {"ram:RequestedResourceType": "appmesh:Mesh"}
CLOSED = {"ram:RequestedAllowsExternalPrincipals": "false"}
OPEN = {"ram:RequestedAllowsExternalPrincipals": "true"}
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit"

WIDE = Statement(actions=("s3:*",), resources=("*",))

OF_PIPELINE: dict[str, tuple[str, str, dict[str, str]]] = {
    "KeepGuardrails": ("organizations:DetachPolicy", "*", {}),
    "PassNoPipeline": ("iam:PassRole", PIPELINE, {}),
    "KeepSignIn": ("iam:UpdateSAMLProvider", f"{IAM}:saml-provider/okta", {}),
    "KeepRoles": ("iam:AttachRolePolicy", PROXY, {}),
    "KeepPolicies": ("iam:CreatePolicyVersion", f"{IAM}:policy/mesh/catalog-1", {}),
    "KeepInstanceProfiles": (
        "iam:AddRoleToInstanceProfile", f"{IAM}:instance-profile/mesh/gateway", {}
    ),
    "MakeOnlyBounded": ("iam:CreateRole", f"{IAM}:role/anything", {}),
    "KeepBoundaries": ("iam:DeleteRolePermissionsBoundary", f"{IAM}:role/anything", {}),
    "KeepBoundaryPolicy": ("iam:DeletePolicyVersion", TEAM_BOUNDARY, {}),
    "KeepMeshPolicies": ("appmesh:PutMeshPolicy", MESH, {}),
    "KeepAuthOn": ("vpc-lattice:UpdateService", SERVICE, {"vpc-lattice:AuthType": "NONE"}),
    "ShareMeshes": ("ram:CreateResourceShare", "*", {**WITH_MESH, **CLOSED}),
    "KeepShares": ("ram:UpdateResourceShare", SHARE, NAMED),
    "KeepSharePermissions": ("ram:AssociateResourceSharePermission", SHARE, {}),
    "AcceptNoShare": (
        "ram:AcceptResourceShareInvitation",
        "arn:aws:ram:eu-west-1:111111111111:resource-share-invitation/1",
        {},
    ),
    "KeepTrail": ("cloudtrail:StopLogging", TRAIL, {}),
    "KeepLogs": ("s3:DeleteObject", "arn:aws:s3:::audit-logs/2026/11/22/log.gz", {}),
    "KeepLogKeys": ("kms:ScheduleKeyDeletion", LOG_KEY, {}),
    "KeepRecorder": ("config:StopConfigurationRecorder", "*", {}),
}  # fmt: skip
"""What nobody does but the pipeline, by the statement that says so."""

OF_NOBODY: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "StayInOrganization": [("organizations:LeaveOrganization", "*", {})],
    "OpenNoShare": [
        ("ram:CreateResourceShare", "*", OPEN),
        ("ram:UpdateResourceShare", SHARE, OPEN),
    ],
    "SayThatItIsClosed": [("ram:CreateResourceShare", "*", {})],
    "FillNoOpenShare": [
        ("ram:AssociateResourceShare", SHARE, {"ram:AllowsExternalPrincipals": "true"})
    ],
    "ShareWithNoLeaver": [
        (
            "ram:CreateResourceShare",
            "*",
            {**CLOSED, "ram:RetainSharingOnAccountLeaveOrganization": "true"},
        )
    ],
    "StayInRegions": [
        ("ec2:RunInstances", "*", {"aws:RequestedRegion": "us-east-1"}),
        ("appmesh:CreateMesh", MESH, {"aws:RequestedRegion": "eu-west-2"}),
        ("vpc-lattice:CreateService", "*", {"aws:RequestedRegion": "eu-west-2"}),
    ],
}
"""What nobody does at all."""

LEFT_ALONE: list[tuple[str, str, dict[str, str]]] = [
    ("iam:CreateRole", f"{IAM}:role/anything", {"iam:PermissionsBoundary": TEAM_BOUNDARY}),
    ("iam:CreatePolicy", f"{IAM}:policy/anything", {}),
    ("iam:PassRole", PROXY, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
    ("iam:GetRole", PROXY, {}),
    ("appmesh:UpdateRoute", f"{MESH}/virtualRouter/r/route/a", {}),
    ("appmesh:StreamAggregatedResources", f"{MESH}/virtualNode/n", {}),
    ("vpc-lattice-svcs:Invoke", f"{NETWORK}/", {}),
    ("vpc-lattice:UpdateService", SERVICE, {}),
    ("vpc-lattice:UpdateService", SERVICE, {"vpc-lattice:AuthType": "AWS_IAM"}),
    ("ram:CreateResourceShare", "*", {**CLOSED, "ram:RequestedResourceType": "ec2:Subnet"}),
    ("ram:UpdateResourceShare", SHARE, {"ram:ResourceShareName": "subnets"}),
    ("ram:GetResourceShares", "*", {}),
    ("cloudtrail:LookupEvents", "*", {}),
    ("cloudtrail:StopLogging", f"{TRAIL}-of-a-team", {}),
    ("s3:GetObject", "arn:aws:s3:::audit-logs/2026/11/22/log.gz", {}),
    ("s3:DeleteObject", "arn:aws:s3:::other/1", {}),
    ("iam:CreatePolicy", f"{IAM}:policy/anything", {"aws:RequestedRegion": "us-east-1"}),
    ("cloudfront:CreateDistribution", "*", {"aws:RequestedRegion": "us-east-1"}),
]


def decided(
    request: tuple[str, str, dict[str, str]], caller: str, layers: Layers
) -> tuple[bool, str | None]:
    decision = evaluate(asked(*request, caller=Caller(caller)), layers)
    return decision.allowed, decision.statement.sid if decision.statement else None


@pytest.mark.parametrize("sid", OF_PIPELINE)
def test_the_pipeline_alone_changes_what_is_its_own(sid: str) -> None:
    request = OF_PIPELINE[sid]

    assert decided(request, str(LOCAL_ADMIN.arn), guarded()) == (False, sid)
    assert decided(request, f"{IAM}:root", guarded()) == (False, sid)
    assert decided(request, PIPELINE, guarded())[0]


@pytest.mark.parametrize("sid", OF_NOBODY)
@pytest.mark.parametrize("caller", [str(LOCAL_ADMIN.arn), PIPELINE])
def test_some_things_nobody_does(caller: str, sid: str) -> None:
    for request in OF_NOBODY[sid]:
        assert decided(request, caller, guarded()) == (False, sid)


@pytest.mark.parametrize("request_", LEFT_ALONE, ids=lambda each: f"{each[0]} {each[1][-20:]}")
def test_the_rest_is_left_to_policies(request_: tuple[str, str, dict[str, str]]) -> None:
    assert decided(request_, str(LOCAL_ADMIN.arn), guarded())[0]


def test_every_statement_is_tried() -> None:
    sids = {statement.sid for statement in guardrail_statements(SCOPE)}

    assert sids == {*OF_PIPELINE, *OF_NOBODY}


@pytest.mark.parametrize("sid", sorted({*OF_PIPELINE, *OF_NOBODY}))
def test_each_statement_is_needed(sid: str) -> None:
    kept = tuple(each for each in guardrail_statements(SCOPE) if each.sid != sid)
    layers = Layers((EVERYTHING,), scps=((EVERYTHING, parsed(Document(kept))),))

    for request in [OF_PIPELINE[sid]] if sid in OF_PIPELINE else OF_NOBODY[sid]:
        assert decided(request, str(LOCAL_ADMIN.arn), layers)[1] != sid


def test_lattice_policies_are_of_the_pipeline() -> None:
    for action in ("vpc-lattice:PutAuthPolicy", "vpc-lattice:PutResourcePolicy"):
        assert not decided((action, NETWORK, {}), str(LOCAL_ADMIN.arn), guarded())[0]
        assert decided((action, NETWORK, {}), PIPELINE, guarded())[0]


def test_what_is_not_asked_for_is_not_there() -> None:
    bare = GuardrailScope(pipeline=("pipeline/mesh",), organization_only=False)

    assert {each.sid for each in guardrail_statements(bare)} == {
        *("StayInOrganization", "KeepGuardrails", "KeepMeshPolicies", "KeepAuthOn", "ShareMeshes"),
        *("KeepRoles", "KeepPolicies", "KeepInstanceProfiles", "KeepSignIn", "PassNoPipeline"),
    }


def test_the_name_of_a_pipeline_s_role_can_be_taken_by_nobody() -> None:
    # Else whoever makes roles could make one that all guardrails let pass.
    role = f"{IAM}:role/pipeline/mine"

    assert not decided(("iam:CreateRole", role, {}), str(LOCAL_ADMIN.arn), guarded())[0]


def test_guardrails_name_only_what_exists() -> None:
    for document in guardrail_documents(SCOPE):
        assert PolicyDocument.parse(document.to_dict()).findings == ()


@pytest.mark.parametrize("sid", sorted({*OF_PIPELINE, *OF_NOBODY}))
def test_a_condition_asks_only_what_every_action_tells(sid: str) -> None:
    # Else the denial of the other actions never holds.
    statement = next(each for each in guardrail_statements(SCOPE) if each.sid == sid)
    for condition in statement.conditions:
        service = str(condition.key).partition(":")[0]
        for action in map(str, statement.actions) if service != "aws" else ():
            known = listed(action.partition(":")[0]).actions[action.partition(":")[2].casefold()]
            assert condition.key in known.keys


def test_the_example_is_one_policy() -> None:
    (document,) = guardrail_documents(SCOPE)

    assert len(document.to_json()) <= SIZE_LIMIT


def of_size(length: int) -> GuardrailScope:
    """Guardrails with a statement whose name is so long."""
    long = Statement(
        effect="Deny", actions=("s3:GetObject",), resources=(f"arn:aws:s3:::{'x' * length}",)
    )
    return GuardrailScope(pipeline=("p",), organization_only=False, statements=(long,))


def test_a_policy_is_as_long_as_organizations_takes_and_then_split() -> None:
    room = SIZE_LIMIT - len(guardrail_documents(of_size(1))[0].to_json())

    (full,) = guardrail_documents(of_size(1 + room))
    assert len(full.to_json()) == SIZE_LIMIT
    split = guardrail_documents(of_size(2 + room))
    assert [len(each.to_json()) <= SIZE_LIMIT for each in split] == [True, True]


def test_a_statement_that_fits_nowhere_is_refused() -> None:
    with pytest.raises(MeshkitError, match=f"longer than the {SIZE_LIMIT} characters"):
        guardrail_documents(of_size(SIZE_LIMIT))


def test_white_space_counts() -> None:
    spaced = Statement(
        effect="Deny",
        actions=("s3:GetObject",),
        resources=("arn:aws:s3:::b/*",),
        conditions={"StringEquals": {"aws:ResourceTag/team": (" " * SIZE_LIMIT,)}},
    )

    with pytest.raises(MeshkitError, match="white space"):
        guardrail_documents(replace(of_size(1), statements=(spaced,)))


def test_split_policies_mean_what_one_would() -> None:
    many = tuple(f"team-{number}/{'x' * 40}/*" for number in range(200))
    scope = replace(SCOPE, protected=("mesh/*", "boundaries/*", *many))
    documents = guardrail_documents(scope)
    assert 1 < len(documents) < ATTACHED_LIMIT
    whole = parsed(Document(guardrail_statements(scope)))
    one, split = Layers((EVERYTHING,), scps=((EVERYTHING, whole),)), guarded(scope)

    tried = [
        *OF_PIPELINE.values(),
        *(each for requests in OF_NOBODY.values() for each in requests),
        *LEFT_ALONE,
        *(("iam:TagRole", f"{IAM}:role/{name[:-1]}a", {}) for name in many[::20]),
    ]
    for caller in (str(LOCAL_ADMIN.arn), PIPELINE):
        for request in tried:
            assert decided(request, caller, split)[0] == decided(request, caller, one)[0]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"pipeline": ()}, "pipeline: name at least one role"),
        ({"pipeline": ("*",)}, 'pipeline: "\\*" is no name'),
        ({"pipeline": ("?ipeline",)}, "pipeline: "),
        ({"pipeline": (PIPELINE,)}, "pipeline: "),
        ({"protected": ("/mesh/*",)}, "protected: "),
        ({"protected": ("*",)}, "protected: "),
        ({"boundary": "boundaries/${aws:username}"}, "boundary: "),
        ({"share_names": ("${aws:username}",)}, "share_names: "),
        ({"share_names": ("",)}, "share_names: "),
        ({"boundary": ""}, "boundary: "),
        ({"regions": ("Ireland",)}, 'regions: "Ireland" is no region'),
        (
            {"statements": (WIDE,)},
            "a guardrail denies",
        ),
        (
            {"statements": (WIDE.model_copy(update={"effect": "Deny", "actions": ("iam:X",)}),)},
            "has no action",
        ),
    ],
)  # fmt: skip
def test_what_names_nothing_or_too_much_is_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        GuardrailScope(**{"pipeline": ("pipeline/mesh",), **args})


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"trails": ("audit/${aws:username}",)}, 'audit: "audit/.*" is no name of a trail'),
        ({"buckets": ("Audit*",)}, 'audit: "Audit\\*" is no name of a bucket'),
        ({"keys": ("alias/audit",)}, "audit: .* is no KMS key"),
        ({"keys": ("arn:aws:kms:eu-west-1:111111111111:key/*",)}, "is no KMS key"),
    ],
)
def test_an_audit_trail_is_named_exactly(args: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        AuditScope(**args)


def test_guardrails_speak_of_their_own_partition() -> None:
    scope = replace(SCOPE, partition="aws-cn", audit=AuditScope(buckets=("logs",)))
    (document,) = guardrail_documents(scope)

    assert "arn:aws:" not in document.to_json()
