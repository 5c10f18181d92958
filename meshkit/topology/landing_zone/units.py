"""The tree of organizational units, as a list by path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.config.finding import Path
    from meshkit.config.landing_zone import Unit


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit and its place."""

    path: str
    """Keys from the top, with a slash between them."""
    parent: str | None
    """The path of the unit above; ``None`` right below the root."""
    name: str
    unit: Unit
    place: Path
    """Where it stands in the file."""

    @property
    def depth(self) -> int:
        """1 right below the root."""
        return self.path.count("/") + 1


def placed_units(units: Mapping[str, Unit]) -> dict[str, PlacedUnit]:
    """Every unit by its path, each after the one above it."""
    return {each.path: each for each in _below(None, units, ("units",))}


def is_within(path: str, unit: str) -> bool:
    """Whether a unit is another one, or below it."""
    return path == unit or path.startswith(f"{unit}/")


def _below(parent: str | None, units: Mapping[str, Unit], place: Path) -> Iterator[PlacedUnit]:
    for key, unit in units.items():
        path = key if parent is None else f"{parent}/{key}"
        own = (*place, key)
        yield PlacedUnit(path, parent, unit.name or key, unit, own)
        yield from _below(path, unit.units, (*own, "units"))
