"""A policy of people who shift weights, and what it lets pass."""

from meshkit import PolicyDocument, Statement
from meshkit.policy.evaluation import Request

MESH = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
ROUTE = f"{MESH}/virtualRouter/catalog/route/canary"

# --8<-- [start:document]
router = PolicyDocument(
    (
        Statement(
            sid="ShiftWeights",
            actions=("appmesh:DescribeRoute", "appmesh:UpdateRoute"),
            resources=(ROUTE, f"{MESH}/virtualNode/catalog-v*"),
            conditions={"Bool": {"aws:MultiFactorAuthPresent": ("true",)}},
        ),
    ),
    name="router",
).require_sound()

for answer in router.check(
    [
        Request("appmesh:UpdateRoute", ROUTE, context={"aws:MultiFactorAuthPresent": "true"}),
        Request("appmesh:UpdateRoute", ROUTE),
        Request("appmesh:DeleteRoute", ROUTE, context={"aws:MultiFactorAuthPresent": "true"}),
    ]
):
    print(answer.allowed, answer.reason)
# --8<-- [end:document]
