"""AWS App Mesh as a moto service."""

from __future__ import annotations

from meshkit.local.services.appmesh import operations, tagging
from meshkit.local.services.appmesh.backend import AppMeshBackend
from meshkit.local.services.dispatch import ModelResponse


class AppMeshResponse(ModelResponse):
    """The requests of App Mesh: every operation of its model."""

    service = "appmesh"
    invalid_code = "BadRequestException"
    mismatch_code = "ConflictException"
    handlers = operations.OPERATIONS | tagging.OPERATIONS


class AppMesh(AppMeshBackend):
    """App Mesh in one account and region, with its requests."""

    response = AppMeshResponse
