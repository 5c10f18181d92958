"""The exceptions meshkit raises for its users' faults; anything else is a bug of meshkit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.config.finding import Finding


class MeshkitError(Exception):
    """A fault of the input or the surroundings, told in one line for a person to mend."""


class UnreadableError(MeshkitError):
    """What was asked for can't be read at all: no such file, not YAML, not UTF-8, too large."""


class ConfigError(MeshkitError):
    """The mesh file can be read but says something wrong.

    Its text is the whole report, one line a finding.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
