"""Where the mesh file of a program comes from, and its checks before anything is registered."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.config import is_config_secret
from pydantic import BaseModel

from meshkit.config.deferred import Deferred
from meshkit.config.file import MeshFile
from meshkit.errors import MeshkitError
from meshkit.inputs import require_holes
from meshkit.mesh.principals import keyed_principals
from meshkit.policy.fitting import check_roles
from meshkit.topology.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.load import Source
    from meshkit.topology.model import ResolvedMesh

NAMESPACE = "meshkit"


def resolved_mesh(source: Source | None, values: Mapping[str, Any] | None) -> ResolvedMesh:
    """The resolved mesh of a file, a mapping, a model, or the stack's configuration.

    Raises:
        UnreadableError: the file can't be read.
        ConfigError: it says something wrong; with all findings.
        MeshkitError: a value is missing, two principals can't be told apart, or a role fits no
            limit of IAM.
    """
    chosen = stack_source() if source is None else source
    _require_source(chosen)
    called = f"{NAMESPACE}:mesh" if source is None and isinstance(chosen, dict) else None
    mesh = check(chosen, values=values or {}, called=called).resolve()
    require_holes(deferred_in(mesh.config))
    if mesh.share is not None:
        keyed_principals(mesh.share)
    check_roles(mesh)
    return mesh


def _require_source(given: object) -> None:
    if not isinstance(given, str | PathLike | Mapping | MeshFile):
        kind = type(given).__name__
        raise MeshkitError(f"config is a path, the data of a mesh file or a MeshFile, not a {kind}")


def stack_source() -> Source:
    """``meshkit:file``, a path, or ``meshkit:mesh``, the data itself, of the stack's configuration.

    Raises ``MeshkitError`` when there is none, both, or a secret: a mesh has none of its own, and
    one within it would stand in clear in the state.
    """
    if is_config_secret(f"{NAMESPACE}:mesh"):
        raise MeshkitError("meshkit:mesh holds a secret; write ${env.NAME} in its place")
    config = pulumi.Config(NAMESPACE)
    file = config.get("file")
    try:
        mesh = config.get_object("mesh")
    except pulumi.ConfigTypeError:
        mesh = config.require("mesh")  # a text, which is no mapping
    if file is not None and mesh is not None:
        raise MeshkitError("the stack has both meshkit:file and meshkit:mesh; remove one")
    if isinstance(mesh, str):
        raise MeshkitError("meshkit:mesh is text; give a path as meshkit:file, or a mapping here")
    found = file if mesh is None else mesh
    if found is None:
        raise MeshkitError(
            "no mesh file: give its path, or set meshkit:file or meshkit:mesh in the stack's "
            "configuration"
        )
    if not isinstance(found, str | dict):
        raise MeshkitError("meshkit:mesh is no mapping; write the content of a mesh file")
    return found


def deferred_in(value: Any) -> Iterator[Deferred]:
    """Every text with holes in a model, at any depth."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Deferred):
            yield each
        elif isinstance(each, BaseModel):
            waiting.extend(each.__dict__.values())
        elif isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, tuple | list):
            waiting.extend(each)
