"""The operations on managed permissions, and the switch for the organization."""

from __future__ import annotations

from typing import Any

from moto.organizations.models import OrganizationsBackend

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.errors import ApiError
from meshkit.local.services.iam import ensure_service_linked_role
from meshkit.local.services.organization import organization_of
from meshkit.local.services.ram.backend import backend, own_share
from meshkit.local.services.ram.pages import page
from meshkit.local.services.ram.permissions import find_permission, managed_permissions
from meshkit.local.services.ram.resources import RESOURCE_TYPES, shareable_type
from meshkit.local.services.ram.share import RESOURCE


def list_permissions(call: Call) -> dict[str, Any]:
    """List the managed permissions, of one resource type if wanted (case does not matter)."""
    wanted = call.params.get("resourceType", "").lower()
    customer_only = call.params.get("permissionType") == "CUSTOMER_MANAGED"
    shown = [
        permission.summary("ATTACHABLE")
        for permission in managed_permissions(call.partition)
        if not customer_only and wanted in ("", permission.resource_type.lower())
    ]
    if wanted and wanted not in {each["resourceType"].lower() for each in RESOURCE_TYPES}:
        message = f"Invalid resource type: {call.params['resourceType']}"
        raise ApiError("InvalidParameterException", message)
    return page(call, "permissions", shown, lambda each: str(each["arn"]))


def get_permission(call: Call) -> dict[str, Any]:
    """Return a managed permission with its policy."""
    version = call.params.get("permissionVersion")
    return {"permission": find_permission(_arn(call), call.partition, version).detail}


def list_versions(call: Call) -> dict[str, Any]:
    """List the versions of a managed permission: the one that is known."""
    shown = [find_permission(_arn(call), call.partition).summary("ATTACHABLE")]
    return page(call, "permissions", shown, lambda each: str(each["version"]))


def list_share_permissions(call: Call) -> dict[str, Any]:
    """List the permissions of a share of the caller."""
    shown = [each.summary("ASSOCIATED") for each in own_share(call).permissions.values()]
    return page(call, "permissions", shown, lambda each: str(each["arn"]))


def associate(call: Call) -> dict[str, Any]:
    """Give a share its permission for a resource type."""
    share = own_share(call)
    permission = find_permission(_arn(call), call.partition, call.params.get("permissionVersion"))
    present = share.permissions.get(permission.resource_type)
    if present and present.arn != permission.arn and not call.params.get("replace"):
        # API reference: another permission of the type takes `replace`. The code is inferred.
        message = f"{share.arn} already has a permission for {permission.resource_type}."
        raise ApiError("InvalidParameterException", message)
    share.permissions[permission.resource_type] = permission
    return {"returnValue": True}


def disassociate(call: Call) -> dict[str, Any]:
    """Take a permission from a share that has no resource of its type any more (API reference)."""
    share = own_share(call)
    permission = find_permission(_arn(call), call.partition)
    if share.permissions.get(permission.resource_type) != permission:
        message = f"Permission {permission.arn} is not associated with {share.arn}."
        raise ApiError("UnknownResourceException", message)
    used = {shareable_type(each.entity) for each in share.active(RESOURCE)}
    if permission.resource_type in used:
        message = f"{share.arn} still has resources of type {permission.resource_type}."
        raise ApiError("InvalidStateTransitionException", message)
    del share.permissions[permission.resource_type]
    return {"returnValue": True}


def list_resource_types(call: Call) -> dict[str, Any]:
    """List the resource types that can be shared."""
    scope = call.params.get("resourceRegionScope", "ALL")
    shown = [dict(each) for each in RESOURCE_TYPES if scope in ("ALL", each["resourceRegionScope"])]
    return page(call, "resourceTypes", shown, lambda each: str(each["resourceType"]))


def enable_organization_sharing(call: Call) -> dict[str, Any]:
    """Turn on sharing with the organization; only its management account can."""
    organization = organization_of(call.account, call.partition)
    if organization is None or organization.account_id != call.account:
        message = (
            "Unable to enable sharing with AWS Organizations. Received AccessDeniedException from "
            "AWSOrganizations with the following error message: "
            "You don't have permissions to access this resource."
        )
        raise ApiError("OperationNotPermittedException", message)
    share_with(organization, call.partition, call.region)
    return {"returnValue": True}


def share_with(organization: OrganizationsBackend, partition: str, region: str) -> None:
    """Let the accounts of an organization share with each other.

    As in AWS this also trusts RAM in the organization and makes RAM's service-linked role.
    """
    account = organization.account_id
    organization.enable_aws_service_access(ServicePrincipal="ram.amazonaws.com")
    ensure_service_linked_role(account, partition, "ram.amazonaws.com")
    backend(account, region).organization_sharing = True


OPERATIONS: dict[str, Handler] = {
    "ListPermissions": list_permissions,
    "GetPermission": get_permission,
    "ListPermissionVersions": list_versions,
    "ListResourceSharePermissions": list_share_permissions,
    "AssociateResourceSharePermission": associate,
    "DisassociateResourceSharePermission": disassociate,
    "ListResourceTypes": list_resource_types,
    "EnableSharingWithAwsOrganization": enable_organization_sharing,
}


def _arn(call: Call) -> str:
    return str(call.params["permissionArn"])
