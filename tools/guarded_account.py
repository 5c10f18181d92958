"""An account with guardrails and a bounded team, for tests and for the documentation."""

from __future__ import annotations

from meshkit.policy.boundaries import MeshBoundary, TeamBoundary
from meshkit.policy.document import VERSION, Document
from meshkit.policy.evaluation import Caller, Layers, Policy, Request
from meshkit.policy.guardrails import AuditScope, GuardrailScope, guardrail_documents

ACCOUNT = "222222222222"
IAM = f"arn:aws:iam::{ACCOUNT}"
TEAM_BOUNDARY = f"{IAM}:policy/boundaries/team"
PIPELINE = f"{IAM}:role/pipeline/mesh"
PROXY = f"{IAM}:role/mesh/shop-catalog-1a2b3c"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
LOG_KEY = "arn:aws:kms:eu-west-1:111111111111:key/1234"
PEOPLE = Caller(f"{IAM}:role/teams/orders/people")
"""Who works in the team, with the boundary of teams."""
LOCAL_ADMIN = Caller(f"{IAM}:role/local-admin")
"""Somebody of the account whom no boundary limits."""

TEAM = TeamBoundary(path="/teams/orders/", passable=("mesh/*",))
MESH = MeshBoundary()
SCOPE = GuardrailScope(
    pipeline=("pipeline/*",),
    protected=("mesh/*", "boundaries/*"),
    share_names=("shop",),
    audit=AuditScope(trails=("audit",), buckets=("audit-logs",), keys=(LOG_KEY,)),
    regions=("eu-west-1",),
    boundary="boundaries/team",
)
EVERYTHING = Policy.parse(
    {"Version": VERSION, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    name="Everything",
)


def parsed(document: Document, name: str = "") -> Policy:
    """The document as the evaluator takes it."""
    return Policy.parse(document.to_dict(), name=name)


def guarded(scope: GuardrailScope = SCOPE) -> Layers:
    """Whoever has all rights in an account under the guardrails."""
    policies = tuple(map(parsed, guardrail_documents(scope)))
    return Layers((EVERYTHING,), scps=((EVERYTHING, *policies),))


def bounded(team: TeamBoundary = TEAM) -> Layers:
    """Whoever has all rights within the boundary of teams."""
    return Layers((EVERYTHING,), boundary=parsed(team.document(), "team"))


def asked(
    action: str, resource: str, context: dict[str, str] | None = None, caller: Caller = PEOPLE
) -> Request:
    """A request in the region of the mesh."""
    return Request(
        action, resource, caller, {"aws:RequestedRegion": "eu-west-1", **(context or {})}
    )
