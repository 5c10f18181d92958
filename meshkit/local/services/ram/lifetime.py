"""What time does to shares and invitations."""

from __future__ import annotations

from datetime import timedelta

from meshkit.local.services.clock import now
from meshkit.local.services.ram.backend import RamBackend, all_backends
from meshkit.local.services.ram.resources import shareable_type
from meshkit.local.services.ram.share import PRINCIPAL, RESOURCE, Share

LONG_WAIT = timedelta(days=7)
SHORT_WAIT = timedelta(hours=12)
"""How long an invitation can be accepted: RAM user guide, "Accepting and rejecting resource share
invitations". The short time is that of every type which the guide does not list, so of meshes."""

DELETED_SHOWN = timedelta(hours=2)
"""How long a deleted share is still shown (RAM user guide, "Deleting a resource share")."""

LEAVABLE = frozenset(
    {
        "ec2:CapacityReservation",
        "ec2:CoipPool",
        "ec2:DedicatedHost",
        "ec2:LocalGatewayRouteTable",
        "ec2:PrefixList",
        "ec2:Subnet",
        "ec2:TrafficMirrorTarget",
        "ec2:TransitGateway",
        "ec2:TransitGatewayMulticastDomain",
        "license-manager:LicenseConfiguration",
        "outposts:Outpost",
        "outposts:Site",
        "rds:Cluster",
        "route53resolver:ResolverRule",
    }
)
"""The types whose shares an invited account can leave (RAM user guide, "Leaving a resource
share"). The list of types with the long wait has the same services."""


def only_leavable(share: Share) -> bool:
    """Return whether a share is empty or has only resources of the types that can be left."""
    return all(shareable_type(each.entity) in LEAVABLE for each in share.active(RESOURCE))


def pass_time(region: str) -> None:
    """Let invitations expire, and forget what was deleted long ago, in every account."""
    for ram in all_backends(region):
        _expire_invitations(ram)
        _forget_deleted(ram)


def _expire_invitations(ram: RamBackend) -> None:
    for invitation in ram.invitations.values():
        share = invitation.share
        wait = LONG_WAIT if only_leavable(share) else SHORT_WAIT
        if invitation.status == "PENDING" and now() - invitation.sent_at > wait:
            invitation.status = "EXPIRED"
            share.associations[PRINCIPAL, invitation.principal].become("DISASSOCIATED")


def _forget_deleted(ram: RamBackend) -> None:
    horizon = now() - DELETED_SHOWN
    gone = {
        share.arn
        for share in ram.shares.values()
        if share.status == "DELETED" and share.updated_at < horizon
    }
    for arn in gone:
        del ram.shares[arn]
