"""Whether a call of a service of VPC Lattice passes, and which layer refuses it.

The caller's own policies, the auth policy of the network and that of the service must all allow;
unlike elsewhere, that holds within one account too. A caller without an identity has no policies of
its own, so only the auth policies decide. Source: VPC Lattice user guide, how authorization works.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from meshkit.policy.evaluation import evaluate
from meshkit.policy.evaluation.alone import attached

if TYPE_CHECKING:
    from meshkit.policy.evaluation import Layers, Policy, Request

InvokeLayer = Literal["identity", "network", "service"]


@dataclass(frozen=True)
class Guard:
    """What guards a network or a service."""

    auth_type: Literal["NONE", "AWS_IAM"]
    policy: Policy | None = None
    """Without one, ``AWS_IAM`` lets nobody in."""


@dataclass(frozen=True)
class Invocation:
    """The answer to a call."""

    allowed: bool
    layer: InvokeLayer | None
    """The layer that refuses it, the caller's first."""
    reason: str
    """One sentence for people."""


def invoke(
    request: Request, caller: Layers | None, *, network: Guard, service: Guard
) -> Invocation:
    """Decide on a call.

    ``request`` has the caller, the action, the service's ARN with the path, and the condition keys;
    ``caller`` the policies of its role, ``None`` for a caller without an identity. Raises
    ``Undecidable`` where the answer depends on something unknown.
    """
    if caller is not None:
        own = evaluate(request, caller)
        if not own.allowed:
            return Invocation(False, "identity", own.reason)
    layers: tuple[tuple[InvokeLayer, Guard], ...] = (("network", network), ("service", service))
    for layer, guard in layers:
        refused = _refused(request, guard)
        if refused is not None:
            return Invocation(False, layer, f"{layer}: {refused}")
    return Invocation(True, None, f"{request.action} on {request.resource} is allowed")


def _refused(request: Request, guard: Guard) -> str | None:
    if guard.auth_type == "NONE":
        return None
    if guard.policy is None:
        return "AWS_IAM without an auth policy lets nobody in"
    decision = attached(request, guard.policy, "resource")
    return None if decision.allowed else decision.reason
