"""Run by the management account, once."""

import meshkit

meshkit.OrganizationSharing(
    "sharing", meshkit.OrganizationSharingArgs(management_account="999999999999")
)
