"""What the rules of a landing zone look at."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from meshkit.topology.landing_zone.accounts import NamedAccount, named_accounts
from meshkit.topology.landing_zone.units import PlacedUnit, placed_units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.config.finding import Path
    from meshkit.config.landing_zone import LandingZoneFile


class ZoneView:
    """A landing zone, and what of its file was left out because its shape is wrong."""

    def __init__(self, zone: LandingZoneFile, pruned: Iterable[Path] = ()) -> None:
        self.zone = zone
        self._pruned = tuple(pruned)

    @cached_property
    def units(self) -> dict[str, PlacedUnit]:
        """The units by path."""
        return placed_units(self.zone.units)

    @cached_property
    def accounts(self) -> tuple[NamedAccount, ...]:
        """The accounts with their names."""
        return tuple(named_accounts(self.zone))

    def is_lost(self, section: str, name: str) -> bool:
        """Whether an entry of a section may have been left out."""
        return any(gone in ((section,), (section, name)) for gone in self._pruned)

    @cached_property
    def has_all_units(self) -> bool:
        """Whether no unit was left out, but at most keys of some."""
        return not any(set(gone[::2]) == {"units"} for gone in self._pruned)

    def is_whole(self, *path: str) -> bool:
        """Whether nothing was left out at a path, above or below it."""
        return not any(
            gone[: len(path)] == path or path[: len(gone)] == gone for gone in self._pruned
        )
