"""The resource graph: what a Pulumi program registered, as a plain value.

A graph comes from an in-process run, from a preview or from a stack's exported state. Values are
plain Python in the engine's camelCase; what is secret or not yet known is marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Secret:
    """A value that is never shown: `repr` and `str` hide it, `value` gives it."""

    value: Any = field(repr=False)

    def __str__(self) -> str:
        return "[secret]"

    __repr__ = __str__


class Unknown:
    """The type of `UNKNOWN`, a value that only a deployment can tell."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN = Unknown()


def reveal(value: Any) -> Any:
    """Return `value` with every secret in it in clear, at any depth."""
    return _rebuild(value, lambda secret: reveal(secret.value))


def redact(value: Any) -> Any:
    """Return `value` fit for printing or JSON: secrets and unknowns become their marks."""
    return _rebuild(value, str, unknown=str(UNKNOWN))


def has_secret(value: Any) -> bool:
    """Tell whether `value` is a secret or holds one, at any depth."""
    return next(secrets(value), None) is not None


def secrets(value: Any) -> Iterator[Secret]:
    """Yield every secret in `value`, at any depth."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from secrets(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from secrets(item)


def _rebuild(value: Any, open_secret: Any, unknown: Any = UNKNOWN) -> Any:
    if isinstance(value, Secret):
        return open_secret(value)
    if isinstance(value, Unknown):
        return unknown
    if isinstance(value, dict):
        return {key: _rebuild(item, open_secret, unknown) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rebuild(item, open_secret, unknown) for item in value]
    return value


@dataclass(frozen=True)
class Resource:
    """One registered resource.

    `parent`, `provider` and `dependencies` are URNs; `provider` is None for the default provider.
    `account` and `region` say where a cloud resource lives, None where that isn't known or makes
    no sense. `outputs` holds the physical id as `id`. `input_dependencies` says which resources an
    input was made from, and `source` which file and line of the program asked for the resource;
    both are empty where the source of the graph doesn't tell.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    provider: str | None = None
    account: str | None = None
    region: str | None = None
    custom: bool = True
    dependencies: tuple[str, ...] = ()
    protect: bool = False
    input_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: tuple[str, int] | None = None


@dataclass(frozen=True)
class Graph:
    """The resources of one program, in the order it registered them."""

    resources: tuple[Resource, ...] = ()

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    def __getitem__(self, urn: str) -> Resource:
        """Return the resource with this URN; KeyError when there is none."""
        return self._by_urn[urn]

    def get(self, urn: str | None) -> Resource | None:
        """Return the resource with this URN, or None."""
        return None if urn is None else self._by_urn.get(urn)

    def of_type(self, type_: str) -> tuple[Resource, ...]:
        """Return all resources of a type token such as `aws:iam/role:Role`."""
        return self._by_type.get(type_, ())

    def children(self, urn: str | None) -> tuple[Resource, ...]:
        """Return the resources whose parent is `urn`; None gives the roots.

        A resource whose parent isn't in the graph counts as a root.
        """
        return self._by_parent.get(urn, ())

    def tree(self, urn: str | None = None) -> Iterator[tuple[int, Resource]]:
        """Yield (depth, resource) below `urn`, parents first; None starts at the roots."""
        waiting = [(0, child) for child in reversed(self.children(urn))]
        while waiting:
            depth, resource = waiting.pop()
            yield depth, resource
            children = self.children(resource.urn)
            waiting.extend((depth + 1, child) for child in reversed(children))

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> dict[str, tuple[Resource, ...]]:
        return _grouped((resource.type, resource) for resource in self.resources)

    @cached_property
    def _by_parent(self) -> dict[str | None, tuple[Resource, ...]]:
        known = self._by_urn
        return _grouped(
            (resource.parent if resource.parent in known else None, resource)
            for resource in self.resources
        )


def _grouped(pairs: Any) -> dict[Any, tuple[Resource, ...]]:
    groups: dict[Any, list[Resource]] = {}
    for key, resource in pairs:
        groups.setdefault(key, []).append(resource)
    return {key: tuple(group) for key, group in groups.items()}
