"""Small programs as graphs: roles with policies, meshes that are shared."""

from __future__ import annotations

import json
from typing import Any

from meshkit.graph import Graph, Resource
from meshkit.inspect.proof.case import Case, case_of
from meshkit.inspect.proof.where import nowhere

NETWORK, ORDERS = "111111111111", "222222222222"
READ = "appmesh:StreamAggregatedResources"
MESH = f"arn:aws:appmesh:eu-west-1:{NETWORK}:mesh/shop"
STATEMENT = {"Effect": "Allow", "Action": READ, "Resource": "*"}


def node(name: str, account: str = ORDERS) -> str:
    owner = "" if account == NETWORK else f"@{NETWORK}"
    return f"arn:aws:appmesh:eu-west-1:{account}:mesh/shop{owner}/virtualNode/{name}"


def resource(type_: str, name: str, account: str = ORDERS, /, **inputs: Any) -> Resource:
    return Resource(
        urn=f"urn:pulumi:local::test::{type_}::{name}-{account}",
        type=type_,
        name=name,
        inputs=inputs,
        outputs=inputs,
        account=account,
        source=("__main__.py", len(name)),
    )


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trusting(*principals: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    return document({**statement, "Principal": {"Service": list(principals)}})


def role(
    name: str, *statements: dict[str, Any], account: str = ORDERS, **inputs: Any
) -> tuple[Resource, Resource]:
    """A role and its inline policy: of statements, or ``policy`` as it is."""
    policy = inputs.pop("policy", None) or document(*(statements or (STATEMENT,)))
    trust = inputs.pop("trust", trusting("ecs-tasks.amazonaws.com"))
    made = resource("aws:iam/role:Role", name, account, name=name, assumeRolePolicy=trust, **inputs)
    inline = resource(
        "aws:iam/rolePolicy:RolePolicy", f"{name}-policy", account, role=name, policy=policy
    )
    return made, inline


def share(*principals: str) -> list[Resource]:
    """A share of the mesh."""
    arn = f"arn:aws:ram:eu-west-1:{NETWORK}:resource-share/1"
    associated = [
        resource(
            "aws:ram/principalAssociation:PrincipalAssociation",
            f"with-{each}",
            NETWORK,
            resourceShareArn=arn,
            principal=each,
        )
        for each in principals
    ]
    return [
        resource("aws:ram/resourceShare:ResourceShare", "shop", NETWORK, name="shop", arn=arn),
        resource(
            "aws:ram/resourceAssociation:ResourceAssociation",
            "shop-mesh",
            NETWORK,
            resourceShareArn=arn,
            resourceArn=MESH,
        ),
        *associated,
    ]


def case(*resources: Resource) -> Case:
    return case_of(Graph(resources), (), nowhere)
