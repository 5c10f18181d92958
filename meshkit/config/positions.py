"""Plain data that remembers where in which file it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from meshkit.config.finding import Location, Path, PathItem


class Mark(Protocol):
    """A place as the parsers give it, counted from 0."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column, in characters."""


class Map(dict[str, Any]):
    """A mapping of a file.

    ``marks`` holds two marks an entry, of the key and of the value, in the order of the entries.
    An entry taken over from another file has its full `Location` instead.
    """

    __slots__ = ("_places", "file", "marks")

    file: str
    marks: list[Mark | Location]
    _places: dict[str, int]

    @classmethod
    def of(cls, entries: Any, file: str, marks: list[Mark | Location]) -> Map:
        """A mapping with its positions; ``entries`` is whatever ``dict`` takes."""
        made = cls(entries)
        made.file = file
        made.marks = marks
        return made

    def key_at(self, key: str) -> Location:
        """Where the key of an entry stands."""
        return _location(self.file, self.marks[2 * self._place(key)])

    def value_at(self, key: str) -> Location:
        """Where the value of an entry stands."""
        return _location(self.file, self.marks[2 * self._place(key) + 1])

    def _place(self, key: str) -> int:
        # Made at the first question: most files have no findings, so most mappings are never asked.
        try:
            places = self._places
        except AttributeError:
            places = self._places = {name: place for place, name in enumerate(self)}
        return places[key]


class Seq(list[Any]):
    """A list of a file; ``marks`` holds one mark an item."""

    __slots__ = ("file", "marks")

    file: str
    marks: list[Mark | Location]

    @classmethod
    def of(cls, items: list[Any], file: str, marks: list[Mark | Location]) -> Seq:
        """A list with its positions."""
        made = cls(items)
        made.file = file
        made.marks = marks
        return made

    def value_at(self, index: int) -> Location:
        """Where an item stands."""
        return _location(self.file, self.marks[index])


def _location(file: str, mark: Mark | Location) -> Location:
    if isinstance(mark, Location):
        return mark
    return Location(file, mark.line + 1, mark.column + 1)


def step(data: Any, item: PathItem) -> tuple[bool, Any]:
    """One step down into plain data: whether there is such an entry, and its value."""
    if isinstance(data, Mapping):
        return item in data, data.get(item)
    if isinstance(item, int) and isinstance(data, Sequence) and not isinstance(data, str):
        return 0 <= item < len(data), data[item] if 0 <= item < len(data) else None
    return False, None


def place(data: Any, path: Path, *, key: bool = False) -> Location | None:
    """Where the value at ``path`` was written, or its key if asked.

    Where the path leads beyond what was written, it is the last place on the way.
    None for data that came from no file; the first line for the whole of a file.
    """
    found = Location(data.file, 1, 1) if isinstance(data, Map) else None
    for depth, item in enumerate(path, 1):
        there, value = step(data, item)
        if not there:
            break
        if isinstance(data, Map):
            last = depth == len(path)
            found = data.key_at(str(item)) if key and last else data.value_at(str(item))
        elif isinstance(data, Seq):
            found = data.value_at(int(item))
        data = value
    return found
