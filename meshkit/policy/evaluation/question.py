"""What the statements of policies say about one caller, one action and some resources."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from meshkit.policy.evaluation.condition import all_of, attempt
from meshkit.policy.evaluation.context import Context
from meshkit.policy.evaluation.errors import Undecidable
from meshkit.policy.evaluation.principal import Grant
from meshkit.policy.evaluation.span import NOWHERE, Span
from meshkit.policy.pattern import pattern_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshkit.policy.evaluation.policy import Policy
    from meshkit.policy.evaluation.request import Caller, Value
    from meshkit.policy.evaluation.resources import Resources
    from meshkit.policy.evaluation.statement import Effect, Statement
    from meshkit.policy.evaluation.template import Template

_NAME_PART = 5
"""Colons before the part of an ARN in which IAM takes variables."""


class Question:
    """One caller, one action, some resources, one set of condition keys."""

    def __init__(
        self,
        action: str,
        resources: Resources,
        caller: Caller | None,
        context: Mapping[str, Value],
        *,
        complete: bool = True,
    ) -> None:
        self.resources = resources
        self.everything = Span(resources.all, resources.all)
        self.doubts: list[Undecidable] = []
        """Why something is not known, in the order in which that came up."""
        self._action = action.lower()
        self._caller = caller
        self._context = Context(context, caller, complete=complete)

    def said(self, policies: Iterable[Policy], effect: Effect) -> Span:
        """Where policies of the caller's side have a statement of this effect that applies."""
        found = NOWHERE
        for policy in policies:
            for statement in policy.statements:
                if statement.effect == effect:
                    found |= self.covers(policy, statement)[1]
        return found

    def granted(self, policies: Iterable[Policy], effect: Effect) -> dict[Grant, Span]:
        """Where policies of a resource have such a statement, by how far an Allow reaches."""
        found = dict.fromkeys(Grant, NOWHERE)
        for policy in policies:
            for statement in policy.statements:
                if statement.effect == effect:
                    grant, span = self.covers(policy, statement, attached=True)
                    found[grant] |= span
        return found

    def covers(
        self, policy: Policy, statement: Statement, *, attached: bool = False
    ) -> tuple[Grant, Span]:
        """Where one statement applies; ``attached`` says that its policy is a resource's."""
        if self._about(statement) is statement.not_actions:
            return Grant.DIRECT, NOWHERE
        doubts: list[Undecidable] = []
        grant: Grant | None = Grant.DIRECT
        try:
            grant = self._grant(statement, attached=attached)
        except Undecidable as error:
            doubts.append(error)
        mask = self._mask(statement, doubts) if grant else 0
        if not grant or not mask or not self._holds(statement, doubts):
            return Grant.DIRECT, NOWHERE
        self.doubts += (Undecidable(f"{_place(policy, statement)}: {each}") for each in doubts)
        return grant, Span(0 if doubts else mask, mask)

    def failed(self, statement: Statement) -> str | None:
        """The condition for which a statement does not apply that otherwise would."""
        if self._about(statement) is statement.not_actions or not self._mask(statement, []):
            return None
        for condition in statement.conditions:
            if attempt(partial(condition.holds, self._context)) is False:
                return f"{condition.name} on {condition.key}"
        return None

    def _about(self, statement: Statement) -> bool:
        return any(_is_like(pattern, self._action) for pattern in statement.actions)

    def _grant(self, statement: Statement, *, attached: bool) -> Grant | None:
        principals = statement.principals
        if attached != (principals is not None):
            raise Undecidable(
                "a statement of a resource-based policy needs a Principal"
                if attached
                else "a statement of an identity's policy has no Principal"
            )
        return Grant.DIRECT if principals is None else principals.grant(self._caller)

    def _mask(self, statement: Statement, doubts: list[Undecidable]) -> int:
        """The resources that a statement names."""
        if statement.resources is None:
            return self.resources.all
        mask, lacking = 0, None
        for each in statement.resources:
            try:
                pattern = _checked(each).resolve(self._context)
            except Undecidable as error:
                doubts.append(error)
                return self.resources.all
            if pattern is None:
                lacking = each
            else:
                mask |= self.resources.matching(pattern)
        if statement.not_resources:
            mask = self.resources.all & ~mask
        if lacking is not None:
            doubts.append(Undecidable(f'the request lacks what "{lacking.text}" stands for'))
        return mask

    def _holds(self, statement: Statement, doubts: list[Undecidable]) -> bool:
        """Whether the conditions may hold."""
        if not statement.conditions:
            return True
        tests = [partial(each.holds, self._context) for each in statement.conditions]
        answer = attempt(lambda: all_of(tests))
        if not isinstance(answer, bool):
            doubts.append(answer)
        return answer is not False


@lru_cache(maxsize=65536)
def _is_like(pattern: str, action: str) -> bool:
    return pattern_of(pattern).matches(action)


def _checked(each: Template) -> Template:
    if each.constant is None and each.text.partition("${")[0].count(":") < _NAME_PART:
        raise Undecidable(f'"{each.text}" has a variable before the last part of the ARN')
    return each


def _place(policy: Policy, statement: Statement) -> str:
    return f"{policy.name}, {statement}" if policy.name else str(statement)
