"""Trust policies: who may take a role. Closed by default, for each kind of compute.

Every statement names one kind of caller and as much about it as AWS tells IAM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError
from meshkit.policy.document import Condition, Document, Principal, Statement, concat
from meshkit.topology.functions import function_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.policy.document import Text
    from meshkit.topology.model import ResolvedCluster, ResolvedMesh, WorkloadRole

ECS_TASKS = "ecs-tasks.amazonaws.com"
EKS_PODS = "pods.eks.amazonaws.com"
FUNCTIONS = "lambda.amazonaws.com"
TOKEN_AUDIENCE = "sts.amazonaws.com"  # noqa: S105, an audience is no secret
"""The audience that EKS writes into the tokens of service accounts, in every partition.

Source: EKS Pod Identity Webhook, ``--token-audience``. In China ``sts.amazonaws.com.cn`` is
refused, see eksctl issue 1910 and terraform-aws-eks issues 1704 and 2700.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role's workload runs. Each part may be known only at run time."""

    partition: Text
    region: Text
    account: Text


_ENDPOINT = re.compile(
    r"arn:(aws[a-z-]*):appmesh:([a-z0-9-]+):([0-9]{12}):mesh/[^/]+/virtual(?:Node|Gateway)/[^/]+"
)


def place_of(endpoint_arns: Iterable[str]) -> Place:
    """Where proxies run, told from the ARNs of their nodes and gateways.

    A proxy can only connect as a node or gateway of its own account and region. Raises
    ``MeshkitError`` for none, for an ARN of something else, or for several accounts or regions.
    """
    places = {}
    for arn in endpoint_arns:
        match = _ENDPOINT.fullmatch(arn)
        if match is None:
            raise MeshkitError(f'"{arn}" is not the ARN of a virtual node or virtual gateway')
        places[Place(*match.groups())] = arn
    if len(places) != 1:
        raise MeshkitError(
            "the endpoints of a role must be one or more, all of one account and region: "
            + (", ".join(places.values()) or "none given")
        )
    return next(iter(places))


@dataclass(frozen=True, slots=True)
class ServiceAccounts:
    """Service accounts of one namespace of a cluster."""

    namespace: Text
    names: tuple[Text, ...]


def ecs_trust(place: Place) -> Document:
    """Tasks of the account's own ECS clusters in the region.

    Source: ECS Developer Guide, task IAM role, confused deputy.
    """
    source = concat("arn:", place.partition, ":ecs:", place.region, ":", place.account, ":*")
    return _from_sources(ECS_TASKS, place, (source,))


def lambda_trust(place: Place, names: Iterable[str] = ()) -> Document:
    """Functions of the account and region by their names, or all of them.

    Source: Lambda Developer Guide, execution role, trust policy.
    """
    head = ("arn:", place.partition, ":lambda:", place.region, ":", place.account, ":function:")
    # A version or an alias follows the name after a colon.
    sources = [concat(*head, name, end) for name in names for end in ("", ":*")]
    return _from_sources(FUNCTIONS, place, tuple(sources) or (concat(*head, "*"),))


def _from_sources(service: str, place: Place, sources: tuple[Text, ...]) -> Document:
    """A service of AWS, on behalf of some of the account's resources."""
    statement = Statement(
        actions=("sts:AssumeRole",),
        principal=Principal("Service", service),
        conditions=(
            Condition("StringEquals", "aws:SourceAccount", (place.account,)),
            Condition("ArnLike", "aws:SourceArn", sources),
        ),
        literal=True,
    )
    return Document((statement,))


def ec2_trust(principal: Text) -> Document:
    """Instances of the account, by their instance profile.

    ``principal`` is EC2's service principal, which differs in China. EC2 sends IAM no source, so
    there is nothing to narrow it by. Source: EC2 User Guide, IAM roles for Amazon EC2.
    """
    statement = Statement(actions=("sts:AssumeRole",), principal=Principal("Service", principal))
    return Document((statement,))


def irsa_statement(provider_arn: Text, accounts: Iterable[ServiceAccounts]) -> Statement:
    """Service accounts of the cluster behind an OIDC provider.

    The keys are written after the provider's ARN; a document cuts them down to the issuer, also
    when the ARN is known only at run time.
    Source: EKS User Guide, assign IAM roles to Kubernetes service accounts.
    """
    subjects = tuple(
        concat("system:serviceaccount:", each.namespace, ":", name)
        for each in accounts
        for name in each.names
    )
    return Statement(
        actions=("sts:AssumeRoleWithWebIdentity",),
        principal=Principal("Federated", provider_arn),
        conditions=(
            Condition("StringEquals", concat(provider_arn, ":aud"), (TOKEN_AUDIENCE,)),
            Condition("StringEquals", concat(provider_arn, ":sub"), subjects),
        ),
        literal=True,
    )


def pod_identity_statement(place: Place, cluster: Text, accounts: ServiceAccounts) -> Statement:
    """Service accounts of one namespace, through EKS Pod Identity.

    EKS sets the request tags itself. Namespace and service account are two keys, so each namespace
    has its own statement: in one, any account name would go with any namespace.
    Source: EKS User Guide, Pod Identity role and session tags.
    """
    source = concat(
        *("arn:", place.partition, ":eks:", place.region, ":", place.account),
        *(":cluster/", cluster),
    )
    return Statement(
        actions=("sts:AssumeRole", "sts:TagSession"),
        principal=Principal("Service", EKS_PODS),
        conditions=(
            Condition("StringEquals", "aws:SourceAccount", (place.account,)),
            Condition("ArnEquals", "aws:SourceArn", (source,)),
            Condition("StringEquals", "aws:RequestTag/kubernetes-namespace", (accounts.namespace,)),
            Condition("StringEquals", "aws:RequestTag/kubernetes-service-account", accounts.names),
        ),
        literal=True,
    )


def trust_of(role: WorkloadRole, mesh: ResolvedMesh) -> Document:
    """The trust policy of a role of the mesh.

    Raises ``MeshkitError`` when it has no service account, or its cluster no OIDC issuer.
    """
    place = Place(mesh.partition.name, mesh.region, role.owner.id)
    if role.compute == "ecs":
        return ecs_trust(place)
    if role.compute == "lambda":
        return lambda_trust(place, function_names(role))
    if role.compute in ("ec2", "node-role"):
        return ec2_trust(mesh.partition.ec2_principal)
    if not role.subjects:
        raise MeshkitError(
            f"role {role.key}: no service account may take it: give its workloads cluster, "
            "namespace and service_account"
        )
    make = _irsa if role.compute == "irsa" else _pod_identity
    clusters: dict[str, list[tuple[str, str]]] = {}
    for subject in role.subjects:
        pair = (subject.namespace, subject.service_account)
        clusters.setdefault(subject.cluster, []).append(pair)
    statements = [
        statement
        for key, pairs in clusters.items()
        for statement in make(role, mesh, mesh.clusters[key], by_namespace(pairs))
    ]
    return Document(tuple(statements))


def function_names(role: WorkloadRole) -> tuple[str, ...]:
    """The functions that take a role; none where one of them may have any name."""
    found: dict[str, None] = {}
    for endpoint in role.endpoints:
        name = function_of(endpoint)
        if name is None:
            return ()
        found[name] = None
    return tuple(found)


def by_namespace(pairs: Iterable[tuple[str, str]]) -> tuple[ServiceAccounts, ...]:
    """Service accounts, given as namespace and name, by their namespace."""
    names: dict[str, list[str]] = {}
    for namespace, name in pairs:
        names.setdefault(namespace, []).append(name)
    return tuple(ServiceAccounts(namespace, tuple(each)) for namespace, each in names.items())


def _irsa(
    role: WorkloadRole,
    _mesh: ResolvedMesh,
    cluster: ResolvedCluster,
    accounts: tuple[ServiceAccounts, ...],
) -> tuple[Statement, ...]:
    if cluster.provider_arn is None:
        raise MeshkitError(
            f"role {role.key}: clusters.{cluster.key} has no oidc_issuer, which irsa needs"
        )
    return (irsa_statement(cluster.provider_arn, accounts),)


def _pod_identity(
    role: WorkloadRole,
    mesh: ResolvedMesh,
    cluster: ResolvedCluster,
    accounts: tuple[ServiceAccounts, ...],
) -> tuple[Statement, ...]:
    place = Place(mesh.partition.name, mesh.region, role.owner.id)
    return tuple(pod_identity_statement(place, cluster.name, each) for each in accounts)
