"""Policies and their statements, as they are evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.policy.evaluation.condition import Condition
    from meshkit.policy.evaluation.principal import Principals
    from meshkit.policy.evaluation.template import Template

Effect = Literal["Allow", "Deny"]


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement of a policy."""

    index: int
    """Its place in the policy, from 0."""
    effect: Effect
    actions: tuple[str, ...]
    resources: tuple[Template, ...] | None = None
    """``None`` where it names none, as those of a trust policy: then it is about any."""
    sid: str | None = None
    principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()
    not_actions: bool = False
    """Whether it is about all actions but these."""
    not_resources: bool = False
    """Whether it is about all resources but these."""
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The statement as it was given."""

    def __str__(self) -> str:
        return f'statement "{self.sid}"' if self.sid else f"statement {self.index + 1}"
