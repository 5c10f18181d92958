"""IAM policy documents as frozen values, and their canonical JSON.

A text may have holes (``Deferred``), even the key of a condition: a key of IRSA contains the
cluster's issuer. Source: IAM User Guide, JSON policy elements.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from meshkit.config.deferred import Deferred, bind
from meshkit.errors import MeshkitError
from meshkit.topology.stream import STREAM_ACTION, beyond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from meshkit.config.finding import Path

Text = str | Deferred

VERSION = "2012-10-17"
WILDCARDS = ("*", "?", "${")
"""What IAM reads as more than itself in a resource or a value."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a statement of a trust policy is about."""

    kind: Literal["Service", "Federated", "AWS"]
    value: Text | tuple[Text, ...]
    """One, or several, any of which it may be."""

    @property
    def values(self) -> tuple[Text, ...]:
        """All of them."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def map(self, change: Callable[[Text], Text]) -> Principal:
        """The principal with every text changed."""
        return replace(self, value=tuple(map(change, self.values)))

    def to_dict(self) -> dict[str, Any]:
        """The principal as IAM takes it; ``TypeError`` while a text has holes."""
        return {self.kind: _listed(map(_bare, self.values))}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: an operator, a key and the values of which one must match."""

    operator: str
    key: Text
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy."""

    effect: Literal["Allow", "Deny"] = "Allow"
    sid: str | None = None
    actions: tuple[Text, ...] = ()
    not_actions: tuple[Text, ...] = ()
    resources: tuple[Text, ...] = ()
    not_resources: tuple[Text, ...] = ()
    principal: Principal | None = None
    conditions: tuple[Condition, ...] = ()
    literal: bool = False
    """Whether resources, values and the principal mean only themselves, so that none is widened."""
    own: tuple[str, ...] | None = None
    """The endpoints whose configuration it may let a proxy read; ``None`` leaves that open."""
    origin: tuple[Path, ...] = field(default=(), compare=False)
    """The places in the mesh file that asked for it."""

    def texts(self) -> Iterator[Text]:
        """Every text in it."""
        yield from (*self.actions, *self.not_actions, *self.resources, *self.not_resources)
        if self.principal is not None:
            yield from self.principal.values
        for condition in self.conditions:
            yield condition.key
            yield from condition.values

    def map(self, change: Callable[[Text], Text]) -> Statement:
        """The statement with every text changed."""
        return replace(
            self,
            actions=tuple(map(change, self.actions)),
            not_actions=tuple(map(change, self.not_actions)),
            resources=tuple(map(change, self.resources)),
            not_resources=tuple(map(change, self.not_resources)),
            principal=self.principal and self.principal.map(change),
            conditions=tuple(
                Condition(each.operator, change(each.key), tuple(map(change, each.values)))
                for each in self.conditions
            ),
        )

    def check_own(self) -> None:
        """Raises ``MeshkitError`` where it allows the configuration of other endpoints.

        ``TypeError`` while a text has holes.
        """
        if self.own is None or self.effect == "Deny":
            return
        lists = (self.actions, self.not_actions, self.resources, self.not_resources)
        given = [[_known(text) for text in texts] or None for texts in lists]
        names = ("actions", "not_actions", "resources", "not_resources")
        foreign = beyond(self.own, **dict(zip(names, given, strict=True)))
        if foreign is not None:
            raise MeshkitError(
                f"an added statement allows {STREAM_ACTION} on {foreign}, beyond the role's own "
                "endpoints; narrow it, or choose access: mesh-wide"
            )

    def to_dict(self) -> dict[str, Any]:
        """The statement as IAM takes it: lists sorted, each item once, one item without a list.

        Raises ``MeshkitError`` where a literal text would match more than itself, and
        ``TypeError`` while a text has holes.
        """
        if self.literal:
            self._check_literal()
        entries: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Principal": self.principal and self.principal.to_dict(),
            "Action": _listed(self.actions),
            "NotAction": _listed(self.not_actions),
            "Resource": _listed(self.resources),
            "NotResource": _listed(self.not_resources),
            "Condition": _conditions(self.conditions),
        }
        return {key: value for key, value in entries.items() if value is not None}

    def _check_literal(self) -> None:
        exact = (
            value
            for condition in self.conditions
            if not condition.operator.endswith("Like")
            for value in condition.values
        )
        principals = () if self.principal is None else self.principal.values
        for text in (*self.resources, *principals, *exact):
            found = next((mark for mark in WILDCARDS if mark in _known(text)), None)
            if found:
                raise MeshkitError(
                    f'"{text}" contains "{found}", which IAM reads as a pattern: '
                    "give the exact ARN or name"
                )


@dataclass(frozen=True)
class Document:
    """A policy: statements, whose order has no meaning."""

    statements: tuple[Statement, ...]

    def deferred(self) -> tuple[Deferred, ...]:
        """The texts with holes, each once."""
        return tuple(
            {
                text: None
                for statement in self.statements
                for text in statement.texts()
                if isinstance(text, Deferred)
            }
        )

    def map(self, change: Callable[[Text], Text]) -> Document:
        """The document with every text changed."""
        return Document(tuple(statement.map(change) for statement in self.statements))

    def bind(self, context: Mapping[str, str]) -> Document:
        """The document with ``${account}``, ``${partition}`` and ``${region}`` filled."""
        if not self.deferred():
            return self
        return self.map(lambda text: bind(text, context))

    def to_dict(self) -> dict[str, Any]:
        """The document as IAM takes it, the same whatever the order of its parts.

        Raises ``MeshkitError`` when a Sid stands twice, and what ``Statement.to_dict`` raises.
        """
        by_text = {compact(each): each for each in (s.to_dict() for s in self.statements)}
        statements = [by_text[text] for text in sorted(by_text)]
        _check_sids(statements)
        return {"Version": VERSION, "Statement": statements}

    def to_json(self) -> str:
        """Canonical JSON: sorted, without white space between the parts."""
        return self._json

    @cached_property
    def _json(self) -> str:
        return compact(self.to_dict())


def concat(*parts: Text) -> Text:
    """The parts one after another, as plain text where none has holes."""
    pieces = [
        piece for part in parts for piece in (part.parts if isinstance(part, Deferred) else (part,))
    ]
    return Deferred(tuple(pieces)).bind({})


def compact(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no white space."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _known(text: Text) -> str:
    if isinstance(text, Deferred):
        raise TypeError(f"{text} is not known yet")
    return text


def _bare(text: Text) -> str:
    """IAM writes an issuer without its scheme, which one known only at run time may still have."""
    return _known(text).replace("https://", "")


def _key(text: Text) -> str:
    """A key of IRSA begins with the issuer, which is what its provider's ARN ends with."""
    return _bare(text).rpartition(":oidc-provider/")[2]


def _listed(texts: Iterable[Text]) -> str | list[str] | None:
    items = sorted({_known(text) for text in texts})
    if len(items) == 1:
        return items[0]
    return items or None


def _conditions(conditions: tuple[Condition, ...]) -> dict[str, dict[str, Any]] | None:
    found: dict[str, dict[str, Any]] = {}
    for condition in conditions:
        found.setdefault(condition.operator, {})[_key(condition.key)] = _listed(condition.values)
    return found or None


def _check_sids(statements: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for statement in statements:
        sid = statement.get("Sid")
        if sid in seen:
            raise MeshkitError(f'two statements of one policy have the Sid "{sid}": rename one')
        if sid:
            seen.add(sid)
