"""One App Mesh resource: its path, its ARN and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.moto_api._internal import mock_random

from meshkit.local.services.appmesh.kinds import Kind
from meshkit.local.services.clock import now

Path = tuple[str, ...]
"""Kinds and names from the mesh down: ("mesh", "shop", "virtualNode", "web")."""


def build_arn(partition: str, region: str, owner: str, mesh_owner: str, path: Path) -> str:
    """Return a resource's ARN.

    The account is the resource owner's. `@OWNER` follows the mesh's name when that account does
    not own the mesh (the App Mesh controller and AWS's cross-account walkthroughs use this form).
    """
    mesh = path[1] if owner == mesh_owner else f"{path[1]}@{mesh_owner}"
    tail = "/".join((path[0], mesh, *path[2:]))
    return f"arn:{partition}:appmesh:{region}:{owner}:{tail}"


@dataclass
class Resource:
    """A resource as the service keeps it. A spec is replaced, never changed in place."""

    kind: Kind
    path: Path
    arn: str
    owner: str
    mesh_owner: str
    spec: dict[str, Any]
    tags: dict[str, str]
    status: str = "ACTIVE"
    version: int = 1
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    uid: str = field(default_factory=lambda: str(mock_random.uuid4()))

    @property
    def names(self) -> dict[str, str]:
        """The name of each resource on the path: meshName, virtualRouterName, ..."""
        return {
            f"{kind}Name": name for kind, name in zip(self.path[::2], self.path[1::2], strict=True)
        }

    @property
    def reference(self) -> dict[str, Any]:
        """The entry of a list."""
        return {
            **self.names,
            "arn": self.arn,
            "createdAt": self.created_at,
            "lastUpdatedAt": self.updated_at,
            "meshOwner": self.mesh_owner,
            "resourceOwner": self.owner,
            "version": self.version,
        }

    @property
    def data(self) -> dict[str, Any]:
        """The answer to create, describe, update and delete."""
        return {
            **self.names,
            "metadata": {**self.reference, "uid": self.uid},
            "spec": self.spec,
            "status": {"status": self.status},
        }

    def update(self, spec: dict[str, Any]) -> None:
        """Put a new spec in place and raise the version."""
        self.spec = spec
        self.version += 1
        self.updated_at = now()
