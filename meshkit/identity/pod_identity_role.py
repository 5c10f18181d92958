"""The role of Kubernetes service accounts, through EKS Pod Identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_aws as aws

from meshkit.identity.args import RoleArgs, ServiceAccount, service_account_pairs
from meshkit.identity.component import WorkloadRoleComponent
from meshkit.identity.registration import waiting
from meshkit.inputs import as_text, require_args
from meshkit.policy.document import Document
from meshkit.policy.trust import by_namespace, pod_identity_statement
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi


@dataclass(frozen=True, kw_only=True)
class PodIdentityRoleArgs(RoleArgs):
    """Arguments of ``PodIdentityRole``."""

    cluster_name: pulumi.Input[str]
    """Name of the EKS cluster, of the role's own account and region."""
    service_accounts: Sequence[ServiceAccount]
    """Who may take the role; at least one. Each gets an association."""


class PodIdentityRole(WorkloadRoleComponent):
    """A role that only the given service accounts of one cluster can take, and their associations.

    Pods need nothing but their service account, and the Pod Identity agent in the cluster.
    """

    def __init__(
        self, name: str, args: PodIdentityRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, PodIdentityRoleArgs)
        super().__init__("PodIdentityRole", name, args, opts)
        pairs = service_account_pairs(args.service_accounts)
        place, cluster = self._place(), as_text(args.cluster_name)
        trust = Document(
            tuple(pod_identity_statement(place, cluster, each) for each in by_namespace(pairs))
        )
        role, policies = self._make(self._spec(trust))
        for namespace, account in dict.fromkeys(pairs):
            key = hashed_name(f"{namespace}-{account}", namespace, account)
            aws.eks.PodIdentityAssociation(
                f"{name}-{key}",
                cluster_name=args.cluster_name,
                namespace=namespace,
                service_account=account,
                role_arn=role.arn,
                tags=dict(args.tags) or None,
                opts=waiting(self._child, policies),
            )
        self.register_outputs({"roleArn": self.role_arn, "roleName": self.role_name})
