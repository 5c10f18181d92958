"""The roles of people and pipelines: their names, accounts and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.topology.arn import iam_arn
from meshkit.topology.model import ResolvedOperator
from meshkit.topology.roles import made_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.config.operator import Operator
    from meshkit.topology.index import Index
    from meshkit.topology.model import Owner


def resolve_operators(
    index: Index, owner_of: Callable[[str | None], Owner]
) -> dict[str, ResolvedOperator]:
    """Each operator of the file; none on VPC Lattice, as the tiers are rights on App Mesh."""
    if index.config.data_plane != "app-mesh":
        return {}
    return {
        key: _resolve(index, key, operator, owner_of(operator.account))
        for key, operator in index.config.operators.items()
    }


def operator_role_name(index: Index, key: str, operator: Operator) -> str:
    """Physical name of the role of an operator."""
    return operator.role.name or made_name(index, "operator", key)


def _resolve(index: Index, key: str, operator: Operator, owner: Owner) -> ResolvedOperator:
    name = operator_role_name(index, key, operator)
    options = index.operator_role(operator)
    return ResolvedOperator(
        key=key,
        name=name,
        arn=iam_arn(index.partition, owner.id, "role", options.path or "/", name),
        owner=owner,
        spec=operator,
        options=options,
        tags={**index.config.tags, **options.tags},
        path=("operators", key),
    )
