"""Whether policies allow a call to a service: the caller's own, the network's and the service's.

All that apply must allow, and none deny. The network's and the service's auth policies apply where
the auth type is AWS_IAM; one that is missing then allows nothing. A caller who did not sign has no
policies, so both auth policies must admit anybody.
Source: VPC Lattice user guide, "How authorization works". Inferred: where neither asks for IAM,
nothing is evaluated, also not for who signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from meshkit.local.services.entities import entity, organization_policies
from meshkit.local.services.errors import ApiError
from meshkit.local.services.simulated import Policies, ReadPolicies
from meshkit.local.services.vpclattice.facts import Facts
from meshkit.local.services.vpclattice.resource import Resource
from meshkit.policy.evaluation import (
    Decision,
    Layers,
    Policy,
    Request,
    Undecidable,
    alone,
    evaluate,
)

Layer = Literal["identity", "boundary", "scp", "network", "service"]
_WORDS: dict[Layer, str] = {
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

    layer: Layer
    reason: str


@dataclass(frozen=True)
class _Guard:
    """A network or a service with auth type AWS_IAM, and its auth policy if it has one."""

    layer: Layer
    policy: Policy | None


@dataclass(frozen=True)
class _Gate:
    """A layer with its decision, None where it has no policy."""

    layer: Layer
    decision: Decision | None


def refusal(facts: Facts) -> Refusal | str:
    """Return what refuses a call, or in words why nothing does.

    An explicit deny is told before a policy that merely does not allow. Raises `Undecidable`.
    """
    guards = [*_guards(facts)]
    if not guards:
        return "neither the service network nor the service has auth type AWS_IAM"
    own = _own_policies(facts)
    attached = (guard.policy for guard in guards if guard.policy)
    request = facts.request([*(own.all() if own else ()), *attached])
    gates = [*_own_gates(request, own), *(_gate(request, guard) for guard in guards)]
    closed = [gate for gate in gates if gate.decision is None or not gate.decision.allowed]
    closed.sort(key=lambda gate: not _denies(gate))
    if closed:
        return Refusal(closed[0].layer, _told(facts, request, closed[0]))
    return f"allowed by {', '.join(_WORDS[gate.layer] for gate in gates)}"


def _guards(facts: Facts) -> Iterator[_Guard]:
    both: tuple[tuple[Layer, Resource], ...] = (
        ("network", facts.network),
        ("service", facts.service),
    )
    for layer, resource in both:
        if resource.values["authType"] == "AWS_IAM":
            document = resource.auth_policy
            policy = Policy.parse(document.text) if document else None
            yield _Guard(layer, policy)


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


def _own_gates(request: Request, own: ReadPolicies | None) -> Iterator[_Gate]:
    if own is not None:
        layers = Layers(own.identity, own.boundary, own.organization)
        decision = evaluate(request, layers)
        yield _Gate(cast("Layer", decision.layer), decision)


def _gate(request: Request, guard: _Guard) -> _Gate:
    return _Gate(guard.layer, alone(request, guard.policy) if guard.policy else None)


def _denies(gate: _Gate) -> bool:
    return gate.decision is not None and gate.decision.outcome == "explicit-deny"


def _told(facts: Facts, request: Request, gate: _Gate) -> str:
    """Return a refusal in AWS's words, and what the evaluator says of it."""
    who = f"User: {facts.signer}" if facts.signer else "User: anonymous"
    what = f"{who} is not authorized to perform: {request.action} on resource: {request.resource}"
    if _denies(gate):
        why = f"with an explicit deny in a {_WORDS[gate.layer]}"
    else:
        why = f"because no {_WORDS[gate.layer]} allows the {request.action} action"
    detail = gate.decision.reason if gate.decision else "there is no auth policy"
    return f"{what} {why} ({detail})"
