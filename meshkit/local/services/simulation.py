"""``iam:SimulateCustomPolicy`` and ``iam:SimulatePrincipalPolicy``, by the evaluator.

Source: IAM API Reference of both. The samples there give "IAM Policy" and "Resource Policy" as the
type of a policy, which are no values of the model's enumeration; answers have the samples' words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshkit.local.services import paging
from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.entities import Source, entity, organization_policies
from meshkit.local.services.errors import ApiError
from meshkit.local.services.positions import line_and_column, statement_spans
from meshkit.local.services.simulated import Policies, required_keys
from meshkit.policy.evaluation import Caller, Decision, Layers, Request, Undecidable, evaluate
from meshkit.policy.evaluation.request import Value

PAGE_SIZE = 100
"""Results of a page where the caller asks for no number. Source: IAM API, MaxItems."""
EVERYTHING = "*"
"""What is simulated where no resource is named."""
_ACCOUNT = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(?P<account>\d{12}):")
_DECISIONS = {"allow": "allowed", "explicit-deny": "explicitDeny", "implicit-deny": "implicitDeny"}
_NOT_SIMULATED = ("PolicyExclusionList", "ResourceHandlingOption")


def simulate_custom_policy(call: Call) -> dict[str, Any]:
    """Simulate policies that are given as texts."""
    params = call.params
    levels = params.get("OrderedOrganizationPolicyInputList")
    policies = Policies(
        identity=_inputs("PolicyInputList", params),
        boundary=_one_boundary(params),
        organization=None if levels is None else tuple(_levels(levels)),
        resource=_resource_policy(params),
    )
    caller = Caller(params["CallerArn"]) if "CallerArn" in params else None
    return _simulated(call, policies, caller)


def simulate_principal_policy(call: Call) -> dict[str, Any]:
    """Simulate the policies of a user, group or role, and more that are given as texts."""
    params = call.params
    found = entity(params["PolicySourceArn"], call.account, call.partition)
    if "ResourcePolicy" in params and found.kind == "role":
        message = "Simulation of resource-based policies isn't supported for IAM roles."
        raise ApiError("InvalidInput", message)
    policies = Policies(
        identity=(*found.policies, *_inputs("PolicyInputList", params)),
        boundary=_one_boundary(params) or found.boundary,
        organization=organization_policies(call.account, call.partition),
        resource=_resource_policy(params),
    )
    source = None if found.kind == "group" else Caller(found.arn)
    caller = Caller(params["CallerArn"]) if "CallerArn" in params else source
    return _simulated(call, policies, caller)


OPERATIONS: dict[str, Handler] = {
    "SimulateCustomPolicy": simulate_custom_policy,
    "SimulatePrincipalPolicy": simulate_principal_policy,
}


def _simulated(call: Call, policies: Policies, caller: Caller | None) -> dict[str, Any]:
    params = call.params
    for name in _NOT_SIMULATED:
        if name in params:
            message = f"The local cloud does not have {name} of {call.operation}."
            raise ApiError("NotImplemented", message)
    simulation = _Simulation(policies, caller, params)
    pairs = [
        (number, action, resource) for number, (action, resource) in enumerate(simulation.pairs())
    ]
    limit = params.get("MaxItems", PAGE_SIZE)
    try:
        shown, marker = paging.page(
            pairs, lambda pair: f"{pair[0]:09}", limit, params.get("Marker")
        )
    except paging.BadTokenError:
        raise ApiError("InvalidInput", "Invalid Marker.") from None
    answer: dict[str, Any] = {
        "EvaluationResults": [simulation.result(*pair[1:]) for pair in shown],
        "IsTruncated": marker is not None,
    }
    return answer | ({"Marker": marker} if marker else {})


class _Simulation:
    """Policies, a caller and a context; asked about one action on one resource at a time."""

    def __init__(
        self, policies: Policies, caller: Caller | None, params: Mapping[str, Any]
    ) -> None:
        self._policies = policies
        self._read = policies.read()
        self._caller = caller
        self._params = params
        given = _context(params.get("ContextEntries", ()))
        known = {name.lower() for name in given}
        self._lacking = [key for key in required_keys(self._read.all()) if key.lower() not in known]
        # A key that nobody gave is absent from the request, not unknown.
        self._context: dict[str, Value] = {**dict.fromkeys(self._lacking, ()), **given}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every action on every resource."""
        for action in self._params["ActionNames"]:
            for resource in self._params.get("ResourceArns", (EVERYTHING,)):
                yield action, resource

    def result(self, action: str, resource: str) -> dict[str, Any]:
        """The result of one simulation, as the answer shows it."""
        request = Request(action, resource, self._caller, self._context)
        layers = self._layers(resource)
        decision = _decided(request, layers)
        outcome = _DECISIONS[decision.outcome]
        common = {
            "EvalResourceName": resource,
            "MatchedStatements": [*self._matched(request, layers, decision)],
            **self._details(request),
        }
        lacking: dict[str, Any] = {"MissingContextValues": self._lacking}
        result = {"EvalActionName": action, "EvalDecision": outcome, **common}
        if self._policies.organization is not None:
            scps = Layers(identity=self._read.everything, scps=layers.scps)
            allowed = _decided(request, scps).allowed
            result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": allowed}
        if resource == EVERYTHING:
            return result | lacking
        # What lacks stands with the resource where one is named.
        specific = {"EvalResourceDecision": outcome, **common, **lacking}
        return result | {
            "MissingContextValues": [],
            "EvalDecisionDetails": {},
            "ResourceSpecificResults": [specific],
        }

    def _layers(self, resource: str) -> Layers:
        own = self._caller.account if self._caller else None
        found = _ACCOUNT.match(self._params.get("ResourceOwner", "")) or _ACCOUNT.match(resource)
        return Layers(
            identity=self._read.identity,
            boundary=self._read.boundary,
            scps=self._read.organization,
            resource=self._read.resource,
            same_account=found is None
            or own is None
            or found["account"] == own
            or self._read.resource is None,
        )

    def _details(self, request: Request) -> dict[str, Any]:
        if self._read.boundary is None:
            return {}
        allowed = _decided(request, Layers(identity=(self._read.boundary,))).allowed
        return {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": allowed}}

    def _matched(self, request: Request, layers: Layers, decision: Decision) -> Iterator[Any]:
        """The statement that denies, or of each policy one that allows."""
        if decision.outcome == "explicit-deny":
            yield self._statement(decision)
        if not decision.allowed:
            return
        for policy in layers.identity:
            alone = _decided(request, Layers(identity=(policy,)))
            if alone.allowed:
                yield self._statement(alone)
        if decision.layer == "resource":
            yield self._statement(decision)

    def _statement(self, decision: Decision) -> dict[str, Any]:
        kind = "Resource Policy" if decision.layer == "resource" else "IAM Policy"
        matched = {"SourcePolicyId": decision.policy, "SourcePolicyType": kind}
        if decision.statement is None:
            return matched
        text = self._policies.text(decision.policy)
        span = statement_spans(text)[decision.statement.index]
        return {
            **matched,
            "StartPosition": line_and_column(text, span.start),
            "EndPosition": line_and_column(text, span.end),
        }


def _decided(request: Request, layers: Layers) -> Decision:
    try:
        return evaluate(request, layers)
    except Undecidable as error:
        raise ApiError("PolicyEvaluation", str(error)) from None


def _context(entries: Iterable[Mapping[str, Any]]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for entry in entries:
        values = tuple(entry.get("ContextKeyValues", ()))
        listed = entry.get("ContextKeyType", "string").endswith("List")
        if not listed and len(values) > 1:
            message = f"{entry['ContextKeyName']}: a single-valued type takes one value."
            raise ApiError("InvalidInput", message)
        found[entry["ContextKeyName"]] = values if listed or not values else values[0]
    return found


def _inputs(name: str, params: Mapping[str, Any]) -> tuple[Source, ...]:
    texts = enumerate(params.get(name, ()), start=1)
    return tuple(Source(f"{name}.{number}", text) for number, text in texts)


def _one_boundary(params: Mapping[str, Any]) -> Source | None:
    found = _inputs("PermissionsBoundaryPolicyInputList", params)
    if len(found) > 1:
        raise ApiError("InvalidInput", "Give at most one permissions boundary policy.")
    return found[0] if found else None


def _resource_policy(params: Mapping[str, Any]) -> Source | None:
    text = params.get("ResourcePolicy")
    return None if text is None else Source("ResourcePolicy", text)


def _levels(levels: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Source, ...]]:
    name = "OrderedOrganizationPolicyInputList"
    for number, level in enumerate(levels, start=1):
        texts = enumerate(level.get("ServiceControlPolicyInputList", ()), start=1)
        yield tuple(Source(f"{name}.{number}.{inner}", text) for inner, text in texts)
