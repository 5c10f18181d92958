"""What each tier of operators may do: requests, and the lowest tier that they pass.

The evaluator decides; the tests hold it against this table, and the documentation shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from meshkit.policy.operators import TIERS, OperatorScope, operator_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.operator import Tier

OWNER: Final = "111111111111"
TEAM: Final = "222222222222"
OTHERS: Final = "333333333333"
REGION: Final = "eu-west-1"
MESH: Final = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop"
NEIGHBOUR: Final = f"arn:aws:appmesh:{REGION}:{OWNER}:mesh/shop-staging"
SHARE: Final = f"arn:aws:ram:{REGION}:{OWNER}:resource-share/*"


def within(account: str, tail: str) -> str:
    """ARN of what an account makes in the mesh."""
    name = "shop" if account == OWNER else f"shop@{OWNER}"
    return f"arn:aws:appmesh:{REGION}:{account}:mesh/{name}/{tail}"


@dataclass(frozen=True)
class Row:
    """Something that people do."""

    what: str
    lowest: Tier | None
    """The lowest tier that may; ``None`` for what none may."""
    action: str
    resources: tuple[str, ...]
    """All on which AWS authorizes it: each must be allowed."""
    context: Mapping[str, str] = field(default_factory=dict)


def owner_scope() -> OperatorScope:
    """People in the mesh owner's account."""
    return OperatorScope(
        mesh_arn=MESH, account=OWNER, builders=(TEAM,), routers=("web",), share_name="shop"
    )


def team_scope() -> OperatorScope:
    """People of a team, whose account builds in the shared mesh."""
    return OperatorScope(
        mesh_arn=MESH,
        account=TEAM,
        builders=(OTHERS,),
        routers=("web",),
        targets=(within(TEAM, "virtualNode/web-v1"), within(TEAM, "virtualNode/web-v2")),
    )


def rows(account: str) -> tuple[Row, ...]:
    """What is asked of the tiers of an account; what is about its own parts and others' alike."""
    other = TEAM if account == OWNER else OTHERS
    route = within(account, "virtualRouter/web/route/all")
    hidden = within(account, "virtualRouter/search/route/all")
    ours, theirs = within(account, "virtualNode/web-v2"), within(other, "virtualNode/search")
    return (
        Row("list the meshes", "viewer", "appmesh:ListMeshes", ("*",)),
        Row("look at the mesh", "viewer", "appmesh:DescribeMesh", (MESH,)),
        Row("look at another account's node", "viewer", "appmesh:DescribeVirtualNode", (theirs,)),
        Row("read own tags", "viewer", "appmesh:ListTagsForResource", (ours,)),
        Row("read another account's tags", None, "appmesh:ListTagsForResource", (theirs,)),
        Row("look at another mesh", None, "appmesh:DescribeMesh", (NEIGHBOUR,)),
        Row("shift traffic to an own node", "router", "appmesh:UpdateRoute", (route, ours)),
        Row("shift traffic of another router", "deployer", "appmesh:UpdateRoute", (hidden, ours)),
        Row("add a route", "deployer", "appmesh:CreateRoute", (route, ours)),
        Row("delete a route", "deployer", "appmesh:DeleteRoute", (route,)),
        Row(
            "lead a route to another account's node",
            "deployer",
            "appmesh:CreateRoute",
            (route, theirs),
        ),
        Row(
            "make a node that calls another account's service",
            "deployer",
            "appmesh:CreateVirtualNode",
            (ours, within(other, "virtualService/search.shop.local")),
        ),
        Row(
            "make a service",
            "deployer",
            "appmesh:CreateVirtualService",
            (
                within(account, "virtualService/web.shop.local"),
                within(account, "virtualRouter/web"),
            ),
        ),
        Row("change another account's node", None, "appmesh:UpdateVirtualNode", (theirs,)),
        Row("read a node's configuration", None, "appmesh:StreamAggregatedResources", (ours,)),
        Row("make a role", None, "iam:CreateRole", (f"arn:aws:iam::{account}:role/web",)),
        Row("make an access key", None, "iam:CreateAccessKey", (f"arn:aws:iam::{account}:user/x",)),
        *_of_the_owner(account, other),
    )


def _of_the_owner(account: str, other: str) -> tuple[Row, ...]:
    """What belongs to the mesh owner, and so to no tier of another account."""
    own = account == OWNER
    owner: Tier | None = "owner" if own else None
    sharer: Tier | None = "sharer" if own else None
    gateway = within(OWNER, "virtualGateway/ingress")
    service = within(other, "virtualService/search.shop.local")
    named = {"ram:ResourceShareName": "shop"}
    viewer: Tier | None = "viewer" if own else None
    return (
        Row("look at a gateway", viewer, "appmesh:DescribeVirtualGateway", (gateway,)),
        Row("change the mesh", owner, "appmesh:UpdateMesh", (MESH,)),
        Row("delete another mesh", None, "appmesh:DeleteMesh", (NEIGHBOUR,)),
        Row("make a gateway", owner, "appmesh:CreateVirtualGateway", (gateway,)),
        Row(
            "lead a gateway to a service",
            owner,
            "appmesh:CreateGatewayRoute",
            (f"{gateway}/gatewayRoute/all", service),
        ),
        Row("change the policy of the mesh", sharer, "appmesh:PutMeshPolicy", (MESH,)),
        Row("take the mesh's share away", sharer, "ram:DeleteResourceShare", (SHARE,), named),
        Row(
            "take another share away",
            None,
            "ram:DeleteResourceShare",
            (SHARE,),
            {"ram:ResourceShareName": "database"},
        ),
    )


def tiers_of(scope: OperatorScope) -> tuple[Tier, ...]:
    """The tiers that the scope's account can have."""
    return TIERS if scope.account == OWNER else TIERS[: TIERS.index("owner")]


def passes(tier: Tier, scope: OperatorScope, row: Row) -> bool:
    """Whether the evaluator lets a tier do what a row says."""
    policy = Policy.parse(operator_document(tier, scope).to_dict(), name=tier)
    caller = Caller(f"arn:aws:iam::{scope.account}:role/{tier}")
    requests = (Request(row.action, each, caller, row.context) for each in row.resources)
    return all(evaluate(each, Layers((policy,))).allowed for each in requests)


def table(scope: OperatorScope) -> str:
    """The table as Markdown."""
    tiers = tiers_of(scope)
    lines = [f"| | {' | '.join(tiers)} |", "|---|" + "---|" * len(tiers)]
    for row in rows(scope.account):
        cells = ("yes" if passes(tier, scope, row) else "no" for tier in tiers)
        lines.append(f"| {row.what} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
