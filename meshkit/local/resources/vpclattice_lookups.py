"""Look-ups of Amazon VPC Lattice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from meshkit.local.resources.model import Aws, Inputs, RefusedError, at, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE = "vpc-lattice"


def get_service_network(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a service network up by id or, for a shared one, by ARN."""
    identifier = inputs["serviceNetworkIdentifier"]
    found = aws.call(SERVICE, "GetServiceNetwork", {"serviceNetworkIdentifier": identifier})
    return {
        **_found(aws, found, "arn", "authType", "createdAt", "lastUpdatedAt", "name"),
        "numberOfAssociatedServices": found["numberOfAssociatedServices"],
        "numberOfAssociatedVpcs": found["numberOfAssociatedVPCs"],
        "serviceNetworkIdentifier": identifier,
    }


def get_service(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a service up by `serviceIdentifier` (id or ARN) or by `name`."""
    identifier = inputs.get("serviceIdentifier") or _service_named(aws, inputs.get("name"))
    found = aws.call(SERVICE, "GetService", {"serviceIdentifier": identifier})
    names = ("arn", "authType", "certificateArn", "customDomainName", "idleTimeoutSeconds", "name")
    return {
        **_found(aws, found, *names, "status"),
        "dnsEntries": [found["dnsEntry"]],
        "serviceIdentifier": found["id"],
    }


def _service_named(aws: Aws, name: str | None) -> str:
    pages = aws.client(SERVICE).get_paginator("list_services").paginate()
    arns = [each["arn"] for page in pages for each in page["items"] if each["name"] == name]
    if len(arns) != 1:
        msg = f"{len(arns)} services have the name {name!r}, wanted one"
        raise RefusedError("ResourceNotFoundException", msg)
    return str(arns[0])


def get_listener(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look a listener of a service up by id or ARN."""
    names = {name: inputs[name] for name in ("listenerIdentifier", "serviceIdentifier")}
    found = aws.call(SERVICE, "GetListener", names)
    told = ("arn", "createdAt", "lastUpdatedAt", "name", "port", "protocol", "serviceArn")
    return {
        **_found(aws, found, *told, "serviceId"),
        **names,
        "defaultActions": [_action(found["defaultAction"])],
        "listenerId": found["id"],
    }


def _action(action: Mapping[str, Any]) -> dict[str, Any]:
    """Return an action as look-ups have it: each block is a list."""
    return {
        "fixedResponses": [action["fixedResponse"]] if "fixedResponse" in action else [],
        "forwards": [action["forward"]] if "forward" in action else [],
    }


def get_auth_policy(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look the auth policy of a service or service network up."""
    named = {"resourceIdentifier": inputs["resourceIdentifier"]}
    found = aws.call(SERVICE, "GetAuthPolicy", named)
    return {**named, "id": named["resourceIdentifier"], **_told(found, "policy", "state")}


def get_resource_policy(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """Look the resource policy of a service or service network up."""
    named = {"resourceArn": inputs["resourceArn"]}
    found = aws.call(SERVICE, "GetResourcePolicy", named)
    return {**named, "id": named["resourceArn"], "policy": found["policy"]}


def get_service_associations(aws: Aws, inputs: Inputs) -> dict[str, Any]:
    """List the associations of a service, of a service network or of both."""
    names = ("serviceIdentifier", "serviceNetworkIdentifier")
    named = {name: inputs[name] for name in names if inputs.get(name)}
    operation = "list_service_network_service_associations"
    pages = aws.client(SERVICE).get_paginator(operation).paginate(**named)
    items = [
        {
            **{name: plain(value) for name, value in each.items() if name != "dnsEntry"},
            "dnsEntries": [each["dnsEntry"]],
        }
        for page in pages
        for each in page["items"]
    ]
    return {**named, "items": items}


def _found(aws: Aws, found: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return what an answer tells, with the tags where the caller may see them."""
    try:
        tags = aws.call(SERVICE, "ListTagsForResource", {"resourceArn": found["arn"]})["tags"]
    except ClientError:  # of what another account shares
        tags = {}
    return {"id": found["id"], **_told(found, *names), "tags": tags}


def _told(found: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: plain(at(found, name)) for name in names}


INVOKES = {
    "aws:vpclattice/getAuthPolicy:getAuthPolicy": get_auth_policy,
    "aws:vpclattice/getListener:getListener": get_listener,
    "aws:vpclattice/getResourcePolicy:getResourcePolicy": get_resource_policy,
    "aws:vpclattice/getService:getService": get_service,
    "aws:vpclattice/getServiceNetwork:getServiceNetwork": get_service_network,
    "aws:vpclattice/getServiceNetworkServiceAssociations:getServiceNetworkServiceAssociations": (
        get_service_associations
    ),
}
