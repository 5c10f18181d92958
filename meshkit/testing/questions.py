"""May a role do something: yes, no, or that it can't be told, which is never one of the two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meshkit.inspect.proof.reading import request_context
from meshkit.policy.evaluation import Caller, Request, Undecidable, evaluate
from meshkit.policy.pattern import pattern_of
from meshkit.testing.errors import Unanswerable
from meshkit.topology.stream import STREAM_ACTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.proof.subject import Subject
    from meshkit.policy.evaluation import Decision, Layers, Policy
    from meshkit.policy.evaluation.request import Value

_REGION = 3
_ACCOUNT = 4


def decide(
    subject: Subject,
    action: str,
    resource: str,
    *,
    context: Mapping[str, Value],
    resource_policy: Policy | None,
) -> Decision:
    """Whether a role may do an action on a resource.

    ``context`` are condition keys. A proxy connects only as an endpoint of its own account, so that
    nobody reads the configuration of a foreign one. Raises ``Unanswerable`` where a policy, a
    condition key, or the policy of a foreign resource decides and is not known.
    """
    parts = resource.split(":", 5)
    region, owner = (parts[_REGION], parts[_ACCOUNT]) if len(parts) == 6 else ("", "")
    account = subject.identity.account or ""
    own = owner in ("", account)
    request = Request(
        action,
        resource,
        Caller(subject.arn),
        {**request_context(owner or account, region), **context},
        complete=False,
    )
    layers = _named(subject)
    whole = replace(layers, resource=resource_policy, same_account=own)
    decision = _evaluated(request, whole)
    told = f"{subject.arn} and {action} on {resource}"
    if decision.outcome == "explicit-deny":
        return decision
    if not subject.complete:
        raise Unanswerable(f"{told}: not all policies of the role are known: {_unknown(subject)}")
    closed = own or resource_policy is not None or action.lower() == STREAM_ACTION.lower()
    if not closed and _evaluated(request, layers).allowed:
        msg = f"{told}: the resource is of account {owner}; give its policy as resource_policy"
        raise Unanswerable(msg)
    return decision


def require_named(subject: Subject, action: str) -> None:
    """Stops at a question about no resource in particular where a statement names some.

    Nobody may do on ``*`` what is allowed on an ARN, so a no would say nothing.
    """
    for granted in subject.statements():
        patterns = map(pattern_of, granted.statement.actions)
        covered = any(pattern.matches(action.lower()) for pattern in patterns)
        if covered is not granted.statement.not_actions:
            raise Unanswerable(
                f"{subject.arn} may {action} on some resources, by {granted.statement} of policy "
                f"{granted.source.name}; name the resource it is not to be allowed on"
            )


def _named(subject: Subject) -> Layers:
    """The layers of a role, whose policies say what they are called."""
    boundary, source = subject.layers.boundary, subject.identity.boundary
    if boundary is not None and source is not None:
        boundary = replace(boundary, name=source.name)
    policies = tuple(replace(policy, name=each.name) for each, policy in subject.policies)
    return replace(subject.layers, identity=policies, boundary=boundary)


def _evaluated(request: Request, layers: Layers) -> Decision:
    try:
        return evaluate(request, layers)
    except Undecidable as error:
        told = f"{request.action} on {request.resource}"
        raise Unanswerable(f"{told}: {error}; give what is missing as context") from None


def _unknown(subject: Subject) -> str:
    if not subject.identity.made:
        return "the program does not make it"
    return "; ".join(unknown.message for unknown in subject.unknowns)
