"""The state of RAM in one account and region, and how operations find a share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from moto.ram.models import ram_backends

from meshkit.local.services.dispatch import Call, ModelBackend, regional
from meshkit.local.services.errors import ApiError
from meshkit.local.services.ram.share import Invitation, Share

_SHARE_ARN = re.compile(r"arn:[^:]+:ram:(?P<region>[^:]+):(?P<owner>\d{12}):resource-share/.+")

DEFAULT_QUOTAS = {
    "shares": 25_000,
    "associations": 25_000,  # of resources, and as many of principals
    "associations_of_share": 5_000,
    "pending_invitations": 20,
}
"""What an account may have in a region (RAM, Service Quotas)."""


class RamBackend(ModelBackend):
    """The shares of one account in one region and the invitations it sent.

    `organization_sharing` is set where the management account turned on sharing with its
    organization; it then holds in every region. `quotas` may be raised, as AWS does on request.
    """

    host = "ram"

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.shares: dict[str, Share] = {}
        self.invitations: dict[str, Invitation] = {}
        self.organization_sharing = False
        self.quotas = dict(DEFAULT_QUOTAS)


def backend(account: str, region: str) -> RamBackend:
    """Return the RAM of an account in a region."""
    return cast("RamBackend", regional(ram_backends, account, region))


def all_backends(region: str) -> Iterator[RamBackend]:
    """Return the RAM of every account that has used it in this region."""
    for account in list(ram_backends):
        if region in list(ram_backends[account].keys()):
            yield backend(account, region)


def organization_sharing(management_account: str) -> bool:
    """Return whether an organization has turned on sharing."""
    regions = cast("dict[str, RamBackend]", ram_backends[management_account])
    return any(ram.organization_sharing for ram in list(regions.values()))


def find_share(call: Call, arn: str) -> Share:
    """Return a live share of any account.

    Raises `MalformedArnException`, or `UnknownResourceException` for a share that does not exist
    (inferred: or is deleted).
    """
    match = _SHARE_ARN.fullmatch(arn)
    if not match:
        message = f"The specified resource ARN {arn} is not valid. Verify the ARN and try again."
        raise ApiError("MalformedArnException", message)
    share = None
    if match["region"] == call.region:
        share = backend(match["owner"], call.region).shares.get(arn)
    if share is None or share.status != "ACTIVE":
        raise ApiError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    return share


def own_share(call: Call) -> Share:
    """Return the caller's share that `resourceShareArn` names; to others it does not exist."""
    arn = call.params["resourceShareArn"]
    share = find_share(call, arn)
    if share.owner != call.account:
        raise ApiError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    return share
