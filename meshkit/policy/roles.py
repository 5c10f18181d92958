"""The policies of one role: what its proxies need, and what the file adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meshkit.config.deferred import bind
from meshkit.policy.document import Condition, Document, Statement
from meshkit.policy.permissions import needs_of, statements_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshkit.config.finding import Path
    from meshkit.config.role import Statement as FileStatement
    from meshkit.policy.document import Text
    from meshkit.topology.model import WorkloadRole

ENVOY_ACCESS = "AWSAppMeshEnvoyAccess"
"""AWS's managed policy: every node and gateway of every mesh of the account."""


def role_statements(role: WorkloadRole) -> tuple[Statement, ...]:
    """The statements of a role: what its proxies need exactly, then those the file adds.

    With ``access: mesh-wide`` the right to read configurations comes from a managed policy
    instead; the rest stays exact.
    """
    needs = [needs_of(endpoint) for endpoint in role.endpoints]
    derived = statements_for(needs, own_only=role.access == "exact")
    own = tuple(endpoint.arn for endpoint in role.endpoints) if role.access == "exact" else None
    written = added_statements(role.options.statements, (*role.path, "statements"))
    added = [replace(statement, own=own) for statement in written]
    return Document((*derived, *added)).bind(role.owner.context).statements


def role_managed_policies(role: WorkloadRole) -> tuple[Text, ...]:
    """ARNs of the existing policies to attach, each once."""
    context = role.owner.context
    wide = (envoy_access_arn(context["partition"]),) if role.access == "mesh-wide" else ()
    named = tuple(bind(arn, context) for arn in role.options.managed_policies)
    return tuple(dict.fromkeys((*wide, *named)))


def envoy_access_arn(partition: str) -> str:
    """ARN of AWSAppMeshEnvoyAccess in a partition."""
    return f"arn:{partition}:iam::aws:policy/{ENVOY_ACCESS}"


def added_statements(statements: Iterable[FileStatement], path: Path = ()) -> tuple[Statement, ...]:
    """Statements as people write them, as they stand in a policy."""
    return tuple(
        Statement(
            effect=each.effect,
            sid=each.sid,
            actions=each.actions or (),
            not_actions=each.not_actions or (),
            resources=each.resources or (),
            not_resources=each.not_resources or (),
            conditions=tuple(
                Condition(operator, key, values)
                for operator, keys in each.conditions.items()
                for key, values in keys.items()
            ),
            origin=((*path, number),) if path else (),
        )
        for number, each in enumerate(statements)
    )


def rewritten(statement: FileStatement, change: Callable[[Text], Text]) -> FileStatement:
    """A statement as people write it, with its resources and values of conditions changed."""
    resources = {
        name: tuple(map(change, texts))
        for name in ("resources", "not_resources")
        if (texts := getattr(statement, name)) is not None
    }
    conditions = {
        operator: {key: tuple(map(change, values)) for key, values in keys.items()}
        for operator, keys in statement.conditions.items()
    }
    return statement.model_copy(update={**resources, "conditions": conditions})
