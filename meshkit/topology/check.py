"""Read, check and resolve a mesh file in one go, with every fault in one report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from meshkit.config.finding import Location
from meshkit.config.load import Source, read_partial
from meshkit.config.rules import UNUSED_VALUE
from meshkit.config.suggest import did_you_mean
from meshkit.errors import ConfigError
from meshkit.topology import rules
from meshkit.topology.index import Index
from meshkit.topology.resolve import resolve_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from meshkit.config.file import MeshFile
    from meshkit.config.finding import Finding, Path
    from meshkit.config.load import Partial
    from meshkit.topology.model import ResolvedMesh


@dataclass(frozen=True, slots=True)
class Checked:
    """A mesh file that was read, and all that was found in it."""

    config: MeshFile | None
    """``None`` when nothing of it could be used."""
    findings: tuple[Finding, ...]
    """In the order of the file; with places where it came from a file."""
    locate: Callable[[Path], Location | None]
    unused: Mapping[str, Finding]
    """Those of the findings that say that a value is not used, by its name."""

    @property
    def ok(self) -> bool:
        """Whether there is no error among the findings."""
        return not any(finding.severity == "error" for finding in self.findings)

    def resolve(self) -> ResolvedMesh:
        """The resolved mesh. Raises ``ConfigError`` with all findings when there is an error."""
        if self.config is None or not self.ok:
            raise ConfigError(self.findings)
        return resolve_checked(Index(self.config), self.findings)


def check(
    source: Source, *, values: Mapping[str, Any] | None = None, called: str | None = None
) -> Checked:
    """Reads a mesh file or mapping and finds all its faults.

    ``values`` fill ``${var.NAME}``. ``called`` is where a mapping comes from, for the findings.
    Raises ``UnreadableError`` when ``source`` can't be read.
    """
    partial = read_partial(source, values=values)
    findings = list(partial.findings)
    if partial.config is not None:
        # A value with a fault of its own says nothing to the rules.
        doubtful = (*partial.pruned, *(finding.path for finding in partial.findings))
        for finding in rules.run(Index(partial.config), doubtful):
            location = finding.location or partial.locate(finding.path)
            path = partial.written(finding.path)
            findings.append(replace(finding, path=path, location=location))
    unused = unused_values(values or {}, partial)
    findings += unused.values()
    return Checked(partial.config, in_order(findings, called), partial.locate, unused)


def in_order(findings: Iterable[Finding], called: str | None = None) -> tuple[Finding, ...]:
    """Findings in the order of the file; those without a place come first, as they were made.

    They get ``called`` as their place, which is where a mapping comes from.
    """
    ordered = sorted(findings, key=_position)
    if called is None:
        return tuple(ordered)
    whole = Location(called)
    return tuple(replace(each, location=each.location or whole) for each in ordered)


def unused_values(values: Iterable[str], partial: Partial[Any]) -> dict[str, Finding]:
    """A finding for each value that the file does not ask for, by its name."""
    return {name: _unused(name, partial) for name in values if name not in partial.asked}


def _unused(name: str, partial: Partial[Any]) -> Finding:
    message = f"no ${{var.{name}}} in the file{did_you_mean(name, partial.asked)}"
    return UNUSED_VALUE.at((), message, partial.locate(()))


def _position(finding: Finding) -> tuple[Any, ...]:
    return (1, *finding.location) if finding.location else (0,)
