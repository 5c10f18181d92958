"""Whether a call of a service of VPC Lattice passes, and which layer refuses it.

The caller's own policies, the auth policy of the network and that of the service must all allow;
unlike elsewhere, that holds within one account too. A caller without an identity has no policies of
its own, so only the auth policies decide. Source: VPC Lattice user guide, how authorization works.
Inferred: where neither asks for IAM, nothing is evaluated, also not for who signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from meshkit.policy.evaluation import evaluate
from meshkit.policy.evaluation.alone import attached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.policy.evaluation import Decision, Layers, Policy, Request

InvokeLayer = Literal["identity", "boundary", "scp", "network", "service"]
AuthType = Literal["NONE", "AWS_IAM"]


@dataclass(frozen=True)
class Guard:
    """What guards a network or a service."""

    auth_type: AuthType
    policy: Policy | None = None
    """Without one, ``AWS_IAM`` lets nobody in."""


@dataclass(frozen=True)
class Gate:
    """A layer that a call has to pass."""

    layer: InvokeLayer
    decision: Decision | None
    """``None`` where there is no policy, which lets nobody in."""

    @property
    def open(self) -> bool:
        """Whether it lets the call pass."""
        return self.decision is not None and self.decision.allowed

    @property
    def denies(self) -> bool:
        """Whether a policy forbids the call, and does not merely fail to allow it."""
        return self.decision is not None and self.decision.outcome == "explicit-deny"

    @property
    def reason(self) -> str:
        """One sentence for people."""
        if self.decision is None:
            return f"the {self.layer} has auth type AWS_IAM and no auth policy"
        return self.decision.reason


def gates(
    request: Request, caller: Layers | None, *, network: Guard, service: Guard
) -> tuple[Gate, ...]:
    """All that a call has to pass, the caller's own policies first.

    ``request`` has the caller, the action, the service's ARN with the path, and the condition keys;
    ``caller`` the policies of its role, ``None`` for a caller without an identity. Raises
    ``Undecidable`` where the answer depends on something unknown.
    """
    both: tuple[tuple[InvokeLayer, Guard], ...] = (("network", network), ("service", service))
    guards = [(layer, guard) for layer, guard in both if guard.auth_type == "AWS_IAM"]
    found: list[Gate] = []
    if guards and caller is not None:
        decision = evaluate(request, caller)
        found.append(Gate(cast("InvokeLayer", decision.layer), decision))
    for layer, guard in guards:
        policy = guard.policy
        found.append(Gate(layer, attached(request, policy, "resource") if policy else None))
    return tuple(found)


def refusing(found: Sequence[Gate]) -> Gate | None:
    """The gate that refuses a call, ``None`` for a call that passes.

    One that denies goes before one that merely does not allow.
    """
    closed = [gate for gate in found if not gate.open]
    return min(closed, key=lambda gate: not gate.denies, default=None)
