"""The role of Kubernetes service accounts, through the cluster's OIDC provider (IRSA)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.envoy.eks import service_account_annotations
from meshkit.errors import MeshkitError
from meshkit.identity.args import RoleArgs, ServiceAccount, service_account_pairs
from meshkit.identity.component import WorkloadRoleComponent
from meshkit.inputs import as_text, require_args
from meshkit.policy.document import Document
from meshkit.policy.trust import by_namespace, irsa_statement
from meshkit.topology import leaves

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi


@dataclass(frozen=True, kw_only=True)
class IrsaRoleArgs(RoleArgs):
    """Arguments of ``IrsaRole``."""

    provider_arn: pulumi.Input[str]
    """ARN of the cluster's IAM OIDC provider, of the role's own account."""
    service_accounts: Sequence[ServiceAccount]
    """Who may take the role; at least one."""


class IrsaRole(WorkloadRoleComponent):
    """A role that only the given service accounts of one cluster can take."""

    annotations: pulumi.Output[dict[str, str]]
    """The annotation of the service accounts."""

    def __init__(
        self, name: str, args: IrsaRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        require_args(name, args, IrsaRoleArgs)
        arn = args.provider_arn
        fault = leaves.oidc_provider(arn, None, None) if isinstance(arn, str) else None
        if fault:
            raise MeshkitError(f"{name}: {fault}")
        super().__init__("IrsaRole", name, args, opts)
        accounts = by_namespace(service_account_pairs(args.service_accounts))
        statement = irsa_statement(as_text(args.provider_arn), accounts)
        self._make(self._spec(Document((statement,))))
        self.annotations = self.role_arn.apply(service_account_annotations)
        self.register_outputs(
            {
                "roleArn": self.role_arn,
                "roleName": self.role_name,
                "annotations": self.annotations,
            }
        )
