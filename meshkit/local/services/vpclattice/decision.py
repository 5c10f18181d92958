"""Whether policies allow a call to a service, in AWS's words.

The rule is that of `meshkit.policy.invocation`; here it meets what is deployed.
"""

from __future__ import annotations

from dataclasses import dataclass

from meshkit.local.services.entities import entity, organization_policies
from meshkit.local.services.errors import ApiError
from meshkit.local.services.simulated import Policies, ReadPolicies
from meshkit.local.services.vpclattice.facts import Facts
from meshkit.local.services.vpclattice.resource import Resource
from meshkit.policy.evaluation import Layers, Policy, Request, Undecidable
from meshkit.policy.invocation import Gate, Guard, InvokeLayer, gates, refusing

_WORDS: dict[InvokeLayer, str] = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "scp": "service control policy",
    "network": "network-based policy",
    "service": "service-based policy",
}
"""What a refusal of AWS calls each layer; that of the network is inferred."""


@dataclass(frozen=True)
class Refusal:
    """What refuses a call, and why."""

    layer: InvokeLayer
    reason: str


def refusal(facts: Facts) -> Refusal | str:
    """Return what refuses a call, or in words why nothing does. Raises `Undecidable`."""
    network, service = _guard(facts.network), _guard(facts.service)
    if network.auth_type == service.auth_type == "NONE":
        return "neither the service network nor the service has auth type AWS_IAM"
    own = _own_policies(facts)
    policies = (*(own.all() if own else ()), network.policy, service.policy)
    request = facts.request([each for each in policies if each])
    layers = Layers(own.identity, own.boundary, own.organization) if own else None
    found = gates(request, layers, network=network, service=service)
    closed = refusing(found)
    if closed is not None:
        return Refusal(closed.layer, _told(facts, request, closed))
    return f"allowed by {', '.join(_WORDS[gate.layer] for gate in found)}"


def _guard(resource: Resource) -> Guard:
    """Return what guards a network or service; without AWS_IAM its policy has no effect."""
    if resource.values["authType"] != "AWS_IAM":
        return Guard("NONE")
    document = resource.auth_policy
    return Guard("AWS_IAM", Policy.parse(document.text) if document else None)


def _own_policies(facts: Facts) -> ReadPolicies | None:
    """Return the policies of who signed; raise `Undecidable` for somebody unknown."""
    if facts.signer is None:
        return None
    account = facts.signer.split(":")[4]
    try:
        found = entity(facts.signer, account, facts.partition)
        organization = organization_policies(account, facts.partition)
        return Policies(found.policies, found.boundary, organization).read()
    except ApiError as error:
        raise Undecidable(f"{facts.signer}: {error.message}") from None


def _told(facts: Facts, request: Request, gate: Gate) -> str:
    """Return a refusal in AWS's words, and what the evaluator says of it."""
    who = f"User: {facts.signer}" if facts.signer else "User: anonymous"
    what = f"{who} is not authorized to perform: {request.action} on resource: {request.resource}"
    if gate.denies:
        why = f"with an explicit deny in a {_WORDS[gate.layer]}"
    else:
        why = f"because no {_WORDS[gate.layer]} allows the {request.action} action"
    detail = gate.decision.reason if gate.decision else "there is no auth policy"
    return f"{what} {why} ({detail})"
