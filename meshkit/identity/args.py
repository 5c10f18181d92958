"""What all workload roles take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from meshkit.config.role import Statement
    from meshkit.config.workload import Access, Tracing


@dataclass(frozen=True)
class ServiceAccount:
    """A Kubernetes service account."""

    namespace: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """Arguments of a workload role."""

    endpoint_arns: Sequence[pulumi.Input[str]]
    """ARNs of the virtual nodes and gateways that the proxies run as, of one account and region."""
    certificate_arns: Sequence[pulumi.Input[str]] = ()
    """ARNs of the ACM certificates of their listeners."""
    authority_arns: Sequence[pulumi.Input[str]] = ()
    """ARNs of the authorities of AWS Private CA that their client policies trust."""
    tracing: Tracing = "none"
    """``xray`` adds the right to send traces."""
    access: Access = "exact"
    """``mesh-wide`` attaches AWSAppMeshEnvoyAccess: every endpoint of every mesh of the account."""
    statements: Sequence[Statement] = ()
    """Added to what the proxies need."""
    managed_policies: Sequence[pulumi.Input[str]] = ()
    """ARNs of existing policies to attach as well."""
    role_name: str | None = None
    """Physical name. Default: the component's name, and a hash of project, stack, kind and name.

    Another name replaces the role.
    """
    path: str | None = None
    """IAM path. Default ``/``."""
    permissions_boundary: pulumi.Input[str] | None = None
    """ARN of the policy that bounds the role."""
    max_session_duration: int | None = None
    """Seconds, 3600 to 43200. Default: IAM's 3600."""
    description: str | None = None
    tags: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """On everything that can carry tags."""


def service_account_pairs(accounts: Sequence[ServiceAccount]) -> list[tuple[str, str]]:
    """Namespace and name of each; ``MeshkitError`` when there is none, which would trust nobody."""
    if not accounts:
        raise MeshkitError("service_accounts must name at least one service account")
    return [(each.namespace, each.name) for each in accounts]
