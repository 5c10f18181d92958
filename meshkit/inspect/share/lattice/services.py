"""The services that providers share with the mesh owner, as the latter sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.confirm.lattice.live import LATTICE
from meshkit.inspect.share.lattice.joined import account_of
from meshkit.inspect.share.model import SharedService
from meshkit.inspect.share.principals import answer_to

if TYPE_CHECKING:
    from meshkit.inspect.confirm.aws import Account
    from meshkit.inspect.share.principals import State
    from meshkit.topology.lattice.model import LatticeMesh, LatticeService

Visible = frozenset[tuple[str, str]]
"""Services by their provider's account and their physical name."""


def visible_to(owner: Account) -> Visible:
    """The services that an account owns or that are shared with it. Raises ``RefusedError``."""
    listed = owner.ask_all(LATTICE, "list_services", "items")
    return frozenset((account_of(each["arn"]), each["name"]) for each in listed)


def shared_services(
    owner: Account, lattice: LatticeMesh, visible: Visible
) -> tuple[SharedService, ...]:
    """How each service stands that the file shares with the mesh owner. Raises ``RefusedError``."""
    if not lattice.service_shares:
        return ()
    received = owner.ask_all("ram", "get_resource_share_invitations", "resourceShareInvitations")
    found = []
    for share in lattice.service_shares.values():
        theirs = [
            each for each in received
            if (each["senderAccountId"], each["resourceShareName"]) == (share.owner.id, share.name)
        ]  # fmt: skip
        seen: State = "accepted" if theirs else "shared"
        unseen = answer_to(theirs, "not shared")
        for key in share.services:
            state = seen if is_visible(lattice.services[key], visible) else unseen
            found.append(SharedService(key, share.owner, state))
    return tuple(found)


def is_visible(service: LatticeService, visible: Visible) -> bool:
    """Whether a service of the file is among those that are seen."""
    return (service.owner.id, service.name) in visible
