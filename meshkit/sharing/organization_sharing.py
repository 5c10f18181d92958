"""Sharing with a whole organization. Source: RAM API, EnableSharingWithAwsOrganization."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from meshkit.errors import MeshkitError
from meshkit.inputs import require_args


@dataclass(frozen=True, kw_only=True)
class OrganizationSharingArgs:
    """Arguments of ``OrganizationSharing``."""

    management_account: str
    """Id of the organization's management account, where this must run."""
    protect: bool = True
    """Whether Pulumi refuses to delete it: that would end the sharing for everybody."""


class OrganizationSharing(pulumi.ComponentResource):
    """Enables sharing with the organization: its accounts need no invitation from then on.

    Once for an organization, from its management account.
    """

    def __init__(
        self,
        name: str,
        args: OrganizationSharingArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Raises ``MeshkitError`` when the program works in another account."""
        require_args(name, args, OrganizationSharingArgs)
        super().__init__("meshkit:index:OrganizationSharing", name, None, opts)
        _require_account(name, args.management_account, pulumi.InvokeOptions(parent=self))
        aws.ram.SharingWithOrganization(
            name, opts=pulumi.ResourceOptions(parent=self, protect=args.protect or None)
        )
        self.register_outputs({})


def _require_account(name: str, wanted: str, opts: pulumi.InvokeOptions) -> None:
    account = aws.get_caller_identity(opts=opts).account_id
    if account and account != wanted:
        raise MeshkitError(
            f"{name}: only the management account {wanted} enables sharing with the organization, "
            f"and this is {account}"
        )
