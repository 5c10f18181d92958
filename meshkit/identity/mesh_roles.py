"""The roles of a resolved mesh, registered directly below its component.

A plain node costs three resources: the node itself, its role and the role's policy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.config.deferred import Deferred
from meshkit.errors import MeshkitError
from meshkit.identity.registration import (
    IAM_POLICY_LIMIT,
    RoleSpec,
    make_instance_profile,
    make_policies,
    make_role,
    replacing,
    waiting,
)
from meshkit.inputs import after, checked_input, tags_input, to_input
from meshkit.policy.document import Document
from meshkit.policy.roles import role_managed_policies, role_statements
from meshkit.policy.size import fit
from meshkit.policy.trust import TOKEN_AUDIENCE, trust_of
from meshkit.topology import leaves
from meshkit.topology.clusters import SCHEME
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from meshkit.policy.document import Statement, Text
    from meshkit.topology.model import Owner, ResolvedCluster, ResolvedMesh, Subject, WorkloadRole

INSTANCE_COMPUTE = ("ec2", "node-role")
NO_TRUST = Document(())
LATE_RESOURCES: dict[str, Callable[[str, Mapping[str, str]], str | None]] = {
    "ExportListenerCertificates": lambda text, context: leaves.certificate(
        text, context["account"], context["region"]
    ),
    "ReadTrustedAuthorities": lambda text, context: leaves.authority(text, context["region"]),
}
"""What is wrong with a resource of a derived statement, by the statement's Sid."""


@dataclass(frozen=True)
class RegisteredRole:
    """A role of the mesh, as others use it."""

    known_arn: pulumi.Input[str]
    """Known before it is there."""
    known_name: pulumi.Input[str]
    instance_profile: aws.iam.InstanceProfile | None = None
    """For EC2 instances and worker nodes that meshkit made a role for."""
    resources: tuple[pulumi.Resource, ...] = ()
    """Everything registered for it."""

    # Outputs are made only where someone takes them: they cost as much as a resource.

    @cached_property
    def arn(self) -> pulumi.Output[str]:
        """ARN; who takes it waits until the policies are attached."""
        return after(self.known_arn, self.resources)

    @cached_property
    def name(self) -> pulumi.Output[str]:
        """Physical name; waits likewise."""
        return after(self.known_name, self.resources)


@dataclass(frozen=True)
class RegisteredProvider:
    """The IAM OIDC provider of a cluster."""

    arn: pulumi.Output[str]
    resource: aws.iam.OpenIdConnectProvider | None = None
    """``None`` for one that exists already."""


def register_role(
    prefix: str,
    role: WorkloadRole,
    mesh: ResolvedMesh,
    opts: pulumi.ResourceOptions,
    statements: Sequence[Statement] | None = None,
) -> RegisteredRole:
    """Registers a role, its policies, and its instance profile or Pod Identity associations.

    Resource names are ``prefix-KEY`` with the role's key. ``opts`` gives parent, provider and what
    must be there first. For an adopted role nothing is registered, or the policies and associations
    where its options say ``attach``.

    Raises ``MeshkitError`` before anything of the role is registered when its policies fit no
    limit of IAM.
    """
    name, opts = f"{prefix}-{role.key}", replacing(opts)
    allowed = role_statements(role) if statements is None else statements
    if role.adopted:
        return _adopted(name, role, mesh, opts, allowed)
    spec = _spec(role, mesh, allowed)
    made = make_role(name, spec, opts)
    policies = make_policies(name, spec, made.name, opts)
    profile = None
    others: list[pulumi.Resource] = []
    if role.compute in INSTANCE_COMPUTE:
        profile = make_instance_profile(name, spec, made, waiting(opts, policies))
        others.append(profile)
    others += _associations(name, role, mesh, made.arn, waiting(opts, policies))
    return RegisteredRole(
        # The computed ARN is known in a preview; the role's own is not.
        known_arn=to_input(role.arn, role.owner.context),
        known_name=made.name,
        instance_profile=profile,
        resources=(made, *policies, *others),
    )


def register_rights(
    prefix: str,
    role: WorkloadRole,
    mesh: ResolvedMesh,
    opts: pulumi.ResourceOptions,
    statements: Sequence[Statement],
    role_name: pulumi.Input[str] | None = None,
) -> tuple[pulumi.Resource, ...]:
    """Registers the policies of a role that ``register_role`` registered without statements.

    ``role_name`` is its physical name where it is made here; else it is there already.
    """
    context = role.owner.context
    if role_name is None:
        arn = pulumi.Output.from_input(to_input(role.arn, context))
        role_name = role.name or arn.apply(lambda text: text.rpartition("/")[2])
    spec = replace(_spec(role, mesh, statements), managed_policies=())
    return tuple(make_policies(f"{prefix}-{role.key}", spec, role_name, replacing(opts)))


def register_provider(
    prefix: str, cluster: ResolvedCluster, opts: pulumi.ResourceOptions
) -> RegisteredProvider:
    """Registers the OIDC provider of a cluster as ``prefix-cluster-KEY``, unless it is adopted.

    Raises ``MeshkitError`` for a cluster with neither issuer nor provider.
    """
    context = cluster.owner.context
    if cluster.adopts_provider and cluster.provider_arn is not None:
        return RegisteredProvider(pulumi.Output.from_input(to_input(cluster.provider_arn, context)))
    if cluster.issuer is None:
        raise MeshkitError(f"clusters.{cluster.key}: an OIDC provider needs oidc_issuer")
    provider = aws.iam.OpenIdConnectProvider(
        f"{prefix}-cluster-{cluster.key}",
        url=pulumi.Output.from_input(checked_input(cluster.issuer, context, _issuer_fault)).apply(
            issuer_url
        ),
        client_id_lists=[TOKEN_AUDIENCE],
        tags=tags_input(cluster.tags, context),
        opts=opts,
    )
    return RegisteredProvider(provider.arn, provider)


def issuer_url(issuer: str) -> str:
    """An issuer with its scheme."""
    return issuer if issuer.startswith(SCHEME) else SCHEME + issuer


def with_checked_providers(mesh: ResolvedMesh) -> ResolvedMesh:
    """The mesh, where what comes late of an OIDC provider is checked before a role trusts it."""
    return replace(mesh, clusters={key: _checked(each) for key, each in mesh.clusters.items()})


def _checked(cluster: ResolvedCluster) -> ResolvedCluster:
    if cluster.provider_arn is None:
        return cluster
    issuer = cluster.issuer if isinstance(cluster.issuer, str) else None

    def fault(arn: str) -> str | None:
        return leaves.oidc_provider(arn.replace(SCHEME, ""), cluster.owner.id, issuer)

    return replace(cluster, provider_arn=_late(cluster.provider_arn, cluster.owner, fault))


def _issuer_fault(issuer: str) -> str | None:
    return leaves.oidc_issuer(issuer_url(issuer))


def _sound(statement: Statement, owner: Owner) -> Statement:
    """The statement, where what comes late of its certificates and authorities is checked."""
    fault = LATE_RESOURCES.get(statement.sid or "")
    if fault is None:
        return statement
    return statement.map(lambda text: _late(text, owner, lambda found: fault(found, owner.context)))


def _late(text: Text, owner: Owner, fault: Callable[[str], str | None]) -> Text:
    """The text, checked when it comes late."""
    if isinstance(text, str):
        return text
    found = checked_input(text, owner.context, fault)
    return found if isinstance(found, str) else Deferred.of(found, text.holes[0].name)


def _adopted(
    name: str,
    role: WorkloadRole,
    mesh: ResolvedMesh,
    opts: pulumi.ResourceOptions,
    statements: Sequence[Statement],
) -> RegisteredRole:
    owner = role.owner
    found = checked_input(role.arn, owner.context, lambda text: leaves.role(text, owner.id))
    arn = pulumi.Output.from_input(found)
    physical = arn.apply(lambda text: text.rpartition("/")[2])
    if not role.attach:
        return RegisteredRole(arn, physical)
    target = role.name if isinstance(role.arn, str) and role.name else physical
    policies = make_policies(name, _spec(role, mesh, statements), target, opts)
    associations = _associations(name, role, mesh, arn, waiting(opts, policies))
    return RegisteredRole(arn, target, None, (*policies, *associations))


def _spec(role: WorkloadRole, mesh: ResolvedMesh, statements: Sequence[Statement]) -> RoleSpec:
    options = role.options

    def late(arn: Text) -> Text:
        return _late(arn, role.owner, lambda text: leaves.policy(text, role.owner.id))

    managed = tuple(late(each) for each in role_managed_policies(role))
    boundary = options.permissions_boundary
    identity = (mesh.owner.id, mesh.region, mesh.name, role.key)
    return RoleSpec(
        name=role.name or role.arn,
        policy_name=hashed_name(f"{mesh.name}-{role.key}", *identity, limit=IAM_POLICY_LIMIT - 3),
        trust=NO_TRUST if role.adopted else trust_of(role, mesh),
        policies=fit([_sound(each, role.owner) for each in statements], attached=len(managed)),
        managed_policies=managed,
        path=options.path,
        permissions_boundary=None if boundary is None else late(boundary),
        max_session_duration=options.max_session_duration,
        description=options.description,
        tags=role.tags,
        context=role.owner.context,
    )


def _associations(
    name: str,
    role: WorkloadRole,
    mesh: ResolvedMesh,
    role_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> list[aws.eks.PodIdentityAssociation]:
    """What gives a role to its service accounts, for Pod Identity."""
    if role.compute != "pod-identity":
        return []
    return [_association(name, role, mesh, each, role_arn, opts) for each in role.subjects]


def _association(
    name: str,
    role: WorkloadRole,
    mesh: ResolvedMesh,
    subject: Subject,
    role_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.eks.PodIdentityAssociation:
    cluster = mesh.clusters[subject.cluster]
    readable = f"{subject.namespace}-{subject.service_account}"
    key = hashed_name(readable, subject.cluster, subject.namespace, subject.service_account)
    return aws.eks.PodIdentityAssociation(
        f"{name}-{key}",
        cluster_name=to_input(cluster.name, cluster.owner.context),
        namespace=subject.namespace,
        service_account=subject.service_account,
        role_arn=role_arn,
        region=mesh.region,
        tags=tags_input(role.tags, role.owner.context),
        opts=opts,
    )
