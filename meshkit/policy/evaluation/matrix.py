"""Which of many roles may do something to which of many resources.

Conditions, variables and principals are looked at once a role. Resources are bits of a number, so
that a statement costs one look-up for each resource it names, however many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.policy.evaluation.case import case_of
from meshkit.policy.evaluation.errors import Undecidable
from meshkit.policy.evaluation.question import Question
from meshkit.policy.evaluation.request import Caller
from meshkit.policy.evaluation.resources import Resources

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

    from meshkit.policy.evaluation.layers import Layers
    from meshkit.policy.evaluation.request import Value


def matrix(
    action: str,
    layers: Mapping[str, Layers],
    resources: Sequence[str],
    context: Mapping[str, Value] | None = None,
    *,
    complete: bool = True,
    undecided: MutableMapping[str, Undecidable] | None = None,
) -> Mapping[str, frozenset[str]]:
    """For each role, by its ARN, the resources on which it may do the action.

    The same as ``evaluate`` for each pair, with the role as caller. Where a role can't be decided
    for some resource it raises ``Undecidable``, or with ``undecided`` puts the error there and
    keeps the resources that are sure.
    """
    among = Resources(resources)
    found: dict[str, frozenset[str]] = {}
    for role, policies in layers.items():
        caller = Caller(role)
        question = Question(action, among, caller, context or {}, complete=complete)
        allowed = case_of(question, policies, caller).allowed
        found[role] = among.named(allowed.sure)
        if allowed.open and undecided is None:
            raise question.doubts[0]
        if allowed.open and undecided is not None:
            undecided[role] = question.doubts[0]
    return found
