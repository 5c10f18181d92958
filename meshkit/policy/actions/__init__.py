"""The actions of the services around a mesh: what each takes, as data.

Source: IAM Service Authorization Reference. Only what stands there is said of an action; the names
of operations that it does not have are known as ``unverified``, and nothing is concluded from them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Literal

from meshkit.policy.pattern import pattern_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["List", "Read", "Write", "Tagging", "Permissions management"]

SERVICES: Final = (
    *("appmesh", "iam", "organizations", "ram", "sts"),
    *("vpc-lattice", "vpc-lattice-svcs"),
)
"""Prefixes of the services whose actions are listed."""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A type of resource that policies can name."""

    name: str
    arn: str
    """``arn:${Partition}:appmesh:${Region}:${Account}:mesh/${MeshName}``."""
    keys: tuple[str, ...]
    """Condition keys that tell something about it."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action."""

    service: str
    """Its prefix."""
    name: str
    """Without the prefix."""
    level: Level
    required: tuple[ResourceType, ...]
    """What a request always names: of one of these types at least."""
    optional: tuple[ResourceType, ...]
    """What a request may name, or names as well."""
    keys: tuple[str, ...]
    """Condition keys of its requests, beside those of its resources and those of all requests."""

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"

    @property
    def resources(self) -> tuple[ResourceType, ...]:
        """Every type of resource that it takes; none where it is only allowed on ``*``."""
        return self.required + self.optional


@dataclass(frozen=True)
class Service:
    """A service and its actions."""

    prefix: str
    title: str
    reference: str
    """Address of its page in the Service Authorization Reference."""
    actions: Mapping[str, Action]
    """By name without case."""
    resources: Mapping[str, ResourceType]
    keys: tuple[str, ...]
    """Its own condition keys, and those of all services that it supports."""
    unverified: tuple[str, ...]
    """Operations without an entry in the reference."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name known, with the prefix."""
        listed = (action.name for action in self.actions.values())
        return tuple(f"{self.prefix}:{name}" for name in (*listed, *self.unverified))

    def matching(self, name: str) -> tuple[Action, ...]:
        """The actions that a name without prefix stands for; ``*`` and ``?`` are wildcards."""
        pattern = pattern_of(name.lower())
        return tuple(each for key, each in self.actions.items() if pattern.matches(key))

    def unsure(self, name: str) -> bool:
        """Whether the name stands for an operation of which nothing more is known."""
        pattern = pattern_of(name.lower())
        return any(pattern.matches(each.lower()) for each in self.unverified)


def service(prefix: str) -> Service | None:
    """The service with a prefix; ``None`` for one whose actions are not listed."""
    return listed(prefix) if prefix in SERVICES else None


@cache
def listed(prefix: str) -> Service:
    """One of ``SERVICES``."""
    data = _loaded(prefix)
    types = {
        name: ResourceType(name, entry["arn"], tuple(entry["keys"]))
        for name, entry in data["resources"].items()
    }
    return Service(
        prefix=prefix,
        title=data["service"],
        reference=data["reference"],
        actions={
            name.lower(): _action(prefix, name, entry, types)
            for name, entry in data["actions"].items()
        },
        resources=types,
        keys=tuple(data["keys"]),
        unverified=tuple(data["unverified"]),
    )


@cache
def prefixes() -> frozenset[str]:
    """The prefix of every service in the reference, listed here or not."""
    return frozenset(_loaded("prefixes"))


def _action(
    prefix: str, name: str, entry: Mapping[str, Any], types: Mapping[str, ResourceType]
) -> Action:
    required, optional = (
        tuple(types[each] for each in entry[key]) for key in ("required", "optional")
    )
    return Action(prefix, name, entry["level"], required, optional, tuple(entry["keys"]))


def _loaded(name: str) -> Any:
    return json.loads(resources.files(__package__).joinpath(f"{name}.json").read_text("utf-8"))
