"""Conditions of a statement, and whether they hold for a request.

Source: IAM User Guide, Conditions with multiple context keys or values; Condition operators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from meshkit.policy.evaluation.errors import Undecidable
from meshkit.policy.evaluation.operators import NULL, OPERATORS, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshkit.policy.evaluation.context import Context
    from meshkit.policy.evaluation.operators import Operator
    from meshkit.policy.evaluation.template import Template
    from meshkit.policy.pattern import Pattern

Qualifier = Literal["ForAllValues", "ForAnyValue"]
QUALIFIERS: tuple[Qualifier, ...] = ("ForAllValues", "ForAnyValue")
_IF_EXISTS = "IfExists"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, one key and the values of the policy."""

    name: str
    """The operator as it is written."""
    key: str
    values: tuple[Template, ...]
    operator: str
    """The operator without qualifier and ``IfExists``."""
    qualifier: Qualifier | None = None
    if_exists: bool = False

    @classmethod
    def of(cls, name: str, key: str, values: tuple[Template, ...]) -> Condition:
        """A condition whose operator is written ``name``."""
        qualifier = next((each for each in QUALIFIERS if name.startswith(f"{each}:")), None)
        operator = name.removeprefix(f"{qualifier}:")
        bare = operator.removesuffix(_IF_EXISTS)
        return cls(name, key, values, bare, qualifier, if_exists=bare != operator)

    def holds(self, context: Context) -> bool:
        """Whether the condition is met. Raises ``Undecidable`` where that can't be told."""
        operator = OPERATORS.get(self.operator)
        if operator is None and self.name != NULL:
            raise Undecidable(f'unknown condition operator "{self.name}"')
        if not self.values:
            raise Undecidable(f'"{self.name}" gives "{self.key}" no value to compare with')
        values = context.values(self.key)
        if operator is None:
            return any_of(partial(_is_null, values, each.text) for each in self.values)
        if not values:
            return self._holds_without(operator)
        if self.qualifier is None and len(values) > 1:
            raise Undecidable(
                f'"{self.key}" has several values, which "{self.name}" compares without '
                "ForAllValues or ForAnyValue"
            )
        tests = (partial(self._compared, value, operator, context) for value in values)
        return all_of(tests) if self.qualifier == "ForAllValues" else any_of(tests)

    def _holds_without(self, operator: Operator) -> bool:
        """What an absent key, or one without a value, makes of the condition."""
        if self.if_exists or self.qualifier == "ForAllValues":
            return True
        return operator.negated and self.qualifier is None

    def _compared(self, value: str, operator: Operator, context: Context) -> bool:
        """Compares one value of the request with all of the policy, of which one must match."""
        patterns = [_pattern(each, operator, context) for each in self.values]
        known = [pattern for pattern in patterns if pattern is not None]
        matched = any_of(partial(operator.compare, value, pattern) for pattern in known)
        held = matched is not operator.negated
        if held and len(known) < len(patterns):
            unresolved = self.values[patterns.index(None)].text
            raise Undecidable(f'the request lacks what "{unresolved}" stands for')
        return held


def _pattern(each: Template, operator: Operator, context: Context) -> Pattern | None:
    if operator.variables or each.constant is not None:
        return each.resolve(context)
    raise Undecidable(f'"{each.text}": IAM takes no variable with this operator')


def _is_null(values: tuple[str, ...] | None, expected: str) -> bool:
    return truth(expected) is (not values)


def any_of(tests: Iterable[Callable[[], bool]]) -> bool:
    """Whether one of the tests is true, whatever those say that can't be decided.

    Raises the first ``Undecidable`` where none is true.
    """
    doubts = []
    for test in tests:
        answer = attempt(test)
        if answer is True:
            return True
        if answer is not False:
            doubts.append(answer)
    if doubts:
        raise doubts[0]
    return False


def all_of(tests: Iterable[Callable[[], bool]]) -> bool:
    """Whether all tests are true. Raises ``Undecidable`` where none is false and one open."""
    return not any_of(partial(_not, test) for test in tests)


def attempt(test: Callable[[], bool]) -> bool | Undecidable:
    """What the test says, or why that is not known."""
    try:
        return test()
    except Undecidable as error:
        return error


def _not(test: Callable[[], bool]) -> bool:
    return not test()
