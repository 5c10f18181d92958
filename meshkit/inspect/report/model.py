"""What a report tells, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.finding import Finding
    from meshkit.inspect.diagram.picture import Picture
    from meshkit.inspect.proof.model import Proof


@dataclass(frozen=True)
class Report:
    """A program, or a mesh file, as it was looked at."""

    source: str
    """What it was made from, as the user named it."""
    pictures: tuple[Picture, ...]
    proof: Proof
    findings: tuple[Finding, ...] = ()
    """What the rules say of the mesh file."""
    complete: bool = True
    """Whether all of the program was looked at."""

    @property
    def title(self) -> str:
        """The meshes it is about."""
        names = ", ".join(dict.fromkeys(picture.mesh for picture in self.pictures))
        return f"Mesh {names}" if names else "No mesh"

    @cached_property
    def account_names(self) -> Mapping[str, str]:
        """What accounts are called, by their ids."""
        groups = [group for picture in self.pictures for group in picture.groups]
        return {group.id: group.name for group in groups if group.name}

    def account(self, id_: str) -> str:
        """An account as people know it."""
        return f"{self.account_names[id_]} {id_}" if id_ in self.account_names else id_
