"""The operators of a mesh file: what each may do, and who takes its role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.deferred import bind
from meshkit.policy.operator_trust import (
    AccountTrust,
    OidcTrust,
    OperatorTrust,
    PermissionSetTrust,
    SamlTrust,
)
from meshkit.policy.operators import OperatorScope, operator_document, scope_of
from meshkit.topology.index import Index

if TYPE_CHECKING:
    from meshkit.config.deferred import Deferred
    from meshkit.config.operator import AccountSignIn, PermissionSetSignIn
    from meshkit.policy.document import Document
    from meshkit.topology.model import ResolvedMesh, ResolvedOperator


def operator_scope(mesh: ResolvedMesh, operator: ResolvedOperator) -> OperatorScope:
    """What of the mesh an operator works on."""
    spec = operator.spec
    return scope_of(mesh, operator.owner.key, routers=spec.routers, tags=spec.resource_tags)


def operator_policy(mesh: ResolvedMesh, operator: ResolvedOperator) -> Document:
    """The policy of an operator's tier."""
    return operator_document(operator.spec.tier, operator_scope(mesh, operator))


def operator_trust(mesh: ResolvedMesh, operator: ResolvedOperator) -> OperatorTrust:
    """Who takes the role of an operator; texts may have holes of the program."""
    trust, context = operator.spec.trust, operator.owner.context
    if trust.oidc is not None:
        return OidcTrust(
            provider_arn=bind(trust.oidc.provider, context),
            subjects=[bind(each, context) for each in trust.oidc.subjects],
            audience=bind(trust.oidc.audience, context),
        )
    if trust.saml is not None:
        arn = bind(trust.saml.provider, context)
        return SamlTrust(provider_arn=arn, partition=mesh.partition.name)
    if trust.permission_set is not None:
        return _permission_set(mesh, operator, trust.permission_set)
    if trust.accounts is not None:
        return _accounts(mesh, operator, trust.accounts)
    raise TypeError("the model lets no operator without a trust through")


def _permission_set(
    mesh: ResolvedMesh, operator: ResolvedOperator, given: PermissionSetSignIn
) -> PermissionSetTrust:
    account = Index(mesh.config).account_id(given.account) if given.account else None
    return PermissionSetTrust(
        account=account or operator.owner.id,
        permission_set=given.name,
        region=given.region or mesh.region,
        partition=mesh.partition.name,
    )


def _accounts(mesh: ResolvedMesh, operator: ResolvedOperator, given: AccountSignIn) -> AccountTrust:
    index, context = Index(mesh.config), operator.owner.context

    def principal(text: str | Deferred) -> str | Deferred:
        known = bind(text, context)
        found = index.account(known) if isinstance(known, str) else None
        return found.id if found else known

    return AccountTrust(
        principals=[principal(each) for each in given.principals],
        external_ids=[bind(each, context) for each in given.external_ids],
        mfa=given.mfa,
        mfa_max_age=given.mfa_max_age,
        partition=mesh.partition.name,
    )
