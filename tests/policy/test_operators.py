"""What the tiers of operators may do, decided by the evaluator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from meshkit.policy.operators import TIERS, OperatorScope, operator_document, scope_of
from meshkit.policy.size import INLINE_LIMIT, size
from meshkit.policy.typed import PolicyDocument
from tests.policy.samples import listener, mesh
from tools.operator_table import (
    MESH,
    OTHERS,
    OWNER,
    TEAM,
    Row,
    owner_scope,
    passes,
    rows,
    team_scope,
    tiers_of,
    within,
)

if TYPE_CHECKING:
    from meshkit.config.operator import Tier

SCOPES = (owner_scope(), team_scope())
CELLS = [
    pytest.param(scope, tier, row, id=f"{scope.account}-{tier}-{row.what}")
    for scope in SCOPES
    for row in rows(scope.account)
    for tier in tiers_of(scope)
]
TAGGED = replace(team_scope(), tags={"team": "web"})
NODE = within(TEAM, "virtualNode/web-v1")


@pytest.mark.parametrize(("scope", "tier", "row"), CELLS)
def test_a_tier_may_do_what_the_table_says(scope: OperatorScope, tier: Tier, row: Row) -> None:
    lowest = row.lowest
    expected = lowest is not None and TIERS.index(tier) >= TIERS.index(lowest)

    assert passes(tier, scope, row) is expected


@pytest.mark.parametrize("scope", [*SCOPES, TAGGED], ids=["owner", "team", "tagged"])
def test_every_action_of_a_tier_exists_and_takes_its_resources(scope: OperatorScope) -> None:
    document = operator_document(tiers_of(scope)[-1], scope)

    assert PolicyDocument.parse(document.to_dict()).findings == ()
    assert size(document) <= INLINE_LIMIT


@pytest.mark.parametrize("scope", SCOPES, ids=["owner", "team"])
def test_each_tier_has_all_statements_of_those_before(scope: OperatorScope) -> None:
    before: set[str] = set()
    for tier in tiers_of(scope):
        sids = {each.sid or "" for each in operator_document(tier, scope).statements}
        assert before < sids
        before = sids


@pytest.mark.parametrize("tier", ["owner", "sharer"])
def test_only_the_owners_account_has_the_upper_tiers(tier: Tier) -> None:
    with pytest.raises(MeshkitError, match=f"{tier}: the mesh, its gateways .* of {OWNER}"):
        operator_document(tier, team_scope())


def test_a_router_without_routers_only_looks() -> None:
    scope = replace(team_scope(), routers=())

    assert operator_document("router", scope) == operator_document("viewer", scope)


def allowed(action: str, resource: str, **context: Any) -> bool:
    keys = {
        key.replace("__", ":").replace("_team", "/team"): value for key, value in context.items()
    }
    policy = Policy.parse(operator_document("deployer", TAGGED).to_dict())
    caller = Caller(f"arn:aws:iam::{TEAM}:role/deployer")
    return evaluate(Request(action, resource, caller, keys), Layers((policy,))).allowed


@pytest.mark.parametrize("carried", ["web", "search", None])
@pytest.mark.parametrize(
    "action", ["appmesh:UpdateVirtualNode", "appmesh:DeleteVirtualNode", "appmesh:UntagResource"]
)
def test_with_tags_a_deployer_keeps_only_what_carries_them(
    action: str, carried: str | None
) -> None:
    context = {} if carried is None else {"aws__ResourceTag_team": carried}

    assert allowed(action, NODE, **context) is (carried == "web")


@pytest.mark.parametrize("given", ["web", "search", None])
def test_with_tags_a_deployer_makes_only_what_gets_them(given: str | None) -> None:
    context = {} if given is None else {"aws__RequestTag_team": given}

    assert allowed("appmesh:CreateVirtualNode", NODE, **context) is (given == "web")
    assert allowed("appmesh:TagResource", NODE, **context) is (given == "web")


@pytest.mark.parametrize(
    ("carried", "given", "may"),
    [
        ("web", "web", True),
        ("web", "search", False),  # to give it away
        ("search", "web", False),  # to claim it
        ("web", None, True),  # another tag
    ],
)
def test_a_tag_of_a_team_is_neither_claimed_nor_given_away(
    carried: str, given: str | None, may: bool
) -> None:
    context: dict[str, Any] = {"aws__ResourceTag_team": carried}
    if given is not None:
        context["aws__RequestTag_team"] = given

    assert allowed("appmesh:TagResource", NODE, **context) is may


def test_the_tag_of_the_team_is_never_taken_off() -> None:
    mine = {"aws__ResourceTag_team": "web"}

    assert allowed("appmesh:UntagResource", NODE, aws__TagKeys=("colour",), **mine)
    assert not allowed("appmesh:UntagResource", NODE, aws__TagKeys=("colour", "team"), **mine)


def test_pointing_at_other_accounts_needs_no_tag_of_theirs() -> None:
    assert allowed("appmesh:CreateRoute", within(OTHERS, "virtualNode/search"))


def shop() -> Any:
    node = {"account": "orders", "listeners": [listener()], "service_discovery": {"dns": "a.b"}}
    route = {"http": {"match": {"prefix": "/"}, "targets": {"v1": 90, "v2": 10}}}
    router = {"account": "orders", "listeners": [{"port": 8080, "protocol": "http"}]}
    return mesh(
        nodes={"v1": node, "v2": node, "spare": {**node, "account": "network"}},
        routers={
            "web": {**router, "routes": {"all": route}},
            "quiet": {**router, "routes": {}},
        },
        share={"principals": ["orders"], "name": "mesh-shop"},
    )


def test_the_scope_of_a_mesh_file_has_its_routers_and_their_targets() -> None:
    scope = scope_of(shop(), "orders")

    assert scope.account == TEAM
    assert scope.builders == (OWNER, TEAM)
    assert scope.routers == ("web", "quiet")
    assert scope.targets == (within(TEAM, "virtualNode/v1"), within(TEAM, "virtualNode/v2"))
    assert scope.share_name == "mesh-shop"
    assert scope.mesh_arn == MESH


def test_a_route_of_a_file_leads_to_no_other_node() -> None:
    policy = Policy.parse(operator_document("router", scope_of(shop(), "orders")).to_dict())
    requests = {
        name: Request("appmesh:UpdateRoute", within(account, f"virtualNode/{name}"))
        for name, account in (("v2", TEAM), ("spare", OWNER))
    }

    assert evaluate(requests["v2"], Layers((policy,))).allowed
    assert not evaluate(requests["spare"], Layers((policy,))).allowed


@pytest.mark.parametrize(
    ("account", "routers", "message"),
    [
        ("ordres", None, 'owns nothing in the mesh shop (did you mean "orders"?)'),
        ("orders", ["wbe"], 'account "orders" has no router "wbe" (did you mean "web"?)'),
        ("network", ["web"], 'account "network" has no router "web"'),
    ],
)
def test_a_scope_names_what_is_there(account: str, routers: Any, message: str) -> None:
    with pytest.raises(MeshkitError) as caught:
        scope_of(shop(), account, routers=routers)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"account": "2222"}, '"2222" is no account'),
        ({"builders": ("*",)}, r'"\*" is no account'),
        ({"routers": ("web*",)}, r'"web\*" is no router'),
        ({"mesh_arn": f"{MESH[:-4]}*"}, "of one mesh"),
        ({"mesh_arn": within(OWNER, "virtualNode/a")}, "is no mesh"),
        ({"mesh_arn": MESH.replace("eu-west-1", "*")}, "of one mesh"),
        ({"mesh_arn": "arn:aws:appmesh:eu-west-1:*:mesh/shop"}, r'"\*" is no account'),
    ],
)
def test_a_scope_can_not_be_widened(change: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        replace(team_scope(), **change)
