"""Whether the organization is the one that is meant, and ready for what is to be made in it.

Source: Organizations User Guide, enabling all features and policy types; CloudFormation User Guide,
trusted access of StackSets; meshStack documentation, AWS integration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_aws.organizations import GetOrganizationResult

STACK_SETS: Final = "member.org.stacksets.cloudformation.amazonaws.com"
CONTROL_POLICIES: Final = "SERVICE_CONTROL_POLICY"
_NONE: Final = "AWSOrganizationsNotInUseException"


@dataclass(frozen=True, kw_only=True)
class OrganizationNeeds:
    """What somebody needs of an organization; every one of them needs all its features."""

    who: str
    """Who does, for messages."""
    organization: str
    management_account: str
    control_policies: bool = False
    stack_sets: bool = False


def require_organization(
    name: str, needs: OrganizationNeeds, opts: pulumi.ResourceOptions | None
) -> str:
    """Id of the organization's root.

    Raises ``MeshkitError`` in one line where the organization is another one, the program works
    outside of its management account, or something that is needed is off.
    """
    found = _looked_up(name, opts)
    faults = list(_faults(found, needs))
    if faults:
        raise MeshkitError(f"{name}: {'; '.join(faults)}")
    return found.roots[0].id


def _looked_up(name: str, opts: pulumi.ResourceOptions | None) -> GetOrganizationResult:
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


def _faults(found: GetOrganizationResult, needs: OrganizationNeeds) -> Iterator[str]:
    if (found.id, found.master_account_id) != (needs.organization, needs.management_account):
        yield (
            f"the program works in the organization {found.id} of {found.master_account_id}, "
            f"{needs.who} is for {needs.organization} of {needs.management_account}"
        )
        return
    if not found.roots:
        # Only the management account, or one that it delegates to, is told the roots.
        yield f"take credentials of the management account {needs.management_account}"
        return
    if found.feature_set != "ALL":
        yield (
            f"{found.id} has consolidated billing alone: run aws organizations enable-all-features"
        )
    elif needs.control_policies and CONTROL_POLICIES not in found.enabled_policy_types:
        yield (
            f"{found.id} has service control policies off: run aws organizations "
            f"enable-policy-type --root-id {found.roots[0].id} --policy-type {CONTROL_POLICIES}"
        )
    if needs.stack_sets and STACK_SETS not in found.aws_service_access_principals:
        yield (
            f"project_roles need StackSets, which {found.id} does not let in: run "
            "aws cloudformation activate-organizations-access"
        )
