"""Deploying a program on the local cloud for a test."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshkit.config.interpolate import OpenValues
from meshkit.inspect.mesh_files import mesh_files
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import Landscape, landscape_of
from meshkit.local.program import STACK, TIMEOUT, run
from meshkit.local.project import given_config, merged, read_config, read_project
from meshkit.testing.deployment import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from meshkit.local.outcome import Run

    MeshSource = Path | str | Mapping[str, Any]

FUNCTION = "project"
"""What the project of a function is called."""


@contextmanager
def deployed(  # noqa: PLR0913 - options, all but the first by keyword
    program: Path | str | Callable[[], Any],
    *,
    stack: str = STACK,
    config: Mapping[str, Any] | None = None,
    account: str | None = None,
    mesh: MeshSource | tuple[MeshSource, ...] = (),
    values: Mapping[str, Any] | None = None,
    cloud: Cloud | None = None,
    timeout: float = TIMEOUT,
) -> Iterator[Deployment]:
    """Deploys a program on the local cloud for the length of a ``with`` block.

    ``program`` is the folder of a Pulumi project or a function; ``stack`` and ``config`` are its
    configuration. ``mesh`` is its mesh file (a path or its data), or a tuple of several, where that
    is neither in the configuration nor ``mesh.yaml`` in the folder; ``values`` are for its
    ``${var.NAME}``.
    ``account`` is where callers are who assume no role, by default the mesh owner's. ``cloud`` is
    that of another deployment, to deploy into: a process has one at a time. ``timeout`` is in
    seconds.

    Raises:
        AssertionError: a resource was refused, or the program failed.
        UnreadableError: it is no readable Pulumi project, or a mesh file can't be read.
        CloudError: a local cloud is already running, and ``cloud`` is not given.
    """
    __tracebackhide__ = True
    given = mesh if isinstance(mesh, tuple) else (mesh,)
    place = _place(program, stack, config or {})
    files = mesh_files(place.folder, place.config, given, OpenValues(values or {}))
    with ExitStack() as block:
        if cloud is None:
            landscape = place.landscape(given)
            cloud = block.enter_context(Cloud(account=account or landscape.account))
            landscape.found()
        result = run(program, stack=stack, config=config, cloud=cloud, timeout=timeout)
        if not result.ok:
            raise AssertionError(_told(result))
        yield Deployment(result, cloud, [each.resolve() for each in files])


@dataclass(frozen=True)
class _Place:
    """Where a program looks for its mesh file."""

    folder: Path | None
    config: Mapping[str, str]

    def landscape(self, given: Sequence[MeshSource]) -> Landscape:
        """What is in AWS before the program runs, by its mesh file."""
        for source in given[:1]:
            if isinstance(source, Path | str):
                return landscape_of(Path(), {"meshkit:file": str(source)})
            return landscape_of(Path(), {"meshkit:mesh": json.dumps(source)})
        return landscape_of(self.folder, self.config) if self.folder else Landscape()


def _place(
    program: Path | str | Callable[[], Any], stack: str, config: Mapping[str, Any]
) -> _Place:
    if callable(program):
        values = given_config(FUNCTION, config).values
        configured = values.keys() & {"meshkit:file", "meshkit:mesh"}
        return _Place(Path.cwd() if configured else None, values)
    project = read_project(Path(program))
    settings = merged(read_config(project, stack), given_config(project.name, config))
    return _Place(project.program, settings.values)


def _told(result: Run) -> str:
    lines = ["the program was not deployed:"]
    for failure in result.failures:
        at = f"{failure.place}: " if failure.place else ""
        name = f"{failure.type} {failure.name}: {failure.code}: " if failure.urn else ""
        lines.append(f"{at}{name}{failure.message}")
    lines += [f"{each.type} {each.name}: skipped: {each.reason}" for each in result.skipped]
    return "\n".join(lines)
