"""Known ways to more rights, what stops each, and what a team does instead.

The evaluator decides; the tests hold it against this table, and the documentation shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tools.guarded_account import (
    ADMIN,
    IAM,
    PEOPLE,
    PIPELINE,
    PROXY,
    TEAM_BOUNDARY,
    asked,
)

if TYPE_CHECKING:
    from meshkit.policy.evaluation import Caller, Request

OWN: Final = f"{IAM}:role/teams/orders/worker"
OWN_POLICY: Final = f"{IAM}:policy/teams/orders/worker"
BOUNDED: Final = {"iam:PermissionsBoundary": TEAM_BOUNDARY}
UNBOUNDED: dict[str, str] = {}
GIVING_ADMIN: Final = {"iam:PolicyARN": ADMIN}
USER: Final = f"{IAM}:user/admin"


def passed_to(service: str) -> dict[str, str]:
    """The context of PassRole."""
    return {"iam:PassedToService": f"{service}.amazonaws.com"}


class Attempt(NamedTuple):
    """A way to more rights."""

    action: str
    resource: str
    context: dict[str, str]
    boundary: str | None
    """Sid of the boundary's statement that stops it; ``None`` where nothing there allows it."""
    scp: str | None
    """Sid of the guardrail that stops it for everybody; ``None`` where only the boundary does."""
    honest: tuple[str, str, dict[str, str]] | None
    """What the team does instead, and may."""

    def by(self, caller: Caller) -> Request:
        """The request, made by somebody."""
        return asked(self.action, self.resource, self.context, caller)


ATTEMPTS: Final = {
    "a new version of a policy that an administrator has": Attempt(
        "iam:CreatePolicyVersion", f"{IAM}:policy/admins", {}, "KeepOthers", None,
        ("iam:CreatePolicyVersion", OWN_POLICY, {}),
    ),
    "a new version of a policy that the pipeline has": Attempt(
        "iam:CreatePolicyVersion", f"{IAM}:policy/pipeline/deploy", {}, "KeepOthers",
        "KeepPolicies", ("iam:CreatePolicyVersion", OWN_POLICY, {}),
    ),
    "an older version of a proxy's policy that allowed more": Attempt(
        "iam:SetDefaultPolicyVersion", f"{IAM}:policy/mesh/catalog-1", {}, "KeepOthers",
        "KeepPolicies", ("iam:SetDefaultPolicyVersion", OWN_POLICY, {}),
    ),
    "a wider boundary by a new version of it": Attempt(
        "iam:CreatePolicyVersion", TEAM_BOUNDARY, {}, "KeepOthers", "KeepBoundaryPolicy",
        ("iam:CreatePolicyVersion", OWN_POLICY, {}),
    ),
    "no boundary, since its policy is gone": Attempt(
        "iam:DeletePolicy", TEAM_BOUNDARY, {}, "KeepOthers", "KeepBoundaryPolicy",
        ("iam:DeletePolicy", OWN_POLICY, {}),
    ),
    "an older version of the boundary": Attempt(
        "iam:SetDefaultPolicyVersion", TEAM_BOUNDARY, {}, "KeepOthers",
        "KeepBoundaryPolicy", ("iam:SetDefaultPolicyVersion", OWN_POLICY, {}),
    ),
    "the boundary taken off oneself": Attempt(
        "iam:DeleteRolePermissionsBoundary", str(PEOPLE.arn), BOUNDED, "KeepBoundaries",
        "KeepBoundaries", None,
    ),
    "another boundary put on oneself": Attempt(
        "iam:PutRolePermissionsBoundary", str(PEOPLE.arn), {"iam:PermissionsBoundary": ADMIN},
        "MakeOnlyBounded", "MakeOnlyBounded", ("iam:PutRolePermissionsBoundary", OWN, BOUNDED),
    ),
    "a role without a boundary": Attempt(
        "iam:CreateRole", OWN, UNBOUNDED, "MakeOnlyBounded", "MakeOnlyBounded",
        ("iam:CreateRole", OWN, BOUNDED),
    ),
    "a role with a boundary that allows all": Attempt(
        "iam:CreateRole", OWN, {"iam:PermissionsBoundary": ADMIN}, "MakeOnlyBounded",
        "MakeOnlyBounded", ("iam:CreateRole", OWN, BOUNDED),
    ),
    "a role in the place of a proxy's": Attempt(
        "iam:CreateRole", f"{IAM}:role/mesh/new", BOUNDED, "KeepOthers", "KeepRoles",
        ("iam:CreateRole", OWN, BOUNDED),
    ),
    "a role by the name of the pipeline's": Attempt(
        "iam:CreateRole", f"{IAM}:role/pipeline/mine", BOUNDED, "KeepOthers", "KeepRoles",
        ("iam:CreateRole", OWN, BOUNDED),
    ),
    "a role in another place, by a colon in its path": Attempt(
        "iam:CreateRole", f"{IAM}:role/shop/x:role/teams/orders/new", BOUNDED, "KeepToThePath",
        None, ("iam:CreateRole", OWN, BOUNDED),
    ),
    "all rights attached to a role of one's own without a boundary": Attempt(
        "iam:AttachRolePolicy", OWN, GIVING_ADMIN, "MakeOnlyBounded", None,
        ("iam:AttachRolePolicy", OWN, {**GIVING_ADMIN, **BOUNDED}),
    ),
    "all rights attached to a proxy's role": Attempt(
        "iam:AttachRolePolicy", PROXY, GIVING_ADMIN, "KeepOthers", "KeepRoles",
        ("iam:AttachRolePolicy", OWN, {**GIVING_ADMIN, **BOUNDED}),
    ),
    "an inline policy in another team's role": Attempt(
        "iam:PutRolePolicy", f"{IAM}:role/teams/billing/worker", BOUNDED, "KeepOthers", None,
        ("iam:PutRolePolicy", OWN, BOUNDED),
    ),
    "an inline policy in a proxy's role": Attempt(
        "iam:PutRolePolicy", PROXY, UNBOUNDED, "KeepOthers", "KeepRoles",
        ("iam:PutRolePolicy", OWN, BOUNDED),
    ),
    "the pipeline's role, by trusting oneself there": Attempt(
        "iam:UpdateAssumeRolePolicy", PIPELINE, UNBOUNDED, "KeepOthers", "KeepRoles",
        ("iam:UpdateAssumeRolePolicy", OWN, BOUNDED),
    ),
    "another team's role, by trusting oneself there": Attempt(
        "iam:UpdateAssumeRolePolicy", f"{IAM}:role/teams/billing/worker", BOUNDED,
        "KeepOthers", None, ("iam:UpdateAssumeRolePolicy", OWN, BOUNDED),
    ),
    "a role that trusts everybody of the account": Attempt(
        "sts:AssumeRole", f"{IAM}:role/break-glass", {}, None, None, ("sts:AssumeRole", OWN, {}),
    ),
    "an instance with the pipeline's role (PassRole, RunInstances)": Attempt(
        "iam:PassRole", PIPELINE, passed_to("ec2"), "PassNoOthersRoles", "PassNoPipeline",
        ("iam:PassRole", OWN, passed_to("ec2")),
    ),
    "a function with an administrator's role (PassRole, CreateFunction)": Attempt(
        "iam:PassRole", f"{IAM}:role/local-admin", passed_to("lambda"), "PassNoOthersRoles", None,
        ("iam:PassRole", OWN, passed_to("lambda")),
    ),
    "a task with an administrator's role (PassRole, RunTask)": Attempt(
        "iam:PassRole", f"{IAM}:role/local-admin", passed_to("ecs-tasks"), "PassNoOthersRoles",
        None, ("iam:PassRole", PROXY, passed_to("ecs-tasks")),
    ),
    "a pod with the pipeline's role (PassRole, CreatePodIdentityAssociation)": Attempt(
        "iam:PassRole", PIPELINE, passed_to("pods.eks"), "PassNoOthersRoles", "PassNoPipeline",
        ("iam:PassRole", PROXY, passed_to("pods.eks")),
    ),
    "a stack with an administrator's role (PassRole, CreateStack)": Attempt(
        "iam:PassRole", f"{IAM}:role/local-admin", passed_to("cloudformation"),
        "PassNoOthersRoles", None, ("cloudformation:CreateStack", "*", {}),
    ),
    "a job with an administrator's role (PassRole, glue:CreateDevEndpoint)": Attempt(
        "iam:PassRole", f"{IAM}:role/local-admin", passed_to("glue"), "PassNoOthersRoles", None,
        ("glue:CreateJob", "*", {}),
    ),
    "an administrator's role in a profile of instances that run": Attempt(
        "iam:AddRoleToInstanceProfile", f"{IAM}:instance-profile/mesh/gateway", {}, "KeepOthers",
        "KeepInstanceProfiles",
        ("iam:AddRoleToInstanceProfile", f"{IAM}:instance-profile/teams/orders/worker", {}),
    ),
    "a user without a boundary": Attempt(
        "iam:CreateUser", USER, UNBOUNDED, "KeepOthers", "MakeOnlyBounded", None
    ),
    "a user with the team's boundary and keys of its own": Attempt(
        "iam:CreateUser", USER, BOUNDED, "KeepOthers", None, None
    ),
    "a key of an administrator": Attempt("iam:CreateAccessKey", USER, {}, "KeepOthers", None, None),
    "a password for an administrator": Attempt(
        "iam:CreateLoginProfile", USER, {}, "KeepOthers", None, None
    ),
    "another password for an administrator": Attempt(
        "iam:UpdateLoginProfile", USER, {}, "KeepOthers", None, None
    ),
    "a seat in the group of administrators": Attempt(
        "iam:AddUserToGroup", f"{IAM}:group/admins", {}, "KeepOthers", None, None
    ),
    "all rights attached to a user": Attempt(
        "iam:AttachUserPolicy", USER, GIVING_ADMIN, "KeepOthers", None, None
    ),
    "all rights attached to a group": Attempt(
        "iam:AttachGroupPolicy", f"{IAM}:group/team", GIVING_ADMIN, "KeepOthers", None, None
    ),
    "an inline policy in a user": Attempt("iam:PutUserPolicy", USER, {}, "KeepOthers", None, None),
    "an inline policy in a group": Attempt(
        "iam:PutGroupPolicy", f"{IAM}:group/team", {}, "KeepOthers", None, None
    ),
    "an administrator without a second factor": Attempt(
        "iam:DeactivateMFADevice", USER, {}, "KeepOthers", None, None
    ),
    "the boundary taken off a user": Attempt(
        "iam:DeleteUserPermissionsBoundary", USER, {}, "KeepOthers", "KeepBoundaries", None
    ),
    "an identity provider that tells what one likes": Attempt(
        "iam:UpdateSAMLProvider", f"{IAM}:saml-provider/okta", {}, "KeepOthers", "KeepSignIn", None
    ),
    "an identity provider in the place of one that is gone": Attempt(
        "iam:CreateSAMLProvider", f"{IAM}:saml-provider/okta", {}, "KeepOthers", "KeepSignIn", None
    ),
    "tokens for another audience": Attempt(
        "iam:AddClientIDToOpenIDConnectProvider", f"{IAM}:oidc-provider/ci.acme.io", {},
        "KeepOthers", "KeepSignIn", None,
    ),
    "tokens of another server, by the thumbprint of its certificate": Attempt(
        "iam:UpdateOpenIDConnectProviderThumbprint", f"{IAM}:oidc-provider/ci.acme.io", {},
        "KeepOthers", "KeepSignIn", None,
    ),
    "certificates of one's own, for roles that trust IAM Roles Anywhere": Attempt(
        "rolesanywhere:CreateTrustAnchor", "*", {}, None, "KeepSignIn", None
    ),
    "a permission set with all rights": Attempt(
        "sso:AttachManagedPolicyToPermissionSet", "*", {}, None, None, None
    ),
    "a session of the root of an account": Attempt(
        "sts:AssumeRoot", "arn:aws:iam::333333333333:root", {}, None, None, None
    ),
    "the guardrails detached, where they are delegated to the account": Attempt(
        "organizations:DetachPolicy", "*", {}, None, "KeepGuardrails", None
    ),
    "an account outside of the organization": Attempt(
        "organizations:LeaveOrganization", "*", {}, None, "StayInOrganization", None
    ),
}  # fmt: skip


def table() -> str:
    """The ways and what stops them, as the documentation shows it."""
    lines = ["| attempt | boundary of the team | service control policy |", "|---|---|---|"]
    for name, each in ATTEMPTS.items():
        boundary = f"`{each.boundary}`" if each.boundary else "not allowed"
        scp = f"`{each.scp}`" if each.scp else ""
        lines.append(f"| {name} | {boundary} | {scp} |")
    return "\n".join(lines) + "\n"
