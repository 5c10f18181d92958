"""Time to decide which of n roles may read which of n endpoints, against asking for each pair."""

from __future__ import annotations

import json
import random
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.row import Row, compared, paired, timed
from meshkit.graph import Graph, Resource
from meshkit.inspect.proof import prove
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate, matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = ((100, 7), (300, 5), (1_000, 5), (3_000, 3))
MOST = 1 / 50
SAMPLE = 5_000
"""Pairs that are evaluated alone; their time is scaled to all pairs."""
READ = "appmesh:StreamAggregatedResources"
ACCOUNT = "111111111111"
VPC = {"aws:SourceVpc": "vpc-1"}

Roles = dict[str, Layers]


def rows() -> Iterator[Row]:
    for size, rounds in SIZES:
        yield _row("roles, one in ten with more than exact ARNs", _mixed, size, rounds)
    yield _row("roles, each with a wildcard of its own", _wild, 1_000, 3)
    roles, endpoints = _mixed(1_000)
    yield _in_a_second("decide 1,000 x 1,000", partial(matrix, READ, roles, endpoints, VPC))
    for size, _ in SIZES:
        run = partial(prove, _program(size), ())
        yield _in_a_second(f"prove a program of {size:,} roles and {size:,} endpoints", run, size)


def _in_a_second(what: str, work: Callable[[], object], size: int = 1_000) -> Row:
    """Against a second for 1,000 endpoints, and in proportion for others."""
    run = timed(work)
    pairs = [(run(), size / 1_000) for _ in range(6)][1:]
    return compared(what, f"{size:,} endpoints, a thousand in a second", pairs, limit=1)


def _row(what: str, made: Callable[[int], tuple[Roles, list[str]]], size: int, rounds: int) -> Row:
    roles, endpoints = made(size)
    drawn = random.Random(size)
    count = min(SAMPLE, size * size)
    sample = [(drawn.choice(list(roles)), drawn.choice(endpoints)) for _ in range(count)]
    alone = timed(partial(_alone, roles, sample))
    return paired(
        f"decide {size:,} {what}, for {size:,} endpoints",
        f"evaluating each of {size * size:,} pairs ({count:,} measured)",
        timed(partial(matrix, READ, roles, endpoints, VPC)),
        lambda: alone() * size * size / count,
        limit=MOST,
        rounds=rounds,
    )


def _alone(roles: Roles, pairs: list[tuple[str, str]]) -> None:
    for role, endpoint in pairs:
        evaluate(Request(READ, endpoint, Caller(role), VPC), roles[role])


def _mixed(size: int) -> tuple[Roles, list[str]]:
    """Roles as meshes have them, and by hundreds: wildcards, denies, conditions, limits."""
    boundary = _policy(_allow("*"))
    scps = ((boundary,), (_policy(_allow("*"), {**_allow(_node("x*")), "Effect": "Deny"}),))

    def layers(number: int) -> Layers:
        own = _allow(_node(f"n{number}"))
        special = {
            0: (_allow("*"),),
            1: (_allow(_node("n1*")),),
            2: (_allow(_node(f"*{number}")),),
            3: (_allow("*"), {**_allow(_node("n?5")), "Effect": "Deny"}),
            4: ({**own, "Condition": {"StringEquals": VPC}},),
        }.get(number % 50, (own, {**_allow("*"), "Action": "xray:PutTraceSegments"}))
        limits = number % 10 == 9
        return Layers((_policy(*special),), boundary if limits else None, scps if limits else ())

    return {_role(number): layers(number) for number in range(size)}, _endpoints(size)


def _wild(size: int) -> tuple[Roles, list[str]]:
    roles = {
        _role(number): Layers((_policy(_allow(f"arn:aws:appmesh:*:*:mesh/*/n{number}?*")),))
        for number in range(size)
    }
    return roles, _endpoints(size)


def _program(size: int) -> Graph:
    """What a program registers for so many nodes by hand: node, role and policy of each."""
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:*"},
        },
    }
    made = [_resource("aws:appmesh/mesh:Mesh", "shop")]
    for number in range(size):
        name = f"n{number}"
        node = {"meshName": "shop", "meshOwner": ACCOUNT, "spec": {}}
        policy = {"role": name, "policy": _document(_allow(_node(name)))}
        made += (
            _resource("aws:appmesh/virtualNode:VirtualNode", name, **node),
            _resource("aws:iam/role:Role", name, assumeRolePolicy=_document(trust)),
            _resource("aws:iam/rolePolicy:RolePolicy", name, **policy),
        )
    return Graph(tuple(made))


def _resource(type_: str, name: str, **inputs: Any) -> Resource:
    given = {"name": name, **inputs}
    urn = f"urn:pulumi:bench::prove::{type_}::{name}"
    return Resource(
        urn, type_, name, inputs=given, outputs=given, account=ACCOUNT, region="eu-west-1"
    )


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _policy(*statements: dict[str, Any]) -> Policy:
    return Policy.parse(_document(*statements))


def _allow(resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": READ, "Resource": resource}


def _role(number: int) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/mesh/shop-n{number}"


def _node(name: str) -> str:
    return f"arn:aws:appmesh:eu-west-1:{ACCOUNT}:mesh/shop/virtualNode/{name}"


def _endpoints(size: int) -> list[str]:
    return [_node(f"n{number}") for number in range(size)]
