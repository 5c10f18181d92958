"""A question put to all policies that apply to it: where it is allowed, and where denied.

Source: IAM User Guide, Policy evaluation logic: how AWS enforcement code logic evaluates requests
to allow or deny access, and Cross-account policy evaluation logic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from meshkit.policy.evaluation.errors import Undecidable
from meshkit.policy.evaluation.layers import ATTACHED, Layer, Layers
from meshkit.policy.evaluation.principal import Grant
from meshkit.policy.evaluation.span import NOWHERE, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.policy.evaluation.policy import Policy
    from meshkit.policy.evaluation.question import Question
    from meshkit.policy.evaluation.request import Caller


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that must be true for a request to be allowed."""

    layer: Layer
    policies: tuple[Policy, ...]
    """Those that could have said so."""
    open: Span


@dataclass(frozen=True)
class Case:
    """A question with the policies that decide it."""

    question: Question
    policies: tuple[tuple[Layer, Policy], ...]
    gates: tuple[Gate, ...]
    """What must be true, in the order in which a refusal is told."""
    granting: tuple[Layer, ...]
    """Whose Allow can be what allows it."""

    @cached_property
    def denied(self) -> Span:
        """Where some policy denies explicitly."""
        own = (policy for layer, policy in self.policies if layer not in ATTACHED)
        attached = (policy for layer, policy in self.policies if layer in ATTACHED)
        found = self.question.said(own, "Deny")
        return reduce(or_, self.question.granted(attached, "Deny").values(), found)

    @cached_property
    def allowed(self) -> Span:
        """Where every gate is open and nothing denies."""
        opened = (gate.open for gate in self.gates)
        return reduce(and_, opened, self.question.everything).without(self.denied)


def case_of(question: Question, layers: Layers, caller: Caller | None) -> Case:
    """The case of a caller that has policies, or of a service or a stranger that has none."""
    attached = (layers.resource,) if layers.resource else ()
    grants = question.granted(attached, "Allow")
    anyhow = Gate("resource", attached, reduce(or_, grants.values()))
    gates = [Gate("scp", each, question.said(each, "Allow")) for each in layers.scps]
    granting: tuple[Layer, ...] = ("resource",)
    if caller is not None and caller.kind != "AWS":
        gates.append(anyhow)
    else:
        granting = ("identity", "resource")
        gates += _own(question, layers, caller, grants)
        if not layers.same_account:
            gates.append(anyhow)
    return Case(question, tuple(layers.listed()), tuple(gates), granting)


def _own(
    question: Question, layers: Layers, caller: Caller | None, grants: dict[Grant, Span]
) -> Iterator[Gate]:
    """The caller's own side, past which a resource-based policy of the same account may lead.

    The root of an account needs no policy for what is its own.
    """
    direct, limited = NOWHERE, NOWHERE
    if layers.same_account:
        direct, limited = grants[Grant.DIRECT], grants[Grant.LIMITED]
        if grants[Grant.UNCLEAR].maybe:
            direct |= Span(0, grants[Grant.UNCLEAR].maybe)
            why = "AWS does not say how far an Allow with NotPrincipal reaches"
            question.doubts.append(Undecidable(why))
    root = caller is not None and caller.identity.type == "root"
    identity = question.everything if root else question.said(layers.identity, "Allow")
    yield Gate("identity", layers.identity, identity | limited | direct)
    if layers.boundary is not None:
        boundary = (layers.boundary,)
        yield Gate("boundary", boundary, question.said(boundary, "Allow") | direct)
    if layers.session is not None:
        yield Gate("session", layers.session, question.said(layers.session, "Allow") | direct)
