"""From a file to its frozen model, with every fault of its shape in one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from pydantic import ValidationError

from meshkit.config.file import MeshFile
from meshkit.config.include import include
from meshkit.config.inherit import inherit_workload_type
from meshkit.config.interpolate import OpenValues, RecordedValues, interpolate
from meshkit.config.positions import place
from meshkit.config.prune import Pruner
from meshkit.config.reader import read_file
from meshkit.config.report import faults
from meshkit.config.shape import written
from meshkit.config.types import Model
from meshkit.errors import ConfigError, UnreadableError
from meshkit.garbage import paused_gc

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.config.finding import Finding, Location, Path
    from meshkit.config.interpolate import Values

Source = str | FilePath | Mapping[str, Any] | MeshFile
"""A file, the data of one, or the model itself."""

AnySource = str | FilePath | Mapping[str, Any] | Model
"""As `Source`, of any kind of file."""

M = TypeVar("M", bound=Model)

_KINDS: Final = {"name": "a mesh", "landing_zone": "a landing zone"}
"""What a file describes, by the key that names it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A mesh file without faults of shape."""

    config: MeshFile
    locate: Callable[[Path], Location | None]
    """Where a value was written, by its path in the model; None if it came from no file."""


@dataclass(frozen=True, slots=True)
class Partial(Generic[M]):
    """What of a file could be used."""

    config: M | None
    """The file without its faulty values; None if nothing of use is left."""
    findings: tuple[Finding, ...]
    """The faults of reading and of shape."""
    pruned: tuple[Path, ...]
    """What was left out. An item of a list ends in -1: those after it have moved up."""
    locate: Callable[[Path], Location | None]
    """Where a value was written, by its path in ``config``."""
    written: Callable[[Path], Path]
    """The path in the file's own terms of a path in ``config``."""
    asked: frozenset[str]
    """Every NAME of ``${var.NAME}`` in the file."""


def load(source: Source, *, values: Values | None = None) -> Loaded:
    """Reads and validates a mesh file; the rules between its parts are `topology.check`'s.

    ``values`` fill ``${var.NAME}``; without them, texts may wait for values of the program.

    Raises:
        UnreadableError: ``source`` can't be read.
        ConfigError: something in it is wrong; has every fault, in the order of the file.
    """
    partial = read_partial(source, values=values)
    if partial.config is None or partial.findings:
        raise ConfigError(sorted(partial.findings, key=lambda each: each.location or ("",)))
    return Loaded(partial.config, partial.locate)


@overload
def read_partial(source: Source, *, values: Values | None = None) -> Partial[MeshFile]: ...
@overload
def read_partial(
    source: AnySource, *, values: Values | None = None, root: type[M]
) -> Partial[M]: ...
def read_partial(
    source: AnySource, *, values: Values | None = None, root: type[Any] = MeshFile
) -> Partial[Any]:
    """As `load`, but what can be used comes along with the faults.

    ``root`` is the model of the file, where that is no mesh file.

    Raises:
        UnreadableError: ``source`` can't be read, or is a file of another kind.
    """
    if isinstance(source, Model):
        return Partial(source, (), (), lambda _path: None, lambda path: path, frozenset())
    recorded = RecordedValues(OpenValues() if values is None else values)
    with paused_gc():
        data: Mapping[str, Any]
        if isinstance(source, Mapping):
            data, known, file = source, [], None
        else:
            document, file = read_file(source), str(source)
            data, known = document.data, list(document.findings)
        _require_kind(root, data, file)
        data, including = include(data, file, recorded)
        data, holes = interpolate(data, recorded)
        return _validated(root, data, [*known, *including, *holes], recorded)


def _require_kind(root: type[Model], data: Mapping[str, Any], file: str | None) -> None:
    """Refuses a file of the other kind, in which every key would be a fault."""
    wanted, given = (
        {kind for key, kind in _KINDS.items() if key in keys} for keys in (root.model_fields, data)
    )
    if given and not wanted & given:
        where = file or "the data given"
        raise UnreadableError(f"{where}: is the file of {min(given)}, not of {min(wanted)}")


def _validated(
    root: type[M], data: Mapping[str, Any], known: list[Finding], values: RecordedValues
) -> Partial[M]:
    """Validates again and again, each time without what was faulty."""
    pruner = Pruner(inherit_workload_type(data), data, {finding.path for finding in known})
    config: M | None = None
    while config is None and not pruner.exhausted:
        config = _attempt(root, pruner)
    pruned = pruner.data
    return Partial(
        config if pruner.usable else None,
        (*known, *pruner.findings),
        pruner.pruned,
        locate=lambda path: place(data, written(pruned, path)),
        written=lambda path: written(pruned, path),
        asked=frozenset(values.asked),
    )


def _attempt(root: type[M], pruner: Pruner) -> M | None:
    try:
        return root.model_validate(pruner.data)
    except ValidationError as error:
        pruner.prune(faults(root, error.errors(include_url=False), pruner.data))
        return None
