"""Create, describe, list, update and delete, the same for each of the seven kinds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, cast

from meshkit.local.services.appmesh import access, rules
from meshkit.local.services.appmesh.arns import parse_arn
from meshkit.local.services.appmesh.backend import AppMeshBackend, backend
from meshkit.local.services.appmesh.kinds import (
    BACKENDS_PER_NODE,
    KINDS,
    MESH,
    VIRTUAL_NODE,
    Kind,
)
from meshkit.local.services.appmesh.pages import page
from meshkit.local.services.appmesh.resource import Path, Resource, build_arn
from meshkit.local.services.appmesh.tagging import merged
from meshkit.local.services.dispatch import Call, Handler
from meshkit.local.services.errors import ApiError
from meshkit.local.services.iam import ensure_service_linked_role
from meshkit.local.services.ram.access import shared_with

PAGE_SIZE = 100
"""The length of a page when `limit` is not given (API reference, every List operation)."""


def create(kind: Kind, call: Call) -> dict[str, Any]:
    """Create a resource. Its parents and everything its spec refers to must exist."""
    mesh_owner, path = _owner(call), _path(call, kind)
    if kind.parent:
        access.require_mesh_access(call, mesh_owner, path[1])
    spec = _checked_spec(kind, call)
    home = backend(mesh_owner, call.region)
    if kind.parent:
        home.store.get(path[:-2])
    siblings = home.store.children(path[:-2], kind)
    if path[-1] in siblings:
        # Inferred: AWS documents ConflictException for client tokens only, but no other code of
        # the create operations fits a name that is taken.
        raise ApiError("ConflictException", f"{kind.label} with name {path[-1]} already exists")
    _check_quota(home, kind.quota_code, len(siblings) + 1, kind.plural)
    _check_backends(home, kind, spec)
    resource = Resource(
        kind=kind,
        path=path,
        arn=build_arn(call.partition, call.region, call.account, mesh_owner, path),
        owner=call.account,
        mesh_owner=mesh_owner,
        spec=spec,
        tags=merged({}, call.params.get("tags", ())),
    )
    home.store.add(resource)
    if kind is MESH:
        # App Mesh user guide, "Using service-linked roles". Only a mesh makes the role: a consumer
        # without it gets no refusal here, what fails is Cloud Map discovery (eks-charts pull
        # request 217, aws-app-mesh-roadmap issue 294).
        ensure_service_linked_role(call.account, call.partition, "appmesh.amazonaws.com")
    return {kind.name: resource.data}


def describe(kind: Kind, call: Call) -> dict[str, Any]:
    """Return a resource."""
    _, resource = _existing(kind, call)
    return {kind.name: resource.data}


def update(kind: Kind, call: Call) -> dict[str, Any]:
    """Replace the spec of a resource."""
    home, resource = _existing(kind, call)
    access.require_creator(call, resource)
    spec = _checked_spec(kind, call)
    _check_backends(home, kind, spec)
    home.store.replace_spec(resource, spec)
    return {kind.name: resource.data}


def delete(kind: Kind, call: Call) -> dict[str, Any]:
    """Delete a resource that nothing uses any more."""
    home, resource = _existing(kind, call)
    access.require_deleter(call, resource)
    home.store.remove(resource)
    resource.status = "DELETED"
    return {kind.name: resource.data}


def list_kind(kind: Kind, call: Call) -> dict[str, Any]:
    """List the resources of a kind under their parent, of every account."""
    home, parent = _existing(cast("Kind", kind.parent), call)
    return _listing(kind, call, home.store.children(parent.path, kind).values())


def list_meshes(call: Call) -> dict[str, Any]:
    """List the caller's own meshes and those that other accounts share with it."""
    own = backend(call.account, call.region).store.children((), MESH).values()
    arns = (parse_arn(arn) for arn in shared_with(call, "appmesh:Mesh"))
    shared = (backend(arn.owner, arn.region).store.find(arn.path) for arn in arns)
    return _listing(MESH, call, [*own, *filter(None, shared)])


_VERBS = {"Create": create, "Describe": describe, "Update": update, "Delete": delete}

OPERATIONS: dict[str, Handler] = {
    **{f"{verb}{kind.label}": partial(run, kind) for verb, run in _VERBS.items() for kind in KINDS},
    **{
        f"List{kind.plural[0].upper()}{kind.plural[1:]}": partial(list_kind, kind)
        for kind in KINDS
        if kind.parent
    },
    "ListMeshes": list_meshes,
}


def _owner(call: Call) -> str:
    return str(call.params.get("meshOwner", call.account))


def _path(call: Call, kind: Kind) -> Path:
    path: tuple[str, ...] = ()
    for step in kind.lineage:
        name = call.params[f"{step.name}Name"]
        if "/" in name:
            # App Mesh answers 400 to a slash in a name (aws-app-mesh-roadmap issue 101).
            message = f"{step.name}Name must not contain a slash: {name}"
            raise ApiError("BadRequestException", message)
        path += (step.name, name)
    return path


def _existing(kind: Kind, call: Call) -> tuple[AppMeshBackend, Resource]:
    mesh_owner, path = _owner(call), _path(call, kind)
    access.require_mesh_access(call, mesh_owner, path[1])
    home = backend(mesh_owner, call.region)
    return home, home.store.get(path)


def _checked_spec(kind: Kind, call: Call) -> rules.Spec:
    # Only a mesh may leave it out; AWS then shows an empty one.
    spec: rules.Spec = call.params.get("spec", {})
    rules.check_spec(kind, spec)
    return spec


def _check_backends(home: AppMeshBackend, kind: Kind, spec: rules.Spec) -> None:
    if kind is VIRTUAL_NODE:
        count = len(spec.get("backends") or ())
        _check_quota(home, BACKENDS_PER_NODE, count, "backends of a virtualNode")


def _check_quota(home: AppMeshBackend, code: str, wanted: int, what: str) -> None:
    if wanted > home.quotas[code]:
        message = f"Quota {code} allows {home.quotas[code]} {what}"
        raise ApiError("LimitExceededException", message)


def _listing(kind: Kind, call: Call, resources: Iterable[Resource]) -> dict[str, Any]:
    shown, token = page(call, resources, lambda resource: resource.arn, PAGE_SIZE)
    return {kind.plural: [resource.reference for resource in shown], "nextToken": token}
