"""Who is to take a role: the workloads of its proxies, as IAM sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.inspect.proof.checks.needs import regex
from meshkit.policy.trust import ECS_TASKS, EKS_PODS, FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.proof.clusters import Clusters
    from meshkit.inspect.proof.subject import Declared, Subject

EC2 = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")


@dataclass(frozen=True)
class Pods:
    """Pods of one service account."""

    cluster: re.Pattern[str]
    """Name of the cluster; a pattern where the file leaves it to the program."""
    provider: re.Pattern[str] | None
    """ARN of the cluster's OIDC provider, likewise; ``None`` without an issuer."""
    namespace: str
    service_account: str

    @property
    def subject(self) -> str:
        """What a token of theirs has as its subject."""
        return f"system:serviceaccount:{self.namespace}:{self.service_account}"


@dataclass(frozen=True)
class Workloads:
    """Who may take a role."""

    account: str
    region: str
    partition: str
    services: frozenset[str]
    """Services that run them."""
    by_token: bool
    """Whether pods take the role by their tokens."""
    pods: tuple[Pods, ...] | None
    """The service accounts; ``None`` where nothing names them."""


def workloads_of(subject: Subject, clusters: Clusters, *, calls: bool = False) -> Workloads:
    """The workloads of a role.

    A mesh file names them. Without one, any compute that can run a proxy may be meant, and a
    function where the role ``calls`` services of VPC Lattice, as long as the trust policy is
    closed.
    """
    if not subject.declared:
        account = subject.identity.account or ""
        partition = subject.arn.split(":")[1] if subject.arn.startswith("arn:") else "aws"
        any_of = frozenset({ECS_TASKS, EKS_PODS, *EC2, *((FUNCTIONS,) if calls else ())})
        return Workloads(account, "", partition, any_of, by_token=True, pods=None)
    first = subject.declared[0]
    computes = {each.role.compute for each in subject.declared}
    services = {
        *((ECS_TASKS,) if "ecs" in computes else ()),
        *((first.mesh.partition.ec2_principal, EC2[0]) if computes & {"ec2", "node-role"} else ()),
        *((EKS_PODS,) if "pod-identity" in computes else ()),
        *((FUNCTIONS,) if "lambda" in computes else ()),
    }
    return Workloads(
        account=first.role.owner.id,
        region=first.mesh.region,
        partition=first.mesh.partition.name,
        services=frozenset(services),
        by_token="irsa" in computes,
        pods=tuple(pods for each in subject.declared for pods in _pods(each, clusters)),
    )


def _pods(declared: Declared, clusters: Clusters) -> Iterator[Pods]:
    for each in declared.role.subjects:
        cluster = clusters[declared.mesh.arn, each.cluster]
        provider = None if cluster.provider is None else regex(cluster.provider)
        yield Pods(regex(cluster.name), provider, each.namespace, each.service_account)
