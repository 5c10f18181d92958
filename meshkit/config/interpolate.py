"""Fills the holes ``${…}`` of a file's texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from meshkit.config import rules
from meshkit.config.deferred import Deferred, Hole, is_output
from meshkit.config.positions import Map, Seq, place
from meshkit.config.scalars import shown
from meshkit.config.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path, PathItem, Rule

Values = Mapping[str, Any]
"""Values of ``${var.NAME}``: plain data, a `Deferred`, or an Output of the program."""

_CONTEXT: Final = frozenset({"account", "partition", "region"})
_PIECE: Final = re.compile(r"\$\$\{|\$\{(?P<hole>[^{}]*)\}|\$\{")
_NAMED: Final = re.compile(r"(?P<kind>var|env)\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)")
_UNKNOWN: Final = Deferred((Hole("value", "unknown"),))
"""Stands for a text with a fault, so that nothing more is said about it."""


class OpenValues(dict[str, Any]):
    """Values of which more become known when the program runs."""

    def __missing__(self, name: str) -> Deferred:
        return Deferred((Hole("value", name),))


class RecordedValues(Mapping[str, Any]):
    """Values, and the names that were asked for."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def interpolate(
    data: Any, values: Values | None = None, under: Path = ()
) -> tuple[Any, list[Finding]]:
    """Plain data with its holes filled, and what is wrong with them.

    A text that is wholly ``${var.NAME}`` takes the value with its type. A text with a value that
    is not known yet, with ``${env.NAME}`` or with ``${account}`` becomes a `Deferred`; ``$${`` is
    a literal ``${``. Without ``values``, every ``${var.NAME}`` may become known later.
    ``under`` is the path of ``data``, which stays as it is.
    """
    walker = _Walker(data, OpenValues() if values is None else values, under)
    return walker.filled(data), walker.findings


class _FaultError(Exception):
    """What is wrong with one text."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class _Walker:
    def __init__(self, data: Any, values: Values, under: Path) -> None:
        self._data = data
        self._values = values
        self._under = under
        self._path: list[PathItem] = []
        self._done: dict[int, Any] = {}  # an aliased mapping or list is filled once
        self.findings: list[Finding] = []

    def filled(self, data: Any) -> Any:
        """The data with its holes filled; itself where it has none."""
        if isinstance(data, str):
            return self._text(data) if "${" in data else data
        if isinstance(data, Mapping):
            fill: Any = self._mapping
        elif isinstance(data, list | tuple):
            fill = self._list
        else:
            return data
        done = self._done.get(id(data))
        if done is None:
            done = self._done[id(data)] = fill(data)
        return done

    def _mapping(self, data: Mapping[Any, Any]) -> Mapping[str, Any]:
        filled: dict[str, Any] = {}
        names: dict[str, str | None] = {}
        changed = False
        for key, value in data.items():
            self._path.append(key)
            if isinstance(key, str) and "${" in key:
                names[key] = self._key(key)
            new = filled[key] = self.filled(value)
            changed = changed or new is not value
            self._path.pop()
        return self._renamed(data, filled, names) if changed or names else data

    def _renamed(
        self, data: Mapping[str, Any], filled: dict[str, Any], names: dict[str, str | None]
    ) -> Mapping[str, Any]:
        """The filled entries under their filled keys; one whose key has a fault is left out."""
        made: dict[str, Any] = {}
        marks: list[Any] = []
        for number, (key, value) in enumerate(filled.items()):
            name = names.get(key, key)
            if name is None:
                continue
            if name in made:
                message = f'the key "{name}" is given twice once its values are put in'
                self._find(rules.DUPLICATE_KEY, message, key, is_key=True)
                continue
            made[name] = value
            if isinstance(data, Map):
                marks += data.marks[2 * number : 2 * number + 2]
        return Map.of(made, data.file, marks) if isinstance(data, Map) else made

    def _list(self, data: list[Any] | tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
        filled = []
        changed = False
        for number, value in enumerate(data):
            self._path.append(number)
            new = self.filled(value)
            self._path.pop()
            changed = changed or new is not value
            filled.append(new)
        if not changed:
            return data
        return Seq.of(filled, data.file, data.marks) if isinstance(data, Seq) else filled

    def _text(self, text: str) -> Any:
        try:
            parts = self._parts(text)
            return parts[1] if len(parts) == 3 and not parts[0] + parts[2] else _joined(parts)
        except _FaultError as fault:
            self._find(fault.rule, str(fault))
            return _UNKNOWN

    def _key(self, text: str) -> str | None:
        try:
            key = _joined(self._parts(text))
            if isinstance(key, str):
                return key
            self._find(rules.HOLE_NOW, needed_now(key), is_key=True)
        except _FaultError as fault:
            self._find(fault.rule, str(fault), is_key=True)
        return None

    def _parts(self, text: str) -> list[Any]:
        """Texts and the values of holes, in turn."""
        parts: list[Any] = []
        end = 0
        for piece in _PIECE.finditer(text):
            parts += (text[end : piece.start()], self._piece(piece))
            end = piece.end()
        return [*parts, text[end:]]

    def _piece(self, piece: re.Match[str]) -> Any:
        """A plain value or a Deferred."""
        if piece[0] == "$${":
            return "${"
        form = piece["hole"]
        if form is None:
            raise _FaultError(rules.HOLE_FORM, "${ is not closed; write $${ for a literal ${")
        if form in _CONTEXT:
            return Deferred((Hole("context", form),))
        named = _NAMED.fullmatch(form)
        if named is None:
            raise _FaultError(
                rules.HOLE_FORM,
                f'no form "${{{form}}}"; there are ${{var.NAME}}, ${{env.NAME}}, ${{account}}, '
                "${partition} and ${region}, and $${ is a literal ${",
            )
        if named["kind"] == "env":
            return Deferred((Hole("env", named["name"]),))
        return self._value(named["name"])

    def _value(self, name: str) -> Any:
        try:
            value = self._values[name]
        except KeyError:
            near = did_you_mean(name, self._values)
            message = f'no value for "${{var.{name}}}"{near}; give one, by --var {name}=… or values'
            raise _FaultError(rules.HOLE_VALUE, message) from None
        return Deferred.of(value, name) if is_output(value) else value

    def _find(self, rule: Rule, message: str, *step: PathItem, is_key: bool = False) -> None:
        path = (*self._path, *step)
        where = place(self._data, path, key=is_key)
        self.findings.append(rule.at((*self._under, *path), message, where))


def _joined(parts: list[Any]) -> str | Deferred:
    """One text of texts and values."""
    made: list[str | Hole] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Deferred) else (_as_text(part),):
            if isinstance(piece, str) and made and isinstance(made[-1], str):
                made[-1] += piece
            elif piece != "":
                made.append(piece)
    if not any(isinstance(piece, Hole) for piece in made):
        return "".join(str(piece) for piece in made)
    return Deferred(tuple(made))


def _as_text(value: Any) -> str:
    if isinstance(value, str | int | float):
        return shown(value)
    kind = type(value).__name__
    raise _FaultError(rules.HOLE_TEXT, f"a value of type {kind} can't stand within a text")


def needed_now(text: Deferred) -> str:
    """What to say of a text with a hole where the value decides which resources there are."""
    hole = next((hole for hole in text.holes if hole.kind != "value"), text.holes[0])
    mend = "use ${var.NAME} with a plain value"
    if hole.kind == "value":
        mend = f"give it a plain value, by --var {hole.name}=… or values"
    return f"{hole!r} must be known before the program runs; {mend}"
