"""Takes top-level sections over from other files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NamedTuple

from meshkit.config import rules
from meshkit.config.interpolate import interpolate
from meshkit.config.positions import Map, place
from meshkit.config.reader import read_file
from meshkit.config.suggest import did_you_mean
from meshkit.errors import UnreadableError

if TYPE_CHECKING:
    from meshkit.config.finding import Finding, Location, Path, PathItem, Rule
    from meshkit.config.interpolate import Values

KEY = "include"


def include(
    data: Mapping[str, Any], file: str | None, values: Values | None
) -> tuple[Mapping[str, Any], list[Finding]]:
    """``data`` with what its ``include`` names, and what is wrong with that.

    ``include: {base.yaml: [nodes, defaults]}`` takes these keys of ``base.yaml``, whose path is
    relative to ``file``, or to the working directory where the data came from no file. Where both
    files have a mapping, it is merged entry by entry; an entry of the including file wins whole,
    and so does any other value. Of several included files, the later wins.

    Raises:
        UnreadableError: an included file can't be read, or includes itself.
    """
    includer = _Includer(values, file)
    return includer.complete(data, file), includer.findings


class _Includer:
    def __init__(self, values: Values | None, file: str | None) -> None:
        self._values = values
        self._open = [] if file is None else [_real(FilePath(file))]
        self._done: dict[FilePath, Mapping[str, Any]] = {}
        self.findings: list[Finding] = []

    def complete(self, data: Mapping[str, Any], file: str | None) -> Mapping[str, Any]:
        """The data of one file with all that it includes, and without its ``include``."""
        if KEY not in data:
            return data
        section, findings = interpolate(data[KEY], self._values, (KEY,))
        self.findings += findings
        own = _entries(data, [key for key in data if key != KEY])
        if not isinstance(section, Mapping):
            message = "include takes a mapping from files to lists of keys"
            self._find(rules.INCLUDE_FORM, _Step(data, (KEY,)), message)
            return own
        folder = FilePath() if file is None else FilePath(file).parent
        base: Mapping[str, Any] = {}
        for name, keys in section.items():
            step = _Step(data, (KEY, name))
            if self._is_list_of_keys(keys, step):
                base = self._merged(base, self._taken(folder / name, keys, step), step)
        return self._merged(base, own, _Step(data, (KEY,)))

    def _taken(self, file: FilePath, keys: list[str], step: _Step) -> Mapping[str, Any]:
        """The entries taken from a file."""
        real = _real(file)
        if real in self._open:
            self._find(rules.INCLUDE_CYCLE, step, "the file includes itself")
            return {}
        if real not in self._done:
            self._open.append(real)
            self._done[real] = self._read(file, step)
            self._open.pop()
        found = self._done[real]
        for number, key in enumerate(keys):
            if key not in found:
                message = f'"{file}" has no key "{key}"{did_you_mean(key, found)}'
                self._find(rules.INCLUDE_KEY, step.down(number), message)
        return _entries(found, [key for key in keys if key in found])

    def _read(self, file: FilePath, step: _Step) -> Mapping[str, Any]:
        try:
            document = read_file(file)
        except UnreadableError as error:
            where = f" (included at {step.where})" if step.where else ""
            raise UnreadableError(f"{error}{where}") from None
        self.findings += document.findings
        return self.complete(document.data, str(file))

    def _is_list_of_keys(self, keys: Any, step: _Step) -> bool:
        if isinstance(keys, list | tuple) and all(isinstance(key, str) for key in keys):
            return True
        self._find(rules.INCLUDE_FORM, step, "give the keys to take as a list, such as [nodes]")
        return False

    def _merged(
        self, base: Mapping[str, Any], own: Mapping[str, Any], step: _Step
    ) -> Mapping[str, Any]:
        """The entries of both; where both have a mapping, the entries of both mappings."""
        merged = _joined(base, own)
        for key in base.keys() & own.keys():
            sides = (base[key], own[key])
            kinds = {isinstance(side, Mapping) for side in sides}
            if kinds == {True}:
                merged[key] = _joined(*sides)
            elif kinds == {True, False}:
                message = f'"{key}" is a mapping in one file and not in the other'
                self._find(rules.INCLUDE_KEY, step, message)
        return merged

    def _find(self, rule: Rule, step: _Step, message: str) -> None:
        self.findings.append(rule.at(step.path, message, step.where))


class _Step(NamedTuple):
    """A place in the ``include`` of a file."""

    data: Mapping[str, Any]
    path: Path

    def down(self, item: PathItem) -> _Step:
        return _Step(self.data, (*self.path, item))

    @property
    def where(self) -> Location | None:
        return place(self.data, self.path, key=isinstance(self.path[-1], str))


def _real(file: FilePath) -> FilePath:
    """What tells one file from another; reading tells what is wrong with a name that is none."""
    try:
        return FilePath(os.path.realpath(file))  # Path.resolve raises where links go in a circle
    except ValueError:
        return file


def _entries(data: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    """Some entries of a mapping, with their places."""
    chosen = {key: data[key] for key in keys}
    if not isinstance(data, Map):
        return chosen
    marks: list[Any] = [at for key in keys for at in (data.key_at(key), data.value_at(key))]
    return Map.of(chosen, data.file, marks)


def _joined(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of both, ``own`` winning; with places where both have them."""
    if not base:
        return _entries(own, list(own))
    joined = {**base, **own}
    if not (isinstance(base, Map) and isinstance(own, Map)):
        return joined
    marks: list[Any] = []
    for key in joined:
        side = own if key in own else base
        marks += (side.key_at(key), side.value_at(key))
    return Map.of(joined, own.file, marks)
