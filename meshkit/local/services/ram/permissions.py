"""The AWS managed permissions of RAM.

Names, versions and dates come from moto's table of them. moto does not have what they allow; the
actions of the App Mesh permission are those of version 3 (RAM user guide, App Mesh user guide).
moto's table lacks VPC Lattice, see `LATTICE`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from typing import Any

from moto.ram.utils import AWS_MANAGED_PERMISSIONS

from meshkit.local.services.errors import ApiError

_CONSUMER_KINDS = ("VirtualNode", "VirtualRouter", "Route", "VirtualService")
_CONSUMER_VERBS = ("Create", "Update", "Delete", "Describe")

ACTIONS: dict[str, frozenset[str]] = {
    "AWSRAMDefaultPermissionAppMesh": frozenset(
        {
            *(f"appmesh:{verb}{kind}" for verb in _CONSUMER_VERBS for kind in _CONSUMER_KINDS),
            *(f"appmesh:List{kind}s" for kind in _CONSUMER_KINDS),
            "appmesh:DescribeMesh",
            "appmesh:TagResource",
            "appmesh:UntagResource",
        }
    ),
    "AWSRAMPermissionVpcLatticeServiceNetworkReadWrite": frozenset(
        {
            "vpc-lattice:CreateServiceNetworkServiceAssociation",
            "vpc-lattice:CreateServiceNetworkVpcAssociation",
            "vpc-lattice:GetServiceNetwork",
        }
    ),
    "LocalCloudPermissionVpcLatticeService": frozenset(
        {"vpc-lattice:CreateServiceNetworkServiceAssociation", "vpc-lattice:GetService"}
    ),
}
"""What a permission allows, by its name, as far as the services of the local cloud ask."""


LATTICE: tuple[dict[str, Any], ...] = (
    # The name as in terraform-provider-aws issue 42009, the actions as in resource policies that
    # RAM made; its version and date are not known.
    {
        "name": "AWSRAMPermissionVpcLatticeServiceNetworkReadWrite",
        "resourceType": "vpc-lattice:ServiceNetwork",
    },
    # No source has AWS's name: look it up with ListPermissions, as this one wants it.
    {
        "name": "LocalCloudPermissionVpcLatticeService",
        "resourceType": "vpc-lattice:Service",
    },
)
_UNKNOWN: dict[str, Any] = {
    "version": "1",
    "isResourceTypeDefault": True,
    "creationTime": "2023-03-31 00:00:00",
}


@dataclass(frozen=True)
class Permission:
    """One managed permission, in its only known version."""

    name: str
    arn: str
    version: str
    resource_type: str
    is_default: bool
    created_at: datetime

    @property
    def actions(self) -> frozenset[str]:
        """The actions that the permission allows; empty where they are not known."""
        return ACTIONS.get(self.name, frozenset())

    def summary(self, status: str) -> dict[str, Any]:
        """Return the entry of a list."""
        return {
            "arn": self.arn,
            "version": self.version,
            "defaultVersion": True,
            "name": self.name,
            "resourceType": self.resource_type,
            "status": status,
            "creationTime": self.created_at,
            "lastUpdatedTime": self.created_at,
            "isResourceTypeDefault": self.is_default,
            "permissionType": "AWS_MANAGED",
            "featureSet": "STANDARD",
        }

    @property
    def detail(self) -> dict[str, Any]:
        """The answer to GetPermission; without the policy where its actions are not known."""
        policy = {"Effect": "Allow", "Action": sorted(self.actions)}
        text = {"permission": json.dumps(policy)} if self.actions else {}
        return {**self.summary("ATTACHABLE"), **text}


@cache
def managed_permissions(partition: str) -> tuple[Permission, ...]:
    """Return the managed permissions with their ARNs in this partition."""
    return tuple(
        Permission(
            name=entry["name"],
            arn=f"arn:{partition}:ram::aws:permission/{entry['name']}",
            version=entry["version"],
            resource_type=entry["resourceType"],
            is_default=entry["isResourceTypeDefault"],
            created_at=datetime.fromisoformat(entry["creationTime"]).replace(tzinfo=timezone.utc),
        )
        for entry in (*AWS_MANAGED_PERMISSIONS, *({**_UNKNOWN, **each} for each in LATTICE))
    )


def find_permission(arn: str, partition: str, version: int | None = None) -> Permission:
    """Return the permission with this ARN, raising `UnknownResourceException`."""
    for permission in managed_permissions(partition):
        if permission.arn == arn and version in (None, int(permission.version)):
            return permission
    raise ApiError("UnknownResourceException", f"Permission {arn} could not be found.")


def default_permission(resource_type: str, partition: str) -> Permission:
    """Return the permission that a share takes for a type when none is asked for."""
    for permission in managed_permissions(partition):
        if permission.resource_type == resource_type and permission.is_default:
            return permission
    raise ApiError("InvalidParameterException", f"{resource_type} has no default permission.")
