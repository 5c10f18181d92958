"""Tags of App Mesh resources.

Source of the rights: the App Mesh user guide, "Working with shared meshes". Tags belong to the
account that created the resource; no other account sees or changes them, the mesh owner included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from meshkit.local.services.appmesh import access
from meshkit.local.services.appmesh.arns import parse_arn
from meshkit.local.services.appmesh.backend import backend
from meshkit.local.services.appmesh.pages import page
from meshkit.local.services.appmesh.resource import Resource
from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.errors import ApiError

TAGS_PER_RESOURCE = 50


def merged(tags: dict[str, str], added: Iterable[dict[str, str]]) -> dict[str, str]:
    """Return the tags with others added, checked against AWS's rules for tags."""
    result = tags | {tag["key"]: tag["value"] for tag in added}
    if reserved := [key for key in result if key.lower().startswith("aws:")]:
        # "aws:" is reserved in every service (AWS General Reference); the code is inferred.
        raise ApiError("BadRequestException", f"Tag keys must not start with aws: {reserved[0]}")
    if len(result) > TAGS_PER_RESOURCE:
        message = f"A resource has at most {TAGS_PER_RESOURCE} tags"
        raise ApiError("TooManyTagsException", message)
    return result


def tag_resource(call: Call) -> dict[str, Any]:
    """Add tags to a resource, or change them."""
    resource = _own_resource(call)
    resource.tags = merged(resource.tags, call.params["tags"])
    return {}


def untag_resource(call: Call) -> dict[str, Any]:
    """Remove tags from a resource; keys it does not have are no error."""
    resource = _own_resource(call)
    removed = set(call.params["tagKeys"])
    resource.tags = {key: value for key, value in resource.tags.items() if key not in removed}
    return {}


def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """List the tags of a resource, in the order of their keys."""
    tags = _own_resource(call).tags.items()
    shown, token = page(call, tags, lambda tag: tag[0], TAGS_PER_RESOURCE)
    return {"tags": [{"key": key, "value": value} for key, value in shown], "nextToken": token}


OPERATIONS: dict[str, Handler] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags_for_resource,
}


def _own_resource(call: Call) -> Resource:
    arn = call.params["resourceArn"]
    parsed = parse_arn(arn)
    if parsed.owner != call.account:
        raise access.forbidden(call, arn)
    # Inferred: the RAM permission names TagResource and UntagResource only, and a consumer still
    # lists the tags of what it created, as long as the mesh is shared with it.
    tagging = replace(call, operation="TagResource")
    access.require_mesh_access(tagging, parsed.mesh_owner, parsed.path[1])
    resource = backend(parsed.mesh_owner, parsed.region).store.get(parsed.path)
    if resource.arn != arn or parsed.region != call.region:
        raise ApiError("NotFoundException", f"{arn} does not exist")
    return resource
