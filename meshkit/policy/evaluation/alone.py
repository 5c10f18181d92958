"""What one policy says by itself."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from meshkit.policy.evaluation.case import Case, Gate
from meshkit.policy.evaluation.evaluate import decided, evaluate
from meshkit.policy.evaluation.layers import Layer, Layers
from meshkit.policy.evaluation.question import Question
from meshkit.policy.evaluation.resources import Resources

if TYPE_CHECKING:
    from meshkit.policy.evaluation.layers import Decision
    from meshkit.policy.evaluation.policy import Policy
    from meshkit.policy.evaluation.request import Request


def alone(request: Request, policy: Policy) -> Decision:
    """Decide on a request by one policy: of an identity, of a resource, or the trust of a role.

    A policy whose statements name principals is a resource's, or a role's trust where none names
    a resource. Raises ``Undecidable``.
    """
    if all(statement.principals is None for statement in policy.statements):
        return evaluate(request, Layers((policy,)))
    trust = all(statement.resources is None for statement in policy.statements)
    return attached(request, policy, "trust" if trust else "resource")


def attached(request: Request, policy: Policy, layer: Layer) -> Decision:
    """Decide by a policy with principals, as far as it goes.

    An account that it names may still have to allow its users and roles to make the request.
    """
    resources = Resources((request.resource,))
    question = Question(
        request.action, resources, request.caller, request.context, complete=request.complete
    )
    grants = question.granted((policy,), "Allow")
    gate = Gate(layer, (policy,), reduce(or_, grants.values()))
    case = Case(question, ((layer, policy),), (gate,), (layer,))
    caller = request.caller.arn if request.caller else None
    what = f"{request.action} to {caller or 'anybody'}"
    return decided(case, what if layer == "trust" else f"{what} on {request.resource}")
