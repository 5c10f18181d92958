"""Whether a request is allowed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.policy.evaluation.case import Case, Gate, case_of
from meshkit.policy.evaluation.layers import ATTACHED, Decision, Layer, Layers
from meshkit.policy.evaluation.question import Question
from meshkit.policy.evaluation.resources import Resources

if TYPE_CHECKING:
    from meshkit.policy.evaluation.policy import Policy
    from meshkit.policy.evaluation.request import Request
    from meshkit.policy.evaluation.statement import Effect, Statement

WORDS: Final[dict[Layer, str]] = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "scp": "service control policy",
    "session": "session policy",
    "resource": "resource-based policy",
    "trust": "role trust policy",
}
"""What AWS calls each layer where it denies access."""


def evaluate(request: Request, layers: Layers) -> Decision:
    """Decide on one request.

    An explicit Deny in any policy wins. Else every level of service control policies must allow;
    so must the identity policies, within permissions boundary and session policies, or in the same
    account the resource-based policy; across accounts both. Raises ``Undecidable`` where the
    answer depends on something unknown. What is surely not allowed is an implicit deny even where
    a Deny is in doubt.
    """
    question = Question(
        request.action,
        Resources((request.resource,)),
        request.caller,
        request.context,
        complete=request.complete,
    )
    case = case_of(question, layers, request.caller)
    return decided(case, f"{request.action} on {request.resource}")


def decided(case: Case, what: str) -> Decision:
    """The decision on a case of one resource, with its reason."""
    if case.denied.sure and (found := _first(case, "Deny")):
        layer, policy, statement = found
        reason = f"{_told(policy, statement, layer)} explicitly denies {what}"
        return Decision("explicit-deny", layer, policy.name, statement, reason)
    if case.allowed.open:
        raise case.question.doubts[0]
    if not case.allowed.sure:
        return _refused(case, next(gate for gate in case.gates if not gate.open.maybe), what)
    found = _first(case, "Allow")
    if found is None:
        reason = f"the root user of the account needs no policy for {what}"
        return Decision("allow", "identity", "", None, reason)
    layer, policy, statement = found
    reason = f"{_told(policy, statement, layer)} allows {what}"
    return Decision("allow", layer, policy.name, statement, reason)


def _first(case: Case, effect: Effect) -> tuple[Layer, Policy, Statement] | None:
    """The first statement that surely applies, of those that can deny or grant."""
    for layer, policy in case.policies:
        if effect == "Allow" and layer not in case.granting:
            continue
        for statement in policy.statements:
            if statement.effect == effect:
                attached = layer in ATTACHED
                if case.question.covers(policy, statement, attached=attached)[1].sure:
                    return layer, policy, statement
    return None


def _refused(case: Case, gate: Gate, what: str) -> Decision:
    reason = f"no {WORDS[gate.layer]} allows {what}"
    for policy in gate.policies:
        for statement in policy.statements:
            failed = case.question.failed(statement) if statement.effect == "Allow" else None
            if failed is not None:
                told = _told(policy, statement, gate.layer)
                reason += f"; {told} would, if its condition {failed} held"
    name = gate.policies[0].name if len(gate.policies) == 1 else ""
    return Decision("implicit-deny", gate.layer, name, None, reason)


def _told(policy: Policy, statement: Statement, layer: Layer) -> str:
    name = f' "{policy.name}"' if policy.name else ""
    return f"{statement} of the {WORDS[layer]}{name}"
