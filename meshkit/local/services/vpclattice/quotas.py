"""How many resources VPC Lattice allows.

Source: VPC Lattice user guide, "Quotas for Amazon VPC Lattice".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from meshkit.local.services.errors import ApiError
from meshkit.local.services.vpclattice.kinds import (
    LISTENER,
    RULE,
    SERVICE,
    SERVICE_ASSOCIATION,
    SERVICE_NETWORK,
    TARGET_GROUP,
    VPC_ASSOCIATION,
)


@dataclass(frozen=True)
class Quota:
    """A quota by its code and name in Service Quotas, and the type of resource that it limits."""

    code: str
    name: str
    limit: int
    resource_type: str


SERVICE_NETWORKS = Quota(
    "L-9CAD07FB", "Service networks per Region", 50, SERVICE_NETWORK.resource_type
)
SERVICES = Quota("L-620C821E", "Services per Region", 2000, SERVICE.resource_type)
LISTENERS = Quota("L-D64E952E", "Listeners per service", 2, LISTENER.resource_type)
RULES = Quota("L-CF78395E", "Rules per listener", 10, RULE.resource_type)
TARGET_GROUPS = Quota("L-BB11C6B9", "Target groups per Region", 500, TARGET_GROUP.resource_type)
GROUPS_OF_SERVICE = Quota("L-3DEC3B9F", "Target groups per service", 10, TARGET_GROUP.resource_type)
TARGETS = Quota("L-D71303F3", "Targets per target group", 1000, "TARGET")
SERVICE_ASSOCIATIONS = Quota(
    "L-75D4A19E",
    "Service associations per service network",
    500,
    SERVICE_ASSOCIATION.resource_type,
)
VPC_ASSOCIATIONS = Quota(
    "L-EF6E2D62", "VPC associations per service network", 500, VPC_ASSOCIATION.resource_type
)

QUOTAS = (
    SERVICE_NETWORKS,
    SERVICES,
    LISTENERS,
    RULES,
    TARGET_GROUPS,
    GROUPS_OF_SERVICE,
    TARGETS,
    SERVICE_ASSOCIATIONS,
    VPC_ASSOCIATIONS,
)

AUTH_POLICY_BYTES = 10 * 1024
"""The size of an auth policy; it can't be raised."""
TAGS_PER_RESOURCE = 50
"""AWS General Reference, "Tagging AWS resources"."""


def require_room(in_force: Mapping[str, int], quota: Quota, wanted: int) -> None:
    """Raise `ServiceQuotaExceededException` where there would be more than the quota allows."""
    limit = in_force[quota.code]
    if wanted > limit:
        message = f"Quota {quota.code} allows {limit}: {quota.name}"
        details = {
            "resourceType": quota.resource_type,
            "serviceCode": "vpc-lattice",
            "quotaCode": quota.code,
        }
        raise ApiError("ServiceQuotaExceededException", message, details)
