"""Which mesh a component builds in, and how its names and specs are checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pulumi
from pydantic import ValidationError

from meshkit.config.report import faults
from meshkit.config.types import Model
from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.appmesh.translation import Spec

M = TypeVar("M", bound=Model)

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_SERVICE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,255}")


class MeshLike(Protocol):
    """A mesh to build in: ``Mesh``, or ``SharedMeshRef`` for one that someone else owns."""

    @property
    def name(self) -> pulumi.Input[str]:
        """Name of the mesh."""

    @property
    def foreign_owner(self) -> pulumi.Input[str] | None:
        """Account id of its owner when that is somebody else, ``None`` for an own mesh."""

    @property
    def region(self) -> pulumi.Input[str] | None:
        """Region of the mesh; ``None`` for that of the provider."""


@dataclass(frozen=True)
class SharedMeshRef:
    """A mesh that another account owns and shares; stands wherever a ``Mesh`` does."""

    name: pulumi.Input[str]
    """Name of the mesh."""
    owner: pulumi.Input[str]
    """Account id of its owner."""
    region: pulumi.Input[str] | None = None
    """Default: that of the provider."""

    @property
    def foreign_owner(self) -> pulumi.Input[str]:
        """Account id of the owner."""
        return self.owner


MeshRef = MeshLike | pulumi.Input[str]
"""``Mesh``, ``SharedMeshRef``, or the name of an own mesh."""


def placement(mesh: Any) -> dict[str, Any]:
    """The arguments by which App Mesh resources say what mesh they are in."""
    if _is_name(mesh):
        return {"mesh_name": mesh}
    return {
        "mesh_name": mesh.name,
        "mesh_owner": mesh.foreign_owner,
        "region": mesh.region,
    }


def require_own_mesh(component: str, mesh: Any) -> None:
    """Stops at a mesh of somebody else, in which only that account can have gateways.

    Source: App Mesh User Guide, working with shared meshes. Raises ``MeshkitError``.
    """
    if not _is_name(mesh) and mesh.foreign_owner is not None:
        raise MeshkitError(
            f"{component}: only the mesh owner can have gateways and their routes, and this mesh "
            "is another account's"
        )


def name_of(reference: Any) -> pulumi.Input[str]:
    """The physical name behind one of our components, or the name itself."""
    name: pulumi.Input[str] = reference if _is_name(reference) else reference.name
    return name


def _is_name(reference: Any) -> bool:
    return isinstance(reference, str | pulumi.Output) or isawaitable(reference)


def physical_name(component: str, name: str | None, *, service: bool = False) -> str:
    """The physical name of a component's resource: as given, or the component's own.

    Raises ``MeshkitError`` for a name that could widen a policy or that App Mesh refuses.
    """
    chosen = component if name is None else name
    pattern = _SERVICE_NAME if service else _NAME
    if not pattern.fullmatch(chosen):
        allowed = "letters, digits, - and _" + (" and ." if service else "")
        raise MeshkitError(f'{component}: "{chosen}" is no name: 1 to 255 {allowed}')
    return chosen


def checked_spec(component: str, model: type[M], spec: M | Mapping[str, Any]) -> M:
    """The spec as a model. Raises ``MeshkitError`` with all its faults in one line."""
    if isinstance(spec, model):
        return spec
    if not isinstance(spec, Mapping):
        raise MeshkitError(f"{component}: spec takes a {model.__name__} or a mapping")
    try:
        return model.model_validate(spec)
    except ValidationError as error:
        found = faults(model, error.errors(include_url=False), spec)
        raise MeshkitError(f"{component}: {'; '.join(str(f.finding) for f in found)}") from None


def translated(component: str, translate: Callable[[], Spec]) -> Spec:
    """The spec as pulumi_aws takes it; a fault names the component."""
    try:
        return translate()
    except MeshkitError as error:
        raise MeshkitError(f"{component}: {error}") from None


def in_place(
    parent: pulumi.Resource, depends_on: list[pulumi.Resource] | None = None
) -> pulumi.ResourceOptions:
    """Options of a child.

    Every replacement of an App Mesh resource comes from another mesh, router, gateway or physical
    name, so the new one never clashes with the old, and the old one can only go once nothing
    points at it any more. pulumi_aws by itself would delete first, which App Mesh refuses.
    """
    return pulumi.ResourceOptions(parent=parent, depends_on=depends_on, delete_before_replace=False)
