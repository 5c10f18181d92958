"""Whether an organization is ready for a connector that makes and moves its accounts.

Source: meshStack documentation, AWS integration; Organizations User Guide, enabling all features,
enabling policy types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_aws.organizations import GetOrganizationResult

CONTROL_POLICIES: Final = "SERVICE_CONTROL_POLICY"
_NONE: Final = "AWSOrganizationsNotInUseException"


def require_organization(
    name: str,
    organization: str,
    management_account: str,
    opts: pulumi.ResourceOptions | None = None,
) -> None:
    """Stops where an organization is not the one meant, or is not ready.

    Raises ``MeshkitError`` in one line: it is another one, the caller is not its management
    account, it has not all features, or service control policies are off.
    """
    found = _organization(name, opts)
    faults = list(_faults(found, organization, management_account))
    if faults:
        raise MeshkitError(f"{name}: {'; '.join(faults)}")


def _organization(name: str, opts: pulumi.ResourceOptions | None) -> GetOrganizationResult:
    provider = opts.provider if opts else None
    try:
        return aws.organizations.get_organization(opts=pulumi.InvokeOptions(provider=provider))
    except Exception as error:  # the SDK raises a bare Exception for a failed lookup
        told = " ".join(str(error).split())
        fault = (
            "the account is in no organization: create it"
            if _NONE in told
            else f"the organization can't be looked up: {told}"
        )
        raise MeshkitError(f"{name}: {fault}") from error


def _faults(found: GetOrganizationResult, organization: str, account: str) -> Iterator[str]:
    if (found.id, found.master_account_id) != (organization, account):
        yield (
            f"the program works in the organization {found.id} of {found.master_account_id}, the "
            f"connector is for {organization} of {account}"
        )
        return
    if not found.roots:
        # Only the management account, or one that it delegates to, is told the roots.
        yield f"take credentials of the management account {account}"
        return
    if found.feature_set != "ALL":
        yield (
            f"{organization} has consolidated billing alone: run aws organizations "
            "enable-all-features"
        )
    elif CONTROL_POLICIES not in found.enabled_policy_types:
        yield (
            f"{organization} has service control policies off: run aws organizations "
            f"enable-policy-type --root-id {found.roots[0].id} --policy-type {CONTROL_POLICIES}"
        )
