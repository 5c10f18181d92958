"""AWS Resource Access Manager."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from meshkit.local.resources.life import Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import (
    Aws,
    Call,
    Created,
    Inputs,
    RefusedError,
    ResourceType,
    by_token,
)


def _association(kind: str, member: str) -> ResourceType:
    id_ = f"{{resourceShareArn}},{{{member}}}"
    filters = {"associationType": f"={kind.upper()}", member: member}
    listed = "resourceArns" if member == "resourceArn" else "principals"
    life = Life(
        read=Reading(
            Request(
                "ram",
                "GetResourceShareAssociations",
                {**filters, "resourceShareArns": ["resourceShareArn"]},
            ),
            result="resourceShareAssociations.0",
            properties={member: "associatedEntity", "resourceShareArn": "resourceShareArn"},
            gone=("DISASSOCIATED",),
        ),
        delete=(
            Request(
                "ram",
                "DisassociateResourceShare",
                {"resourceShareArn": "resourceShareArn", listed: [member]},
            ),
        ),
        imported=id_,
    )
    create = Call("ram", "AssociateResourceShare", id=id_)
    token = f"aws:ram/{kind}Association:{kind.title()}Association"
    return ResourceType(token, create, life, autoname=None, tagged=False)


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


def _accepted(aws: Aws, properties: Inputs) -> dict[str, Any]:
    arn = properties["shareArn"]
    request = {"resourceOwner": "OTHER-ACCOUNTS", "resourceShareArns": [arn]}
    shares = aws.call("ram", "GetResourceShares", request)["resourceShares"]
    if not shares:
        return {}
    found = {"shareArn": arn, "shareName": shares[0]["name"], "status": shares[0]["status"]}
    return {**found, "resources": _resources(aws, "OTHER-ACCOUNTS", arn)}


def _leave(aws: Aws, properties: Inputs) -> None:
    """Leave a share. One that can't be left is forgotten, as the official provider does."""
    arn = properties["shareArn"]
    request = {"resourceShareArn": arn, "principals": [aws.account]}
    try:
        aws.call("ram", "DisassociateResourceShare", request)
    except ClientError as error:
        if error.response["Error"]["Code"] != "OperationNotPermittedException":
            raise


def _share_with_organization(aws: Aws, _inputs: Inputs) -> Created:
    aws.call("ram", "EnableSharingWithAwsOrganization", {})
    return Created(aws.account, {})


def get_resource_share(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a share up by `resourceOwner` (`SELF` or `OTHER-ACCOUNTS`), `name` and status."""
    names = ("resourceOwner", "name", "resourceShareStatus")
    request = {name: inputs[name] for name in names if inputs.get(name)}
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
        Life(
            read=Reading(
                Request(
                    "ram",
                    "GetResourceShares",
                    {"resourceOwner": "=SELF", "resourceShareArns": ["id"]},
                ),
                result="resourceShares.0",
                properties={
                    "allowExternalPrincipals": "allowExternalPrincipals",
                    "arn": "resourceShareArn",
                    "name": "name",
                },
                gone=("DELETED", "DELETING"),
            ),
            updates=(
                Update(
                    Request("ram", "UpdateResourceShare", {"resourceShareArn": "id"}),
                    ("name", "allowExternalPrincipals"),
                ),
            ),
            delete=(Request("ram", "DeleteResourceShare", {"resourceShareArn": "id"}),),
            tagging=Tagging("ram", {"resourceShareArn": "id"}, listed=""),
        ),
        # The API's own default is true; the official provider sends false.
        defaults={"allowExternalPrincipals": False},
    ),
    _association("resource", "resourceArn"),
    _association("principal", "principal"),
    ResourceType(
        "aws:ram/resourceShareAccepter:ResourceShareAccepter",
        _accept,
        Life(
            read=Reading(
                _accepted,
                properties={
                    "resources": "resources",
                    "shareArn": "shareArn",
                    "shareName": "shareName",
                    "status": "status",
                },
            ),
            delete=(_leave,),
            imported="{shareArn}",
        ),
        autoname=None,
        tagged=False,
    ),
    ResourceType(
        "aws:ram/sharingWithOrganization:SharingWithOrganization",
        _share_with_organization,
        Life(
            read=Reading(Request("organizations", "DescribeOrganization"), "Organization"),
            delete=(
                Request(
                    "organizations",
                    "DisableAWSServiceAccess",
                    {"ServicePrincipal": "=ram.amazonaws.com"},
                ),
            ),
        ),
        autoname=None,
        tagged=False,
        regional=False,
    ),
)

INVOKES = {"aws:ram/getResourceShare:getResourceShare": get_resource_share}
