"""The roles of operators in a mesh file, registered below its component."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pulumi

from meshkit.config.deferred import Deferred
from meshkit.inputs import checked_input, tags_input
from meshkit.landing_zone.operator_role import OperatorRole, OperatorRoleArgs
from meshkit.policy.mesh_operators import operator_scope, operator_trust
from meshkit.policy.operator_trust import OidcTrust, SamlTrust
from meshkit.topology import leaves

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.mesh.accounts import Providers
    from meshkit.policy.document import Text
    from meshkit.policy.operator_trust import Given, OperatorTrust
    from meshkit.topology.model import Owner, ResolvedMesh, ResolvedOperator
    from meshkit.topology.slices import MeshSlice

SESSION = 3600
"""Seconds: what IAM takes for a role that says nothing."""


def register_operators(
    name: str, chosen: MeshSlice, providers: Providers, parent: pulumi.Resource
) -> dict[str, OperatorRole]:
    """Registers the roles of operators in a slice, as ``NAME-operator-KEY``."""
    return {
        key: OperatorRole(
            f"{name}-operator-{key}",
            _args(chosen.mesh, operator),
            pulumi.ResourceOptions(parent=parent, provider=providers.get(operator.owner.key)),
        )
        for key, operator in chosen.operators.items()
    }


def _args(mesh: ResolvedMesh, operator: ResolvedOperator) -> OperatorRoleArgs:
    options, owner = operator.options, operator.owner
    return OperatorRoleArgs(
        tier=operator.spec.tier,
        scope=operator_scope(mesh, operator),
        trust=_sound(operator_trust(mesh, operator), owner),
        role_name=operator.name,
        path=options.path,
        permissions_boundary=_boundary(options.permissions_boundary, owner),
        max_session_duration=options.max_session_duration or SESSION,
        description=options.description,
        tags=tags_input(operator.tags, owner.context) or {},
    )


def _boundary(arn: Text | None, owner: Owner) -> pulumi.Input[str] | None:
    if arn is None:
        return None
    return checked_input(arn, owner.context, lambda text: leaves.policy(text, owner.id))


def _sound(trust: OperatorTrust, owner: Owner) -> OperatorTrust:
    """The trust, where a provider that comes late is checked before the role trusts it."""
    if isinstance(trust, OidcTrust):
        arn = _late(trust.provider_arn, lambda text: leaves.oidc_provider(text, owner.id, None))
        return replace(trust, provider_arn=arn)
    if isinstance(trust, SamlTrust):
        arn = _late(trust.provider_arn, lambda text: leaves.saml_provider(text, owner.id))
        return replace(trust, provider_arn=arn)
    return trust


def _late(given: Given, fault: Callable[[str], str | None]) -> Given:
    if not isinstance(given, Deferred):
        return given
    found = checked_input(given, {}, fault)
    return found if isinstance(found, str) else Deferred.of(found, given.holes[0].name)
