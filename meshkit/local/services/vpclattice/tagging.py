"""Tags. They belong to the account that created a resource; nobody else sees or changes them.

Evidence: ListTagsForResource of a shared entity is refused (terraform-provider-aws issue 32938).
"""

from __future__ import annotations

from typing import Any

from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.vpclattice.backend import home
from meshkit.local.services.vpclattice.kinds import KINDS
from meshkit.local.services.vpclattice.refusals import denied, not_found
from meshkit.local.services.vpclattice.resource import Resource, identified
from meshkit.local.services.vpclattice.tags import checked


def tag_resource(call: Call) -> dict[str, Any]:
    """Add tags to a resource, or change them."""
    resource = _own(call)
    resource.tags = checked(resource.tags | call.params["tags"])
    return {}


def untag_resource(call: Call) -> dict[str, Any]:
    """Remove tags from a resource; keys that it does not have are no error."""
    resource, removed = _own(call), set(call.params["tagKeys"])
    resource.tags = {key: value for key, value in resource.tags.items() if key not in removed}
    return {}


def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """List the tags of a resource."""
    return {"tags": _own(call).tags}


OPERATIONS: dict[str, Handler] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags_for_resource,
}


def _own(call: Call) -> Resource:
    arn = call.params["resourceArn"]
    named = identified(arn)
    if named.account != call.account:
        raise denied(call, arn)
    kind = next((each for each in KINDS if named.id.startswith(f"{each.prefix}-")), KINDS[0])
    found = home(call).resources[kind].get(named.id)
    if found is None or found.arn != arn:
        raise not_found(kind, arn)
    return found
