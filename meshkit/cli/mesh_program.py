"""A mesh file as a program: what a ``SharedMesh`` of it makes on a local cloud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from meshkit.cli.source import Program
from meshkit.errors import MeshkitError
from meshkit.topology.check import check

if TYPE_CHECKING:
    from meshkit.config.interpolate import OpenValues
    from meshkit.local.outcome import Run
    from meshkit.topology.model import ResolvedMesh


def program_of_file(file: str, values: OpenValues) -> Program:
    """The program of a mesh file alone.

    Raises:
        UnreadableError: the file can't be read.
        ConfigError: it has errors.
        MeshkitError: the local cloud is not installed.
    """
    checked = check(file, values=values)
    mesh = checked.resolve()
    result = _run(Path(file).resolve(), mesh, values)
    failures = [f"{each.name or file}: {each.message}" for each in result.failures]
    for line in failures:
        typer.echo(line, err=True)
    return Program(result.graph, (mesh,), (checked,), file, next(iter(failures), ""))


def _run(file: Path, mesh: ResolvedMesh, values: OpenValues) -> Run:
    try:
        from meshkit.local.cloud import Cloud  # noqa: PLC0415 - needs an extra
        from meshkit.local.landscape import landscape_of  # noqa: PLC0415
        from meshkit.local.program import run  # noqa: PLC0415
        from meshkit.mesh import SharedMesh  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if str(error.name).startswith("meshkit"):
            raise
        raise MeshkitError("a report needs more: pip install 'meshkit[local]'") from error
    landscape = landscape_of(file.parent, {"meshkit:file": file.name})
    with Cloud(account=landscape.account) as cloud:
        landscape.found()
        return run(lambda: SharedMesh(mesh.name, file, values=dict(values)), cloud=cloud)
