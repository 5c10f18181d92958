"""Whether the organization is the one of a file, and can be worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from meshkit.config.landing_zone import LandingZoneFile

STACK_SETS: Final = "member.org.stacksets.cloudformation.amazonaws.com"
"""The service that makes stacks in accounts. Source: CloudFormation User Guide, trusted access."""
CONTROL_POLICIES: Final = "SERVICE_CONTROL_POLICY"
"""Source: Organizations API, EnablePolicyType."""


def organization_root(name: str, zone: LandingZoneFile, opts: pulumi.ResourceOptions | None) -> str:
    """Id of the root of the organization that a file names.

    Raises ``MeshkitError`` where the program works outside of its management account, or the
    organization lacks what a landing zone needs.
    """
    provider = opts.provider if opts else None
    found = aws.organizations.get_organization(opts=pulumi.InvokeOptions(provider=provider))
    wanted = zone.organization
    if (found.id, found.master_account_id) != (wanted.id, wanted.management_account):
        raise MeshkitError(
            f"{name}: the program works in the organization {found.id} of {found.master_account_id}"
            f", the file is for {wanted.id} of {wanted.management_account}"
        )
    if not found.roots:
        raise MeshkitError(
            f"{name}: take credentials of the management account {wanted.management_account}: "
            "no other account is told the root of the organization"
        )
    if found.feature_set != "ALL":
        raise MeshkitError(
            f"{name}: {wanted.id} has consolidated billing alone: enable all features"
        )
    if zone.project_roles and STACK_SETS not in found.aws_service_access_principals:
        raise MeshkitError(
            f"{name}: project_roles need StackSets, which {wanted.id} does not let in: run "
            "aws cloudformation activate-organizations-access"
        )
    if zone.guardrails and CONTROL_POLICIES not in found.enabled_policy_types:
        raise MeshkitError(
            f"{name}: guardrails need service control policies, which {wanted.id} has not enabled: "
            "run aws organizations enable-policy-type"
        )
    return found.roots[0].id
