"""Creating, changing, deleting and listing resource shares, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.moto_api._internal import mock_random

from meshkit.local.services.clock import now
from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.errors import ApiError
from meshkit.local.services.ram import quotas
from meshkit.local.services.ram.access import shares_reaching
from meshkit.local.services.ram.associations import add_to_share
from meshkit.local.services.ram.backend import backend, own_share
from meshkit.local.services.ram.pages import page
from meshkit.local.services.ram.permissions import find_permission
from meshkit.local.services.ram.share import PRINCIPAL, Share

TAGS_PER_SHARE = 50


def create(call: Call) -> dict[str, Any]:
    """Create a share. Outside accounts may be added unless `allowExternalPrincipals` is false."""
    ram = backend(call.account, call.region)
    quotas.check_share_count(ram)
    share = Share(
        arn=f"arn:{call.partition}:ram:{call.region}:{call.account}:resource-share/{mock_random.uuid4()}",
        name=call.params["name"],
        owner=call.account,
        allow_external=call.params.get("allowExternalPrincipals", True),
        tags=_with_tags({}, call.params.get("tags", [])),
        configuration=call.params.get("resourceShareConfiguration"),
    )
    for arn in call.params.get("permissionArns", []):
        permission = find_permission(arn, call.partition)
        if permission.resource_type in share.permissions:
            # RAM user guide: one managed permission for each resource type. The code is inferred.
            message = f"{permission.resource_type} has more than one permission."
            raise ApiError("InvalidParameterException", message)
        share.permissions[permission.resource_type] = permission
    add_to_share(call, share)
    ram.shares[share.arn] = share
    return {"resourceShare": share.shown}


def update(call: Call) -> dict[str, Any]:
    """Change the name, or whether outside accounts may be added; what is left out stays."""
    share = own_share(call)
    share.name = call.params.get("name", share.name)
    share.allow_external = call.params.get("allowExternalPrincipals", share.allow_external)
    share.updated_at = now()
    return {"resourceShare": share.shown}


def delete(call: Call) -> dict[str, Any]:
    """Delete a share: nobody can use its resources any more. It stays visible as DELETED."""
    share = own_share(call)
    for association in share.associations.values():
        association.become("DISASSOCIATED")
    ram = backend(call.account, call.region)
    ram.invitations = {
        arn: each
        for arn, each in ram.invitations.items()
        if each.share is not share or each.status != "PENDING"
    }
    share.status, share.updated_at = "DELETED", now()
    return {"returnValue": True}


def get_shares(call: Call) -> dict[str, Any]:
    """List the caller's shares, or those of others that have the caller as principal."""
    visible = {share.arn: share for share in _visible(call)}
    for arn in call.params.get("resourceShareArns", []):
        if arn not in visible:
            raise ApiError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    shown = (share.shown for share in visible.values() if _matches(share, call.params))
    return page(call, "resourceShares", shown, lambda each: str(each["resourceShareArn"]))


def list_principals(call: Call) -> dict[str, Any]:
    """List whom the caller shares with, or the owners of what is shared with the caller."""
    own = call.params["resourceOwner"] == "SELF"
    entries = [
        {
            "id": each.entity if own else share.owner,
            "resourceShareArn": share.arn,
            "creationTime": each.created_at,
            "lastUpdatedTime": each.updated_at,
            "external": each.external,
        }
        for share in _chosen(call)
        if call.params.get("resourceArn") is None or share.has_resource(call.params["resourceArn"])
        for each in share.active(PRINCIPAL)
    ]
    wanted = call.params.get("principals")
    unique = {
        _entry_key(entry, "id"): entry for entry in entries if not wanted or entry["id"] in wanted
    }
    return page(call, "principals", unique.values(), lambda each: _entry_key(each, "id"))


def list_resources(call: Call) -> dict[str, Any]:
    """List the resources that the caller shares, or that others share with it."""
    arns, wanted_type = call.params.get("resourceArns"), call.params.get("resourceType")
    principal = call.params.get("principal")
    entries = [
        entry
        for share in _chosen(call)
        if principal is None or principal in _principals(share, call)
        for entry in share.shown_resources
    ]
    shown = [
        entry
        for entry in entries
        if (not arns or entry["arn"] in arns) and wanted_type in (None, entry["type"])
    ]
    return page(call, "resources", shown, lambda each: _entry_key(each, "arn"))


def tag(call: Call) -> dict[str, Any]:
    """Add tags to a share of the caller."""
    share = _tagged_share(call)
    share.tags = _with_tags(share.tags, call.params["tags"])
    return {}


def untag(call: Call) -> dict[str, Any]:
    """Remove tags from a share of the caller."""
    share = _tagged_share(call)
    removed = set(call.params["tagKeys"])
    share.tags = {key: value for key, value in share.tags.items() if key not in removed}
    return {}


OPERATIONS: dict[str, Handler] = {
    "CreateResourceShare": create,
    "UpdateResourceShare": update,
    "DeleteResourceShare": delete,
    "GetResourceShares": get_shares,
    "ListPrincipals": list_principals,
    "ListResources": list_resources,
    "TagResource": tag,
    "UntagResource": untag,
}


def _visible(call: Call) -> Iterable[Share]:
    if call.params["resourceOwner"] == "SELF":
        return backend(call.account, call.region).shares.values()
    return shares_reaching(call)


def _chosen(call: Call) -> list[Share]:
    arns = call.params.get("resourceShareArns")
    return [share for share in _visible(call) if not arns or share.arn in arns]


def _principals(share: Share, call: Call) -> set[str]:
    if call.params["resourceOwner"] != "SELF":
        return {share.owner}
    return {each.entity for each in share.active(PRINCIPAL)}


def _entry_key(entry: dict[str, Any], member: str) -> str:
    return f"{entry[member]} {entry['resourceShareArn']}"


def _matches(share: Share, params: dict[str, Any]) -> bool:
    arns, permission_arn = params.get("resourceShareArns"), params.get("permissionArn")
    return (
        (not arns or share.arn in arns)
        and params.get("name") in (None, share.name)
        and params.get("resourceShareStatus") in (None, share.status)
        and (
            permission_arn is None
            or permission_arn in {each.arn for each in share.permissions.values()}
        )
        and all(_has_tag(share, wanted) for wanted in params.get("tagFilters", []))
    )


def _has_tag(share: Share, wanted: dict[str, Any]) -> bool:
    key, values = wanted.get("tagKey"), wanted.get("tagValues")
    return key in share.tags and (not values or share.tags[key] in values)


def _tagged_share(call: Call) -> Share:
    arn = call.params.get("resourceShareArn") or call.params.get("resourceArn")
    if arn is None:
        message = "Specify the ARN of a resource share."
        raise ApiError("InvalidParameterException", message)
    call.params["resourceShareArn"] = arn
    return own_share(call)


def _with_tags(tags: dict[str, str], added: list[dict[str, str]]) -> dict[str, str]:
    result = tags | {each["key"]: each["value"] for each in added}
    if len(result) > TAGS_PER_SHARE:
        message = f"A resource share has at most {TAGS_PER_SHARE} tags."
        raise ApiError("TagLimitExceededException", message)
    return result
