"""What the shares of an account let others do. Other services ask here."""

from __future__ import annotations

from collections.abc import Iterator

from meshkit.local.services.dispatch import Call
from meshkit.local.services.ram.backend import all_backends, backend
from meshkit.local.services.ram.principals import parse_principal
from meshkit.local.services.ram.resources import shareable_type
from meshkit.local.services.ram.share import PRINCIPAL, RESOURCE, Share


def allows(call: Call, owner: str, resource_arn: str) -> bool:
    """Return whether a share gives the caller its operation on a resource of another account."""
    return any(
        share.has_resource(resource_arn)
        and f"{call.service}:{call.operation}"
        in share.permissions[shareable_type(resource_arn)].actions
        and reaches(share, call)
        for share in backend(owner, call.region).shares.values()
    )


def reaches(share: Share, call: Call) -> bool:
    """Return whether a share has the caller among its principals, accepted where that is due."""
    return any(parse_principal(each.entity).covers(call) for each in share.active(PRINCIPAL))


def shares_reaching(call: Call) -> Iterator[Share]:
    """Return the shares of other accounts, in this region, that have the caller as principal."""
    for ram in all_backends(call.region):
        if ram.account_id != call.account:
            yield from (share for share in ram.shares.values() if reaches(share, call))


def shared_with(call: Call, resource_type: str) -> set[str]:
    """Return the ARNs of a type that other accounts share with the caller."""
    return {
        each.entity
        for share in shares_reaching(call)
        for each in share.active(RESOURCE)
        if shareable_type(each.entity) == resource_type
    }
