"""Who may do what in a mesh: the owner's and the consumers' rights.

Source: the App Mesh user guide, "Working with shared meshes". A consumer may call what the RAM
permission of the share lists, and nothing else: so it creates no gateways.
"""

from __future__ import annotations

from meshkit.local.services.appmesh.resource import Resource
from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError
from meshkit.local.services.ram.access import allows


def require_mesh_access(call: Call, mesh_owner: str, mesh_name: str) -> None:
    """Raise `ForbiddenException` unless the mesh is the caller's or shared for this action.

    Inferred: the code, and that a mesh that does not exist gets a stranger the same answer.
    """
    if call.account == mesh_owner:
        return
    arn = f"arn:{call.partition}:appmesh:{call.region}:{mesh_owner}:mesh/{mesh_name}"
    if not allows(call, mesh_owner, arn):
        raise forbidden(call, arn)


def require_creator(call: Call, resource: Resource) -> None:
    """Raise `ForbiddenException` unless the caller's account created the resource.

    Both owner and consumer update and tag only what they created themselves.
    """
    if call.account != resource.owner:
        raise forbidden(call, resource.arn)


def require_deleter(call: Call, resource: Resource) -> None:
    """Raise `ForbiddenException` unless the caller created the resource or owns the mesh."""
    if call.account not in (resource.owner, resource.mesh_owner):
        raise forbidden(call, resource.arn)


def forbidden(call: Call, arn: str) -> ApiError:
    """Return the refusal of this call on this resource. The wording is inferred."""
    who = call.caller or call.account
    message = f"{who} is not authorized to perform appmesh:{call.operation} on resource {arn}"
    return ApiError("ForbiddenException", message)
