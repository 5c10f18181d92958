"""What the policies for sharing allow, and that they allow nothing more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest

from meshkit import (
    MeshkitError,
    MeshShare,
    MeshShareArgs,
    MeshSharerPolicy,
    MeshSharerPolicyArgs,
    MeshTeamPolicy,
    MeshTeamPolicyArgs,
    Route,
    RouteArgs,
    ShareAcceptance,
    ShareAcceptanceArgs,
    ShareAcceptorPolicy,
    ShareAcceptorPolicyArgs,
    SharedMeshRef,
    VirtualNode,
    VirtualNodeArgs,
    VirtualRouter,
    VirtualRouterArgs,
    VirtualService,
    VirtualServiceArgs,
)
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from meshkit.policy.mesh_actions import SHARED_ACTIONS
from meshkit.policy.sharing import acceptor_document, sharer_document, team_document
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.policy.document import Document

OWNER, TEAM, OTHER = "111111111111", "222222222222", "333333333333"
MESH = f"arn:aws:appmesh:eu-west-1:{OWNER}:mesh/shop"
SHARE = f"arn:aws:ram:eu-west-1:{OWNER}:resource-share/1"
INVITATION = f"arn:aws:ram:eu-west-1:{OWNER}:resource-share-invitation/1"
SHARER, ACCEPTOR = sharer_document(MESH, "shop"), acceptor_document(MESH)
MEMBER = team_document(MESH, TEAM)
NAMED = {"ram:ResourceShareName": "shop"}
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def own(account: str, tail: str) -> str:
    return f"arn:aws:appmesh:eu-west-1:{account}:mesh/shop@{OWNER}/{tail}"


def allowed(document: Document, action: str, resource: str, **context: str) -> bool:
    policy = Policy.parse(document.to_dict())
    given = {key.replace("__", ":"): value for key, value in context.items()}
    caller = Caller(f"arn:aws:iam::{TEAM}:role/pipeline")
    asked = Request(action, resource, caller=caller, context=given)
    return evaluate(asked, Layers(identity=(policy,))).allowed


@pytest.mark.parametrize(
    ("document", "action", "resource", "context"),
    [
        (SHARER, "appmesh:PutMeshPolicy", MESH, {}),
        (SHARER, "appmesh:GetMeshPolicy", MESH, {}),
        (SHARER, "appmesh:DeleteMeshPolicy", MESH, {}),
        (SHARER, "ram:CreateResourceShare", "*", {}),
        (SHARER, "ram:AssociateResourceShare", SHARE, {**NAMED, "ram:ResourceArn": MESH}),
        (SHARER, "ram:AssociateResourceShare", SHARE, {**NAMED, "ram:Principal": TEAM}),
        (SHARER, "ram:DisassociateResourceShare", SHARE, NAMED),
        (SHARER, "ram:DeleteResourceShare", SHARE, NAMED),
        (SHARER, "ram:GetResourceShares", "*", {}),
        (ACCEPTOR, "ram:AcceptResourceShareInvitation", INVITATION,
         {"ram:ShareOwnerAccountId": OWNER}),
        (ACCEPTOR, "ram:GetResourceShareInvitations", "*", {}),
        (MEMBER, "appmesh:CreateVirtualNode", own(TEAM, "virtualNode/a"), {}),
        (MEMBER, "appmesh:UpdateRoute", own(TEAM, "virtualRouter/a/route/b"), {}),
        (MEMBER, "appmesh:TagResource", own(TEAM, "virtualService/a"), {}),
        (MEMBER, "appmesh:DescribeMesh", MESH, {}),
        (MEMBER, "appmesh:ListVirtualNodes", MESH, {}),
        (MEMBER, "appmesh:DescribeVirtualNode", f"{MESH}/virtualNode/a", {}),
        (MEMBER, "appmesh:DescribeVirtualNode", own(OTHER, "virtualNode/a"), {}),
    ],
)  # fmt: skip
def test_what_is_needed_is_allowed(
    document: Document, action: str, resource: str, context: dict[str, str]
) -> None:
    assert allowed(document, action, resource, **context)


@pytest.mark.parametrize(
    ("document", "action", "resource", "context"),
    [
        (SHARER, "appmesh:PutMeshPolicy", MESH + "2", {}),
        (SHARER, "appmesh:DeleteMesh", MESH, {}),
        (SHARER, "ram:AssociateResourceShare", SHARE, {"ram:ResourceShareName": "other"}),
        (SHARER, "ram:AssociateResourceShare", SHARE, {**NAMED, "ram:ResourceArn": MESH + "2"}),
        (SHARER, "ram:CreateResourceShare", "*", {"ram:RequestedResourceType": "ec2:Subnet"}),
        (SHARER, "ram:DeleteResourceShare", SHARE, {"ram:ResourceShareName": "other"}),
        (SHARER, "ram:EnableSharingWithAwsOrganization", "*", {}),
        (ACCEPTOR, "ram:AcceptResourceShareInvitation", INVITATION,
         {"ram:ShareOwnerAccountId": OTHER}),
        (ACCEPTOR, "ram:AcceptResourceShareInvitation", INVITATION.replace(OWNER, OTHER),
         {"ram:ShareOwnerAccountId": OTHER}),
        (ACCEPTOR, "ram:CreateResourceShare", "*", {}),
        (MEMBER, "appmesh:UpdateVirtualNode", own(OTHER, "virtualNode/a"), {}),
        (MEMBER, "appmesh:DeleteVirtualNode", f"{MESH}/virtualNode/a", {}),
        (MEMBER, "appmesh:CreateVirtualGateway", own(TEAM, "virtualGateway/a"), {}),
        (MEMBER, "appmesh:DescribeVirtualGateway", f"{MESH}/virtualGateway/a", {}),
        (MEMBER, "appmesh:UpdateMesh", MESH, {}),
        (MEMBER, "appmesh:CreateVirtualNode",
         f"arn:aws:appmesh:eu-west-1:{TEAM}:mesh/mine/virtualNode/a", {}),
        (MEMBER, "appmesh:StreamAggregatedResources", own(TEAM, "virtualNode/a"), {}),
        (MEMBER, "appmesh:TagResource", f"{MESH}/virtualNode/a", {}),
    ],
)  # fmt: skip
def test_nothing_more_is_allowed(
    document: Document, action: str, resource: str, context: dict[str, str]
) -> None:
    assert not allowed(document, action, resource, **context)


def test_a_team_may_do_what_the_share_carries_and_see_its_own_tags() -> None:
    actions = {
        action for statement in MEMBER.to_dict()["Statement"] for action in statement["Action"]
    }

    assert actions == SHARED_ACTIONS | {"appmesh:ListTagsForResource"}


def test_a_team_of_the_owner_s_account_has_plain_arns() -> None:
    document = team_document(MESH, OWNER)

    assert allowed(document, "appmesh:UpdateVirtualNode", f"{MESH}/virtualNode/a")
    assert not allowed(document, "appmesh:UpdateVirtualNode", own(TEAM, "virtualNode/a"))
    assert allowed(document, "appmesh:DescribeVirtualNode", own(TEAM, "virtualNode/a"))


def test_a_policy_is_attached_to_the_roles_it_is_given() -> None:
    def program() -> None:
        made = MeshTeamPolicy(
            "team",
            MeshTeamPolicyArgs(
                mesh_arn=pulumi.Output.from_input(MESH),
                account=TEAM,
                roles=["deployer", "reader"],
                policy_name="mesh-team",
                tags={"a": "1"},
            ),
        )
        pulumi.export("arn", made.policy_arn)

    graph = run_program(program)

    (policy,) = graph.of_type(POLICY)
    assert policy.inputs == {
        "name": "mesh-team",
        "policy": MEMBER.to_json(),
        "tags": {"a": "1"},
    }
    assert {each.name: each.inputs["role"] for each in graph.of_type(ATTACHMENT)} == {
        "team-deployer": "deployer",
        "team-reader": "reader",
    }


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (
            lambda: MeshSharerPolicy("p", MeshSharerPolicyArgs(
                mesh_arn=MESH, share_name="shop", roles=["r"], extent="managed")),
            {"AWSAppMeshFullAccess", "AWSResourceAccessManagerFullAccess"},
        ),
        (
            lambda: ShareAcceptorPolicy("p", ShareAcceptorPolicyArgs(
                mesh_arn=MESH, roles=["r"], extent="managed")),
            {"AWSResourceAccessManagerResourceShareParticipantAccess"},
        ),
    ],
    ids=["sharer", "acceptor"],
)  # fmt: skip
def test_the_wide_policies_of_aws_are_a_choice(make: Callable[[], object], names: set[str]) -> None:
    graph = run_program(make)

    assert graph.of_type(POLICY) == ()
    arns = {each.inputs["policyArn"] for each in graph.of_type(ATTACHMENT)}
    assert arns == {f"arn:aws:iam::aws:policy/{name}" for name in names}


def test_iam_takes_the_policies() -> None:
    def program() -> None:
        MeshSharerPolicy("sharer", MeshSharerPolicyArgs(mesh_arn=MESH, share_name="shop"))
        ShareAcceptorPolicy("acceptor", ShareAcceptorPolicyArgs(mesh_arn=MESH))
        MeshTeamPolicy("team", MeshTeamPolicyArgs(mesh_arn=MESH, account=TEAM))

    with Cloud(account=OWNER, region="eu-west-1") as cloud:
        assert run(program, cloud=cloud).ok


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mesh_arn": "arn:aws:s3:::x", "share_name": "s"}, "is no mesh"),
        ({"mesh_arn": f"{MESH}/virtualNode/a", "share_name": "s"}, "is no mesh"),
        ({"mesh_arn": MESH, "share_name": "s", "extent": "all"}, 'no extent "all"'),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        MeshSharerPolicy("p", MeshSharerPolicyArgs(**arguments))


def deployer(cloud: Cloud, account: str, name: str, document: Document) -> aws.Provider:
    """A provider of a role that has this policy alone."""
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWNER}:root"}}
    iam = cloud.client("iam", account)
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
        ),
    )
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document.to_json())
    role = f"arn:aws:iam::{account}:role/{name}"
    return aws.Provider(name, region="eu-west-1", assume_roles=[{"role_arn": role}])


def test_the_policies_are_enough_for_the_components() -> None:
    """A cloud that enforces IAM: each of three roles has nothing but its own policy."""
    with Cloud(account=OWNER, region="eu-west-1", enforce_iam=True) as cloud:
        cloud.client("appmesh", OWNER).create_mesh(meshName="shop")

        outcome = run(lambda: share_and_build(cloud), cloud=cloud)

        assert (outcome.failures, outcome.skipped) == ((), ())


def share_and_build(cloud: Cloud) -> None:
    sharer, acceptor, team = (
        deployer(cloud, account, name, document)
        for account, name, document in (
            (OWNER, "sharer", SHARER),
            (TEAM, "acceptor", ACCEPTOR),
            (TEAM, "team", MEMBER),
        )
    )
    share = MeshShare(
        "shop",
        MeshShareArgs(
            mesh_arn=MESH, principals=[TEAM], allow_external_principals=True, tags={"a": "b"}
        ),
        pulumi.ResourceOptions(provider=sharer),
    )
    accepted = ShareAcceptance(
        "accepted",
        ShareAcceptanceArgs(share_arn=share.share_arn),
        pulumi.ResourceOptions(provider=acceptor, depends_on=[share]),
    )
    mesh = SharedMeshRef("shop", owner=OWNER)
    listeners = {"listeners": [{"port": 80, "protocol": "http"}], "tags": {"a": "b"}}
    opts = pulumi.ResourceOptions(provider=team, depends_on=[accepted])
    spec = {**listeners, "service_discovery": {"dns": "a.local"}}
    node = VirtualNode("web", VirtualNodeArgs(mesh=mesh, spec=spec), opts)
    router = VirtualRouter("web", VirtualRouterArgs(mesh=mesh, spec=listeners), opts)
    then = pulumi.ResourceOptions(provider=team, depends_on=[node, router])
    route = {"http": {"match": {"prefix": "/"}, "targets": {"web": 1}}}
    Route("all", RouteArgs(mesh=mesh, router="web", spec=route), then)
    VirtualService("web.local", VirtualServiceArgs(mesh=mesh, router="web"), then)
