"""What people change by hand in what is deployed on VPC Lattice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from meshkit.graph import Graph
from tests.inspect.proof.lattice_programs import INVOKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.graph import Resource

AUTH_POLICY = "aws:vpclattice/authPolicy:AuthPolicy"


def edited(type_: str, name: str, change: Callable[[Resource], Resource]) -> Any:
    """Changes the only resource of a type whose name in the program ends in a text."""

    def edit(graph: Graph) -> Graph:
        found = [each for each in graph.of_type(type_) if each.name.endswith(name)]
        assert len(found) == 1, [each.name for each in found]
        return Graph(tuple(change(each) if each is found[0] else each for each in graph))

    return edit


def having(**inputs: Any) -> Callable[[Resource], Resource]:
    return lambda resource: replace(
        resource,
        inputs={**resource.inputs, **inputs},
        outputs={**resource.outputs, **inputs},
    )


def policy_of(name: str, change: Callable[[list[dict[str, Any]]], object]) -> Any:
    """Changes the statements of an auth policy."""

    def rewritten(resource: Resource) -> Resource:
        policy = json.loads(str(resource.inputs["policy"]))
        change(policy["Statement"])
        return having(policy=json.dumps(policy))(resource)

    return edited(AUTH_POLICY, name, rewritten)


def of_service(name: str, statement: dict[str, Any]) -> Any:
    """Adds a statement to the auth policy of a service."""
    return policy_of(f"auth-{name}", lambda found: found.append(statement))


def of_network(statement: dict[str, Any]) -> Any:
    """Adds a statement to the auth policy of the network."""
    return policy_of("shop-auth", lambda found: found.append(statement))


def removed(type_: str, name: str) -> Any:
    def edit(graph: Graph) -> Graph:
        kept = tuple(each for each in graph if each.type != type_ or not each.name.endswith(name))
        assert len(kept) == len(graph) - 1
        return Graph(kept)

    return edit


def admitting(principal: Any, **conditions: Any) -> dict[str, Any]:
    found = {"Effect": "Allow", "Principal": principal, "Action": INVOKE, "Resource": "*"}
    return {**found, "Condition": conditions} if conditions else found


def pinned(*arns: str) -> dict[str, Any]:
    return admitting("*", StringEquals={"aws:PrincipalArn": list(arns)})
