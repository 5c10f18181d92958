"""The policies of a simulation, as texts and as they are evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meshkit.local.services.entities import Source
from meshkit.local.services.errors import ApiError
from meshkit.policy.evaluation import Policy, PolicyError
from meshkit.policy.evaluation.template import Template, Variable

_EVERYTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
_OF_CALLERS = frozenset({"aws:principalarn", "aws:principalaccount", "aws:username"})
"""Condition keys that the caller tells, so that nobody needs to give them."""


@dataclass(frozen=True)
class ReadPolicies:
    """The policies, read."""

    identity: tuple[Policy, ...]
    boundary: Policy | None
    organization: tuple[tuple[Policy, ...], ...]
    resource: Policy | None
    everything: tuple[Policy, ...]
    """One that allows everything."""

    def all(self) -> Iterator[Policy]:
        """Every policy that takes part."""
        yield from self.identity
        yield from (each for each in (self.boundary, self.resource) if each is not None)
        for level in self.organization:
            yield from level


@dataclass(frozen=True)
class Policies:
    """The policies of a simulation, as texts."""

    identity: tuple[Source, ...]
    boundary: Source | None = None
    organization: tuple[tuple[Source, ...], ...] | None = None
    """By level, from the root; `None` where no organization limits the account."""
    resource: Source | None = None

    def read(self) -> ReadPolicies:
        """Read them. Raises an `ApiError` for one that IAM would not take."""
        return ReadPolicies(
            identity=tuple(map(_read, self.identity)),
            boundary=None if self.boundary is None else _read(self.boundary),
            organization=tuple(tuple(map(_read, level)) for level in self.organization or ()),
            resource=None if self.resource is None else _read(self.resource),
            everything=(Policy.parse(_EVERYTHING),),
        )

    def text(self, identifier: str) -> str:
        """The text of a policy."""
        return next(each.document for each in self._all() if each.id == identifier)

    def _all(self) -> Iterator[Source]:
        yield from self.identity
        yield from (each for each in (self.boundary, self.resource) if each is not None)
        for level in self.organization or ():
            yield from level


def required_keys(policies: Iterable[Policy]) -> list[str]:
    """Return the condition keys that policies ask for, each once, in their order."""
    found: dict[str, str] = {}
    for policy in policies:
        for statement in policy.statements:
            templates = [*(statement.resources or ())]
            for condition in statement.conditions:
                found.setdefault(condition.key.lower(), condition.key)
                templates += condition.values
            for key in _variables(templates):
                found.setdefault(key.lower(), key)
    return [key for lower, key in found.items() if lower not in _OF_CALLERS]


def _variables(templates: Iterable[Template]) -> Iterator[str]:
    for template in templates:
        yield from (part.key for part in template.parts if isinstance(part, Variable))


def _read(source: Source) -> Policy:
    try:
        return Policy.parse(source.document, name=source.id)
    except PolicyError as error:
        raise ApiError("InvalidInput", f"Invalid policy: {error}") from None
