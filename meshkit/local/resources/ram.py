"""AWS Resource Access Manager."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.model import (
    Aws,
    Call,
    Created,
    Inputs,
    RefusedError,
    ResourceType,
    by_token,
)


def _association(member: str) -> Call:
    return Call("ram", "AssociateResourceShare", id=f"{{resourceShareArn}},{{{member}}}")


def _accept(aws: Aws, inputs: Inputs) -> Created:
    arn = inputs["shareArn"]
    request = {"resourceShareArns": [arn]}
    invitations = aws.call("ram", "GetResourceShareInvitations", request)
    pending = [
        invitation
        for invitation in invitations["resourceShareInvitations"]
        if invitation["status"] == "PENDING"
    ]
    if not pending:
        msg = (
            f"no pending invitation for {arn} in account {aws.account}; a share inside the "
            "organization needs none"
        )
        raise RefusedError("ResourceShareInvitationArnNotFoundException", msg)
    accepted = aws.call(
        "ram",
        "AcceptResourceShareInvitation",
        {"resourceShareInvitationArn": pending[0]["resourceShareInvitationArn"]},
    )["resourceShareInvitation"]
    return Created(arn, _accepted_properties(aws, accepted))


def _accepted_properties(aws: Aws, invitation: dict[str, Any]) -> dict[str, Any]:
    arn = invitation["resourceShareArn"]
    return {
        "invitationArn": invitation["resourceShareInvitationArn"],
        "receiverAccountId": invitation["receiverAccountId"],
        "resources": _resources(aws, "OTHER-ACCOUNTS", arn),
        "senderAccountId": invitation["senderAccountId"],
        "shareId": "rs-" + arn.rpartition("/")[2],
        "shareName": invitation["resourceShareName"],
        "status": "ACTIVE",
    }


def _resources(aws: Aws, owner: str, share: str) -> list[str]:
    request = {"resourceOwner": owner, "resourceShareArns": [share]}
    listed = aws.call("ram", "ListResources", request)
    return [resource["arn"] for resource in listed["resources"]]


def _share_with_organization(aws: Aws, _inputs: Inputs) -> Created:
    aws.call("ram", "EnableSharingWithAwsOrganization", {})
    return Created(aws.account, {})


def get_resource_share(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a share up by `name` and `resourceOwner` (`SELF` or `OTHER-ACCOUNTS`)."""
    request = {"resourceOwner": inputs["resourceOwner"]}
    if inputs.get("name"):
        request["name"] = inputs["name"]
    shares = aws.call("ram", "GetResourceShares", request)["resourceShares"]
    if len(shares) != 1:
        msg = f"{len(shares)} resource shares match {inputs.get('name')!r}, wanted one"
        raise RefusedError("UnknownResourceException", msg)
    share = shares[0]
    return {
        **inputs,
        "arn": share["resourceShareArn"],
        "id": share["resourceShareArn"],
        "name": share["name"],
        "owningAccountId": share["owningAccountId"],
        "resourceArns": _resources(aws, inputs["resourceOwner"], share["resourceShareArn"]),
        "status": share["status"],
        "tags": {tag["key"]: tag["value"] for tag in share.get("tags", ())},
    }


TYPES = by_token(
    ResourceType(
        "aws:ram/resourceShare:ResourceShare",
        Call(
            "ram",
            "CreateResourceShare",
            result="resourceShare",
            outputs={"arn": "resourceShareArn"},
        ),
        # The API's own default is true; the official provider sends false.
        defaults={"allowExternalPrincipals": False},
    ),
    ResourceType(
        "aws:ram/resourceAssociation:ResourceAssociation",
        _association("resourceArn"),
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:ram/principalAssociation:PrincipalAssociation",
        _association("principal"),
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:ram/resourceShareAccepter:ResourceShareAccepter",
        _accept,
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:ram/sharingWithOrganization:SharingWithOrganization",
        _share_with_organization,
        autoname=None,
        tagged=False,
        regional=False,
    ),
)

INVOKES = {"aws:ram/getResourceShare:getResourceShare": get_resource_share}
