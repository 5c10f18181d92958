"""What IAM itself says of a role or of a policy, by its simulations.

IAM also sees what confirmation can't: the service control policies of the organization.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meshkit.inspect.confirm.aws import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshkit.inspect.confirm.aws import Account

_TYPES = {bool: "boolean", str: "string", tuple: "stringList"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What IAM says of one action on one resource."""

    allowed: bool
    why: str
    """Which policies refuse, for people."""
    lacking: tuple[str, ...]
    """Condition keys that a policy asks for and that nobody gave."""


Verdicts = dict[tuple[str, str], Verdict]
"""By action and resource."""


def simulate(
    account: Account,
    role: str,
    actions: Iterable[str],
    resources: Iterable[str],
    context: Mapping[str, str | bool | tuple[str, ...]],
) -> Verdicts | RefusedError:
    """Ask IAM about every action on every resource, or return why it was not to be asked."""
    try:
        results = account.ask_all(
            "iam",
            "simulate_principal_policy",
            "EvaluationResults",
            PolicySourceArn=role,
            ActionNames=list(actions),
            ResourceArns=list(resources),
            ContextEntries=[_entry(name, value) for name, value in context.items()],
        )
    except RefusedError as error:
        return error
    return _verdicts(results)


def simulate_document(
    account: Account,
    document: str,
    action: str,
    resource: str,
    context: Mapping[str, str | bool | tuple[str, ...]],
) -> Verdict:
    """Ask IAM what an identity policy alone says, by ``iam:SimulateCustomPolicy``.

    Raises ``RefusedError``.
    """
    results = account.ask_all(
        "iam",
        "simulate_custom_policy",
        "EvaluationResults",
        PolicyInputList=[document],
        ActionNames=[action],
        ResourceArns=[resource],
        ContextEntries=[_entry(name, value) for name, value in context.items()],
    )
    return _verdicts(results)[action, resource]


def _entry(name: str, value: str | bool | tuple[str, ...]) -> dict[str, Any]:
    if isinstance(value, bool):
        values = ["true" if value else "false"]
    else:
        values = [value] if isinstance(value, str) else list(value)
    return {
        "ContextKeyName": name,
        "ContextKeyValues": values,
        "ContextKeyType": _TYPES[type(value)],
    }


def _verdicts(results: Iterable[dict[str, Any]]) -> Verdicts:
    """The verdict for each resource, which IAM tells below the result of the action.

    Source: IAM API Reference, EvaluationResult: what a condition lacks stands there alone.
    """
    found: Verdicts = {}
    for result in results:
        parts = result.get("ResourceSpecificResults") or [result]
        for part in parts:
            told = {**result, **part}
            found[told["EvalActionName"], told["EvalResourceName"]] = _verdict(told)
    return found


def _verdict(result: dict[str, Any]) -> Verdict:
    decision = result.get("EvalResourceDecision") or result["EvalDecision"]
    lacking = tuple(result.get("MissingContextValues", ()))
    return Verdict(decision == "allowed", _why(result, decision), lacking)


def _why(result: dict[str, Any], decision: str) -> str:
    policies = ", ".join(
        dict.fromkeys(each["SourcePolicyId"] for each in result.get("MatchedStatements", ()))
    )
    if decision == "explicitDeny":
        return f"an explicit deny in {policies or 'a policy that it does not name'}"
    organizations = result.get("OrganizationsDecisionDetail", {})
    if organizations.get("AllowedByOrganizations") is False:
        return "a service control policy of the organization"
    boundary = result.get("PermissionsBoundaryDecisionDetail", {})
    if boundary.get("AllowedByPermissionsBoundary") is False:
        return "the permissions boundary"
    return "no policy that allows it"
