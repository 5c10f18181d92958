"""A resource share, its associations and its invitations, as the service keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from meshkit.local.services.clock import now
from meshkit.local.services.ram.permissions import Permission
from meshkit.local.services.ram.resources import shareable_type

PRINCIPAL = "PRINCIPAL"
RESOURCE = "RESOURCE"


@dataclass
class Association:
    """A principal or a resource in a share."""

    kind: str
    entity: str
    external: bool = False
    status: str = "ASSOCIATED"
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)

    def become(self, status: str) -> None:
        """Change the status."""
        self.status = status
        self.updated_at = now()


@dataclass
class Share:
    """A resource share. `permissions` holds one permission for each resource type."""

    arn: str
    name: str
    owner: str
    allow_external: bool
    tags: dict[str, str]
    configuration: dict[str, Any] | None
    status: str = "ACTIVE"
    permissions: dict[str, Permission] = field(default_factory=dict)
    associations: dict[tuple[str, str], Association] = field(default_factory=dict)
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)

    def active(self, kind: str) -> list[Association]:
        """Return the associations of a kind that are in force."""
        return [
            each
            for each in self.associations.values()
            if each.kind == kind and each.status == "ASSOCIATED"
        ]

    def has_resource(self, arn: str) -> bool:
        """Return whether the share shares this resource."""
        association = self.associations.get((RESOURCE, arn))
        return association is not None and association.status == "ASSOCIATED"

    def shown_association(self, association: Association) -> dict[str, Any]:
        """Return an association as answers show it."""
        return {
            "resourceShareArn": self.arn,
            "resourceShareName": self.name,
            "associatedEntity": association.entity,
            "associationType": association.kind,
            "status": association.status,
            "creationTime": association.created_at,
            "lastUpdatedTime": association.updated_at,
            "external": association.external,
        }

    @property
    def shown_resources(self) -> list[dict[str, Any]]:
        """The resources of the share as answers show them."""
        return [
            {
                "arn": each.entity,
                "type": shareable_type(each.entity),
                "resourceShareArn": self.arn,
                "status": "AVAILABLE",
                "creationTime": each.created_at,
                "lastUpdatedTime": each.updated_at,
                "resourceRegionScope": "REGIONAL",
            }
            for each in self.active(RESOURCE)
        ]

    @property
    def shown(self) -> dict[str, Any]:
        """The share as answers show it."""
        return {
            "resourceShareArn": self.arn,
            "name": self.name,
            "owningAccountId": self.owner,
            "allowExternalPrincipals": self.allow_external,
            "status": self.status,
            "tags": [{"key": key, "value": value} for key, value in self.tags.items()],
            "creationTime": self.created_at,
            "lastUpdatedTime": self.updated_at,
            "featureSet": "STANDARD",
            "resourceShareConfiguration": self.configuration,
        }


@dataclass
class Invitation:
    """The invitation of an account outside the organization to a share."""

    arn: str
    share: Share
    principal: str
    receiver: str
    status: str = "PENDING"
    sent_at: datetime = field(default_factory=now)

    @property
    def shown(self) -> dict[str, Any]:
        """The invitation as answers show it."""
        return {
            "resourceShareInvitationArn": self.arn,
            "resourceShareName": self.share.name,
            "resourceShareArn": self.share.arn,
            "senderAccountId": self.share.owner,
            "receiverAccountId": self.receiver,
            "receiverArn": self.principal if self.principal != self.receiver else None,
            "invitationTimestamp": self.sent_at,
            "status": self.status,
        }
