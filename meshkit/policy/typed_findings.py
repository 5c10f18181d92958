"""What is wrong with the actions, resources and conditions of a policy's statements.

Source: IAM Service Authorization Reference; IAM User Guide, JSON policy elements. IAM itself takes
a misspelt action without a word: the statement then means nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshkit.config.suggest import did_you_mean, nearest
from meshkit.policy.actions import SERVICES, Action, prefixes, service
from meshkit.policy.actions.forms import can_be
from meshkit.policy.evaluation.condition import Condition
from meshkit.policy.evaluation.operators import NULL, OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshkit.config.role import Statement
    from meshkit.policy.actions import Service

_WILD: Final = re.compile(r"[*?]")
_OPERATORS: Final = (*OPERATORS, NULL)


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """One thing that is wrong with a policy."""

    statement: int
    """Its place in the policy, from 0."""
    sid: str | None
    element: str
    """Where in the statement: ``actions[0]``."""
    message: str

    def __str__(self) -> str:
        name = f' "{self.sid}"' if self.sid else f" {self.statement + 1}"
        return f"statement{name}: {self.element}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Named:
    """What one text of ``actions`` stands for."""

    text: str
    actions: tuple[Action, ...] = ()
    fault: str | None = None
    open: bool = False
    """Whether it may stand for something that is not listed."""


def findings_of(statements: Iterable[Statement]) -> Iterator[PolicyFinding]:
    """What is wrong, statement after statement."""
    for number, statement in enumerate(statements):
        for element, message in _of_one(statement):
            yield PolicyFinding(number, statement.sid, element, message)


def request_fault(action: str, resource: str) -> str | None:
    """Why a request for an action on a resource, or on ``*``, can't be; ``None`` where it can."""
    named = _named(action)
    if named.open and ":" not in action:
        return f'"{action}" is no action: give service:Action'
    if named.fault or named.open or resource == "*":
        return named.fault
    if any(_reached(each, [resource]) for each in named.actions):
        return None
    types = _types(named)
    if not types:
        return f'"{action}" is not made on a resource: give "*"'
    return f'"{action}" is not made on "{resource}": it takes {types}'


def _of_one(statement: Statement) -> Iterator[tuple[str, str]]:
    named = [_named(text) for text in _plain(statement.actions)]
    yield from _faults("actions", named)
    yield from _faults("not_actions", map(_named, _plain(statement.not_actions)))
    resources = _plain(statement.resources)
    if resources and len(resources) == len(statement.resources or ()):
        yield from _misfits(named, resources)
    for operator, keys in statement.conditions.items():
        if Condition.of(operator, "", ()).operator not in _OPERATORS:
            near = did_you_mean(operator, _OPERATORS)
            yield f"conditions.{operator}", f"no such condition operator{near}"
        for key in keys:
            if fault := _key_fault(key):
                yield f"conditions.{operator}", fault


def _plain(texts: Iterable[object] | None) -> list[str]:
    """Texts that are known; one with holes can't be judged."""
    return [text for text in texts or () if isinstance(text, str)]


def _faults(element: str, named: Iterable[_Named]) -> Iterator[tuple[str, str]]:
    for place, each in enumerate(named):
        if each.fault:
            yield f"{element}[{place}]", each.fault


def _named(text: str) -> _Named:
    prefix, colon, name = text.partition(":")
    found = service(prefix.lower()) if colon else None
    if found is None:
        return _Named(text, fault=_service_fault(prefix) if colon else None, open=True)
    actions, unsure = found.matching(name), found.unsure(name)
    fault = None if actions or unsure else _action_fault(text, found)
    return _Named(text, actions, fault, unsure)


def _service_fault(prefix: str) -> str | None:
    """A prefix near one that is listed, and not of another service, is misspelt."""
    if _WILD.search(prefix) or prefix.lower() in prefixes():
        return None
    near = nearest(prefix, SERVICES)
    return f'no service "{prefix}" (did you mean "{near}"?)' if near else None


def _action_fault(text: str, of: Service) -> str:
    if _WILD.search(text):
        return f'no action of {of.title} matches "{text}"'
    return f'{of.title} has no action "{text}"{did_you_mean(text, of.names)}'


def _misfits(named: list[_Named], resources: list[str]) -> Iterator[tuple[str, str]]:
    """Actions without a resource that they take; else resources that no action takes."""
    fitting = True
    for place, each in enumerate(named):
        known = bool(each.actions) and not each.open
        if known and not any(_reached(action, resources) for action in each.actions):
            fitting = False
            yield f"actions[{place}]", _wanted(each)
    if not fitting or any(each.open or each.fault for each in named):
        return
    types = {type_.arn for each in named for action in each.actions for type_ in action.resources}
    for place, resource in enumerate(resources):
        if resource.strip("*") and not any(can_be(resource, arn) for arn in types):
            yield f"resources[{place}]", f'no action of the statement is made on "{resource}"'


def _reached(action: Action, resources: list[str]) -> bool:
    """Whether a request for the action can be about one of the resources."""
    if not action.resources:
        return any(not resource.strip("*") for resource in resources)
    return any(can_be(resource, type_.arn) for resource in resources for type_ in action.resources)


def _wanted(named: _Named) -> str:
    types = _types(named)
    if not types:
        return f'"{named.text}" is not made on a resource: give "*"'
    return f'no resource of the statement is one that "{named.text}" is made on: {types}'


def _types(named: _Named) -> str:
    """Every type of resource that its actions take, each with the form of its ARN."""
    types = {type_.arn: type_.name for action in named.actions for type_ in action.resources}
    return ", ".join(f"{name} ({arn})" for arn, name in types.items())


def _key_fault(key: str) -> str | None:
    """A key near one of the service that its prefix names is misspelt."""
    found = service(key.partition(":")[0].lower())
    if found is None:
        return None
    heads = [each.partition("${")[0].lower() for each in found.keys]
    wanted = key.lower()
    for head in heads:
        if wanted == head or (head.endswith("/") and wanted.startswith(head)):
            return None
    own = [each for each in found.keys if each.startswith(f"{found.prefix}:")]
    near = nearest(key, own)
    return f'no condition key "{key}" (did you mean "{near}"?)' if near else None
