"""The state of App Mesh in one account and region."""

from __future__ import annotations

from typing import cast

from moto.appmesh.models import appmesh_backends

from meshkit.local.services.appmesh.arns import parse_arn
from meshkit.local.services.appmesh.kinds import DEFAULT_QUOTAS
from meshkit.local.services.appmesh.store import Store
from meshkit.local.services.dispatch import ModelBackend, regional


class AppMeshBackend(ModelBackend):
    """The meshes that one account owns in one region, with everything in them.

    What a consumer creates in a shared mesh is kept here too, with the mesh. `quotas` maps quota
    codes to limits and may be raised, as AWS does on request.
    """

    host = "appmesh"

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.store = Store(account_id)
        self.quotas = dict(DEFAULT_QUOTAS)


def backend(account: str, region: str) -> AppMeshBackend:
    """Return the App Mesh of an account in a region."""
    return cast("AppMeshBackend", regional(appmesh_backends, account, region))


def mesh_exists(arn: str) -> bool:
    """Return whether this is the ARN of a mesh that exists; RAM asks before it shares one."""
    parsed = parse_arn(arn)
    mesh = backend(parsed.owner, parsed.region).store.find(parsed.path)
    return mesh is not None and mesh.arn == arn
