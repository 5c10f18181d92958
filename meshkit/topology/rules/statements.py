"""Statements added to the roles of proxies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology.arn import MeshArns
from meshkit.topology.rules.roles import role_of
from meshkit.topology.stream import STREAM_ACTION, beyond

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshkit.config.deferred import Deferred
    from meshkit.config.finding import Finding, Path
    from meshkit.config.role import Statement
    from meshkit.topology.rules.view import Proxied, View

BROAD = Rule(
    "MK721",
    "An added statement names the actions it allows.",
    "A wildcard over a service, or not_actions and not_resources, allow what nobody thought of. "
    "Resource * alone is no finding: many actions know no other.",
    "List the actions, and the resources where the service has them.",
    "IAM user guide: security best practices, least privilege",
    "warning",
)
STREAM = Rule(
    "MK722",
    "No added statement allows a proxy the configuration of another.",
    "appmesh:StreamAggregatedResources on more than the role's own endpoints undoes the one "
    "promise of a role for each proxy; meshkit grants it on exactly those.",
    "Remove the action, narrow the wildcard, or choose access: mesh-wide openly.",
    "App Mesh user guide: proxy authorization",
)

RULES = (BROAD, STREAM)

_WHOLE_SERVICE = re.compile(r"\*|[^:]*\*[^:]*:.*|[^:]*:\*+")


def check_statements(view: View) -> Iterator[Finding]:
    """Each added statement that allows something."""
    groups: dict[object, list[Proxied]] = {}
    for proxied in view.proxied:
        if proxied.role.statements:
            groups.setdefault(role_of(proxied), []).append(proxied)
    for members in groups.values():
        own = {arn for each in members for arn in _endpoint_arns(view, each)}
        for proxied in members:
            for place, statement in enumerate(proxied.role.statements):
                if statement.effect == "Allow" and proxied.role_known:
                    yield from _statement(view, proxied, place, own)


def _statement(view: View, proxied: Proxied, place: int, own: set[str]) -> Iterator[Finding]:
    statement = proxied.role.statements[place]
    path = _path(proxied, place)
    foreign = _beyond(view, proxied, statement, own)
    if foreign and view.index.access(proxied.spec) == "exact":
        message = (
            f"allows {STREAM_ACTION} on {foreign}, beyond the role's own endpoints; "
            "narrow the actions, or choose access: mesh-wide"
        )
        yield STREAM.at(path, message)
        return
    broad = [
        text for text in _texts(view, proxied, statement.actions) if _WHOLE_SERVICE.fullmatch(text)
    ]
    if statement.not_actions is not None:
        yield BROAD.at((*path, "not_actions"), "allows all other actions; list those it needs")
    elif statement.not_resources is not None:
        yield BROAD.at((*path, "not_resources"), "allows all other resources; list its own")
    elif broad:
        message = f'"{broad[0]}" allows a whole service; list the actions it needs'
        yield BROAD.at((*path, "actions"), message)


def _path(proxied: Proxied, place: int) -> Path:
    own = proxied.spec.role
    if own is not None and "statements" in own.model_fields_set:
        return (*proxied.path, "role", "statements", place)
    return ("defaults", "role", "statements", place)


def _beyond(view: View, proxied: Proxied, statement: Statement, own: set[str]) -> str | None:
    """What of the stream action's resources is not the role's own; ``None`` when nothing is."""

    def known(values: Sequence[str | Deferred] | None) -> list[str] | None:
        return None if values is None else _texts(view, proxied, values)

    return beyond(
        own,
        actions=known(statement.actions),
        not_actions=known(statement.not_actions),
        resources=known(statement.resources),
        not_resources=known(statement.not_resources),
    )


def _texts(view: View, proxied: Proxied, values: Sequence[str | Deferred] | None) -> list[str]:
    """The texts that are known now; the others are checked when they resolve."""
    known = (view.text(value, proxied.account) for value in values or ())
    return [text for text in known if text is not None]


def _endpoint_arns(view: View, proxied: Proxied) -> Iterator[str]:
    owner = view.index.owner_id
    if owner is None or proxied.account_id is None:
        return
    arns = MeshArns(view.index.partition, view.config.region, view.config.name, owner)
    is_node = proxied.path[0] == "nodes"
    make = arns.virtual_node if is_node else arns.virtual_gateway
    yield make(proxied.account_id, proxied.name)


CHECKS = (check_statements,)
