"""The policies that decide on a request, by what they are to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.policy.evaluation.policy import Policy
    from meshkit.policy.evaluation.statement import Statement

Layer = Literal["identity", "boundary", "scp", "session", "resource", "trust"]
ATTACHED: tuple[Layer, ...] = ("resource", "trust")
"""Those whose policies belong to a resource and name principals."""
Outcome = Literal["allow", "explicit-deny", "implicit-deny"]


@dataclass(frozen=True)
class Layers:
    """All policies that apply to a caller and a resource."""

    identity: tuple[Policy, ...] = ()
    """Inline and attached policies of the role or user, and of a user's groups."""
    boundary: Policy | None = None
    scps: tuple[tuple[Policy, ...], ...] = ()
    """Service control policies, a tuple for each level from the organization's root to the account;
    each level must allow. None for service-linked roles and in the management account, which they
    do not limit.
    """
    session: tuple[Policy, ...] | None = None
    """The policies passed when the session began; ``None``, unlike none of them, limits nothing."""
    resource: Policy | None = None
    same_account: bool = True
    """Whether the resource belongs to the caller's account."""

    def listed(self) -> Iterator[tuple[Layer, Policy]]:
        """Every policy with its layer."""
        yield from (("scp", policy) for level in self.scps for policy in level)
        yield from (("identity", policy) for policy in self.identity)
        if self.boundary is not None:
            yield "boundary", self.boundary
        yield from (("session", policy) for policy in self.session or ())
        if self.resource is not None:
            yield "resource", self.resource


@dataclass(frozen=True)
class Decision:
    """Whether a request is allowed, and what decided that."""

    outcome: Outcome
    layer: Layer
    """The kind of policy that decided."""
    policy: str
    """The name of the policy that decided; empty where none of several did, or it has none."""
    statement: Statement | None
    """The deciding statement; ``None`` for an implicit deny, which is a lack of one."""
    reason: str
    """One sentence for people."""

    @property
    def allowed(self) -> bool:
        """Whether the request may be made."""
        return self.outcome == "allow"
