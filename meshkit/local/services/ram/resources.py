"""Resources that can be shared: the type behind an ARN, and whether the resource exists."""

from __future__ import annotations

import re
from collections.abc import Callable

from moto.ram.utils import RAM_RESOURCE_TYPES

from meshkit.local.services.dispatch import Call
from meshkit.local.services.errors import ApiError

_ARN = re.compile(
    r"arn:[^:]+:(?P<service>[^:]+):(?P<region>[^:]*):(?P<account>\d{12}):(?P<type>[a-z-]+)[:/].+"
)

RESOURCE_TYPES = (
    *RAM_RESOURCE_TYPES,
    # VPC Lattice user guide, "Share your VPC Lattice entities"; moto's table lacks them.
    *(
        {
            "resourceType": f"vpc-lattice:{entity}",
            "serviceName": "vpc-lattice",
            "resourceRegionScope": "REGIONAL",
        }
        for entity in ("Service", "ServiceNetwork")
    ),
)

EXISTS: dict[str, Callable[[str], bool]] = {}
"""Asks the service that has the resources of a type whether an ARN exists. A type that is not
here is believed: moto's services are not asked."""


def shareable_type(arn: str) -> str:
    """Return the RAM resource type of an ARN, such as `appmesh:Mesh`.

    Raises `MalformedArnException` for what is no ARN or can't be shared.
    """
    match = _ARN.fullmatch(arn)
    if not match:
        message = f"The specified resource ARN {arn} is not valid. Verify the ARN and try again."
        raise ApiError("MalformedArnException", message)
    wanted = f"{match['service']}:{match['type'].replace('-', '')}"
    for entry in RESOURCE_TYPES:
        if entry["resourceType"].lower() == wanted:
            return entry["resourceType"]
    raise ApiError("MalformedArnException", "You cannot share the selected resource type.")


def require_own_resource(call: Call, arn: str) -> None:
    """Raise unless the resource is the caller's own, in this region, and exists.

    The codes are inferred from what AssociateResourceShare documents. There is no re-sharing:
    App Mesh user guide, "Working with shared meshes".
    """
    resource_type = shareable_type(arn)
    parts = arn.split(":")
    if parts[4] != call.account:
        message = f"Resource {arn} belongs to another account; only its owner can share it."
        raise ApiError("OperationNotPermittedException", message)
    exists = EXISTS.get(resource_type)
    if parts[3] not in ("", call.region) or (exists and not exists(arn)):
        raise ApiError("UnknownResourceException", f"Resource {arn} could not be found.")
