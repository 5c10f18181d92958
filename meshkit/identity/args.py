"""What all workload roles take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, get_args

from meshkit.config.role import Statement
from meshkit.config.suggest import did_you_mean
from meshkit.config.workload import Access, Tracing
from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


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


LISTS: Final = ("endpoint_arns", "certificate_arns", "authority_arns", "managed_policies")
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "tracing": get_args(Tracing),
    "access": get_args(Access),
}


def check_args(name: str, args: RoleArgs) -> None:
    """Stops at what the types forbid, for programs that no type checker reads.

    A text taken for a list of ARNs would give a policy of single letters.

    Raises ``MeshkitError``.
    """
    for key in LISTS:
        value = getattr(args, key)
        if not _is_list(value) or not all(map(_is_input, value)):
            raise MeshkitError(f"{name}: {key} takes a list of ARNs")
    for key, choices in CHOICES.items():
        value = getattr(args, key)
        if value not in choices:
            near = did_you_mean(str(value), choices)
            raise MeshkitError(f'{name}: {key} is one of {", ".join(choices)}, not "{value}"{near}')
    if not _is_list(args.statements) or not all(isinstance(s, Statement) for s in args.statements):
        raise MeshkitError(f"{name}: statements takes a list of Statement")


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_input(value: Any) -> bool:
    """Whether it is text, or may become one: an Output, or what can be awaited."""
    return isinstance(value, str) or hasattr(value, "apply") or hasattr(value, "__await__")


def service_account_pairs(accounts: Sequence[ServiceAccount]) -> list[tuple[str, str]]:
    """Namespace and name of each; ``MeshkitError`` when there is none, which would trust nobody."""
    if not accounts:
        raise MeshkitError("service_accounts must name at least one service account")
    if not all(isinstance(each, ServiceAccount) for each in accounts):
        raise MeshkitError("service_accounts takes a list of ServiceAccount(namespace, name)")
    return [(each.namespace, each.name) for each in accounts]
