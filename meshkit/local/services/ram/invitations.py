"""Invitations: how an account outside the organization joins a share."""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.errors import ApiError
from meshkit.local.services.ram.backend import all_backends
from meshkit.local.services.ram.pages import page
from meshkit.local.services.ram.share import PRINCIPAL, Invitation

_CLOSED = {
    "ACCEPTED": "ResourceShareInvitationAlreadyAcceptedException",
    "REJECTED": "ResourceShareInvitationAlreadyRejectedException",
    "EXPIRED": "ResourceShareInvitationExpiredException",
}


def get_invitations(call: Call) -> dict[str, Any]:
    """List the invitations that the caller's account received."""
    received = _received(call)
    arns = call.params.get("resourceShareInvitationArns")
    shares = call.params.get("resourceShareArns")
    for arn in arns or ():
        _require(received, arn)
    shown = [
        invitation.shown
        for invitation in received.values()
        if (not arns or invitation.arn in arns) and (not shares or invitation.share.arn in shares)
    ]
    key = "resourceShareInvitations"
    return page(call, key, shown, lambda each: str(each["resourceShareInvitationArn"]))


def pending_resources(call: Call) -> dict[str, Any]:
    """List what an open invitation of the caller would give it."""
    invitation = _open(call)
    return page(call, "resources", invitation.share.shown_resources, lambda each: str(each["arn"]))


def accept(call: Call) -> dict[str, Any]:
    """Accept an invitation: the share's resources can be used at once."""
    return _close(call, "ACCEPTED", "ASSOCIATED")


def reject(call: Call) -> dict[str, Any]:
    """Reject an invitation. Inferred: the owner sees the association as failed."""
    return _close(call, "REJECTED", "FAILED")


OPERATIONS: dict[str, Handler] = {
    "GetResourceShareInvitations": get_invitations,
    "ListPendingInvitationResources": pending_resources,
    "AcceptResourceShareInvitation": accept,
    "RejectResourceShareInvitation": reject,
}


def _received(call: Call) -> dict[str, Invitation]:
    return {
        arn: invitation
        for ram in all_backends(call.region)
        for arn, invitation in ram.invitations.items()
        if invitation.receiver == call.account
    }


def _require(received: dict[str, Invitation], arn: str) -> Invitation:
    if arn not in received:
        message = f"ResourceShareInvitation {arn} could not be found."
        raise ApiError("ResourceShareInvitationArnNotFoundException", message)
    return received[arn]


def _open(call: Call) -> Invitation:
    """Return the invitation that the call names, raising unless it is still open."""
    invitation = _require(_received(call), call.params["resourceShareInvitationArn"])
    if invitation.status in _CLOSED:
        message = f"Invitation {invitation.arn} is {invitation.status.lower()} already."
        raise ApiError(_CLOSED[invitation.status], message)
    return invitation


def _close(call: Call, status: str, association_status: str) -> dict[str, Any]:
    invitation = _open(call)
    invitation.status = status
    invitation.share.associations[PRINCIPAL, invitation.principal].become(association_status)
    return {"resourceShareInvitation": invitation.shown}
