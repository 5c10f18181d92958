"""The program that a command looks at: its graph and its mesh files.

The graph comes from a run of the program in this process, from a preview, or from a state.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from meshkit.errors import MeshkitError, UnreadableError
from meshkit.graph import Graph
from meshkit.inspect.mesh_files import mesh_files, mesh_without_file
from meshkit.inspect.preview import (
    config_of_preview,
    graph_before_preview,
    graph_of_preview,
)
from meshkit.inspect.state import graph_of_state
from meshkit.local.project import read_config, read_project, require_stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.config.finding import Location
    from meshkit.config.finding import Path as FilePath
    from meshkit.config.interpolate import OpenValues
    from meshkit.local.outcome import Failure
    from meshkit.topology.check import Checked
    from meshkit.topology.model import ResolvedMesh

STACK = "local"


@dataclass(frozen=True)
class Asked:
    """What a person gives to say which program is meant."""

    directory: Path | None
    preview: Path | None = None
    state: Path | None = None
    meshes: Sequence[str] = ()
    values: OpenValues | None = None
    stack: str | None = None
    config: Mapping[str, str] | None = None
    account: str | None = None


@dataclass(frozen=True)
class Program:
    """A program to look at."""

    graph: Graph
    meshes: tuple[ResolvedMesh, ...]
    files: tuple[Checked, ...]
    """What each mesh was read from."""
    file: str
    """The file that stands for the whole program."""
    failure: str = ""
    """The first reason why not all of the program could be run."""
    before: Graph | None = None
    """What the stack has before a previewed update."""

    @property
    def complete(self) -> bool:
        """Whether all of the program could be run."""
        return not self.failure

    def locate(self, mesh: ResolvedMesh, path: FilePath) -> Location | None:
        """Where a value of a mesh file was written."""
        return next(
            (
                file.locate(path)
                for known, file in zip(self.meshes, self.files, strict=True)
                if known is mesh
            ),
            None,
        )


def program_of(asked: Asked) -> Program:
    """The program that is asked for.

    Raises:
        UnreadableError: a file can't be read, is something else, or a mesh has no file.
        ConfigError: a mesh file has errors.
    """
    if asked.preview is not None and asked.state is not None:
        raise typer.BadParameter("give one of --preview and --state")
    folder = asked.directory or Path()
    found = _snapshot(folder, asked) if asked.preview or asked.state else _run(folder, asked)
    checked = mesh_files(folder, found.config, asked.meshes, asked.values)
    meshes = tuple(each.resolve() for each in checked)
    _check_all_known(found.graph, meshes)
    return Program(
        _rebased(found.graph, folder), meshes, checked, found.file, found.failure, found.before
    )


@dataclass(frozen=True)
class _Found:
    graph: Graph
    config: Mapping[str, str]
    file: str
    failure: str = ""
    before: Graph | None = None


def _snapshot(folder: Path, asked: Asked) -> _Found:
    """Reads a preview or a state; the configuration is that of the project, where it is here."""
    shown: Mapping[str, str] = {}
    before = None
    if asked.preview is not None:
        file, text = asked.preview, _text(asked.preview)
        graph, shown = graph_of_preview(text, account=asked.account), config_of_preview(text)
        before = graph_before_preview(text, account=asked.account)
    else:
        file = asked.state or Path()
        graph = graph_of_state(_text(file), account=asked.account)
    config = _config(folder, asked.stack or _stack_of(graph))
    return _Found(graph, {**config, **shown, **(asked.config or {})}, str(file), before=before)


def _text(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UnreadableError(f"{path}: not UTF-8 text") from None


def _config(folder: Path, stack: str) -> Mapping[str, str]:
    """The configuration of a stack, where its project is at hand."""
    if not any((folder / name).is_file() for name in ("Pulumi.yaml", "Pulumi.yml")):
        return {}
    with contextlib.suppress(UnreadableError):  # a secret of it need not be readable here
        return read_config(read_project(folder), stack).values
    return {}


def _stack_of(graph: Graph) -> str:
    """The stack of a graph, which stands in every URN."""
    first = next(iter(graph), None)
    return first.urn.split("::")[0].removeprefix("urn:pulumi:") if first else STACK


def _run(folder: Path, asked: Asked) -> _Found:
    """Runs the program on a local cloud."""
    try:
        from meshkit.local.program import run  # noqa: PLC0415 - needs an extra
    except ModuleNotFoundError as error:
        if str(error.name).startswith("meshkit"):
            raise
        msg = "running a program needs more: pip install 'meshkit[local]'; or give --preview FILE"
        raise MeshkitError(msg) from error
    project = read_project(folder)
    stack = asked.stack or STACK
    if asked.stack is not None:
        require_stack(project, asked.stack)
    with contextlib.redirect_stdout(sys.stderr):  # what the program prints is not the result
        result = run(folder, stack=stack, config=asked.config, account=asked.account)
    told = [*map(_failed, result.failures)]
    told += [f"{each.type} {each.name}: skipped: {each.reason}" for each in result.skipped]
    for line in told:
        typer.echo(line, err=True)
    config = {**read_config(project, stack).values, **(asked.config or {})}
    graph = Graph((*result.graph, *result.refused))
    return _Found(graph, config, str(folder / "__main__.py"), next(iter(told), ""))


def _failed(failure: Failure) -> str:
    name = f"{failure.type} {failure.name}: {failure.code}: " if failure.urn else ""
    return f"{failure.place + ': ' if failure.place else ''}{name}{failure.message}"


def _check_all_known(graph: Graph, meshes: Sequence[ResolvedMesh]) -> None:
    """Stops at a SharedMesh whose file is not there."""
    unknown = mesh_without_file(graph, meshes)
    if unknown is not None:
        name, mesh = unknown
        raise UnreadableError(
            f"SharedMesh {name} has the mesh {mesh}, whose file is not here: "
            "give it with --mesh FILE"
        )


def _rebased(graph: Graph, folder: Path) -> Graph:
    """The graph with its places as seen from here."""
    if folder == Path():
        return graph
    return Graph(
        tuple(
            replace(each, source=(os.path.join(folder, each.source[0]), each.source[1]))  # noqa: PTH118 - keeps a leading "./"
            if each.source
            else each
            for each in graph
        )
    )
