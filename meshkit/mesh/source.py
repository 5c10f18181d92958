"""Where the mesh file of a program comes from, and its checks before anything is registered."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.config import is_config_secret

from meshkit.config.file import MeshFile
from meshkit.config.interpolate import OpenValues
from meshkit.errors import MeshkitError
from meshkit.inputs import deferred_in, require_holes
from meshkit.mesh.principals import keyed_principals, keyed_subnets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.load import Source
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.slices import MeshSlice

NAMESPACE = "meshkit"


def chosen_slice(
    source: Source | None,
    values: Mapping[str, Any] | None,
    account: str | None = None,
    phase: str | None = None,
) -> MeshSlice:
    """A mesh, or the slice of an account and phase, which needs the values of its own parts alone.

    It is of a file, a mapping, a model, or the stack's configuration.

    Raises:
        UnreadableError: the file can't be read.
        ConfigError: it says something wrong; with all findings.
        MeshkitError: a value is missing, two principals can't be told apart, or there is no such
            account or phase.
    """
    # With every rule there is, which programs without a mesh file do without.
    from meshkit.policy.fitting import resolved  # noqa: PLC0415
    from meshkit.topology.slices import slice_of  # noqa: PLC0415

    chosen = stack_source() if source is None else source
    _require_source(chosen)
    called = f"{NAMESPACE}:mesh" if source is None and isinstance(chosen, dict) else None
    given = dict(values or {})
    if account is not None or phase is not None:
        given = OpenValues(given)
    mesh = resolved(chosen, values=given, called=called)
    found = slice_of(mesh, account, phase)
    require_holes(deferred_in(mesh.config if found.whole else _contents(found)))
    if mesh.share is not None:
        keyed_principals(mesh.share)
        keyed_subnets(mesh.share)
    return found


def _contents(chosen: MeshSlice) -> list[Any]:
    """What is registered of a slice, and the ways into its accounts."""
    mesh = chosen.mesh
    foundation = [mesh.settings, mesh.tags, mesh.share] if chosen.share or chosen.makes_mesh else []
    ways = [] if chosen.account else [owner.assume_role for owner in chosen.owners.values()]
    common = [chosen.audit, *foundation, *ways, *chosen.clusters.values(), *chosen.roles.values()]
    if chosen.lattice is not None:
        return [*common, mesh.tags, *_on_lattice(chosen, chosen.lattice)]
    return [
        *common,
        *chosen.operators.values(),
        *chosen.nodes.values(),
        *chosen.gateways.values(),
        *chosen.routers.values(),
        *chosen.routes,
        *chosen.services.values(),
        *chosen.gateway_routes,
    ]


def _on_lattice(chosen: MeshSlice, lattice: LatticeMesh) -> Iterator[Any]:
    """What is registered on VPC Lattice alone."""
    if chosen.has(lattice.mesh.owner, "service network"):
        yield from lattice.access_logs
    for service in lattice.services.values():
        if chosen.has(service.owner, "service"):
            yield service
    for rule in lattice.group_rules:
        if chosen.has(rule.owner, "security group rule"):
            yield rule
    for share in lattice.service_shares.values():
        if chosen.has(share.owner, "service share"):
            yield share
    for association in lattice.associations.values():
        if chosen.has(association.owner, "VPC association"):
            yield association


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
