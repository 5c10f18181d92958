"""Builds positioned plain data from parser events, without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

import yaml

from meshkit.config import rules
from meshkit.config.finding import Finding, Location, Path, PathItem, Rule
from meshkit.config.positions import Map, Mark, Seq
from meshkit.config.scalars import LETTERS, plain
from meshkit.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_DEPTH: Final = 100
MAX_ALIASED: Final = 2_000_000
_CORE: Final = "tag:yaml.org,2002:"
_SCALAR_TAGS: Final[dict[str, tuple[type, ...]]] = {
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "null": (type(None),),
}
_MERGE: Final = "<<"


def unreadable(rule: Rule, where: Location | str, message: str) -> UnreadableError:
    """The error for a file that can't be read, as one line."""
    return UnreadableError(f"{where}: {rule.code} {message}")


class Document(NamedTuple):
    """A file as plain data, and what is wrong with how it is written."""

    data: Map
    findings: tuple[Finding, ...]


class _Anchored(NamedTuple):
    value: Any
    size: int
    """How many values it stands for when all aliases are written out."""
    height: int


class _Frame:
    """A mapping or list that is not complete yet."""

    __slots__ = ("anchor", "height", "is_map", "items", "marks", "seen")

    def __init__(self, is_map: bool, anchor: str | None, seen: int) -> None:
        self.is_map = is_map
        self.anchor = anchor
        self.seen = seen
        self.height = 1
        self.items: list[Any] = []
        """Of a mapping: keys and values in turn."""
        self.marks: list[Mark | Location] = []

    def expects_key(self) -> bool:
        return self.is_map and len(self.items) % 2 == 0


def build(events: Iterable[Any], file: str) -> Document:
    """The one mapping that the events describe.

    Raises:
        UnreadableError: for anything but one mapping, and beyond the limits on depth and aliases.
    """
    builder = _Builder(file)
    take = builder.handlers
    for event in events:
        take[type(event)](event)
    return builder.document()


class _Builder:
    def __init__(self, file: str) -> None:
        self._file = file
        self._frame = _Frame(is_map=False, anchor=None, seen=0)
        self._above: list[_Frame] = []
        self._anchors: dict[str, _Anchored | None] = {}  # None: not complete yet
        self._seen = 0
        self._aliased = 0
        self._findings: list[Finding] = []
        self.handlers: dict[type, Any] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document_start,
            yaml.DocumentEndEvent: _nothing,
            yaml.StreamStartEvent: _nothing,
            yaml.StreamEndEvent: _nothing,
        }

    def document(self) -> Document:
        """What was built."""
        if not self._frame.items:
            raise unreadable(
                rules.ONE_MAPPING,
                Location(self._file, 1, 1),
                "the file is empty; a mesh file begins with name, region and owner",
            )
        data = self._frame.items[0]
        if not isinstance(data, Map):
            raise self._unreadable(
                rules.ONE_MAPPING,
                self._frame.marks[0],
                f"a mesh file is a mapping, this one is {_kind(data)}",
            )
        return Document(data, tuple(self._findings))

    def _scalar(self, event: Any) -> None:
        value = event.value
        if event.implicit[0]:
            if value[:1] not in LETTERS:  # the costly part of a large file is its scalars
                value = plain(value)
        elif event.tag is not None:
            value = self._tagged(event)
        frame = self._frame
        if value.__class__ is not str and frame.expects_key():
            value = self._key_of_text(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)
        frame.items.append(value)
        frame.marks.append(event.start_mark)

    def _start(self, event: Any) -> None:
        if self._frame.expects_key():
            self._refuse_key(event.start_mark)
        is_map = event.__class__ is yaml.MappingStartEvent
        if event.tag is not None and event.tag != _CORE + ("map" if is_map else "seq"):
            self._find(rules.TAG, event.start_mark, _bad_tag(event.tag), *self._next())
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._frame.marks.append(event.start_mark)
        self._above.append(self._frame)
        self._frame = _Frame(is_map, event.anchor, self._seen)
        if len(self._above) > MAX_DEPTH:
            raise self._too_deep(event.start_mark)

    def _end(self, _event: Any) -> None:
        frame = self._frame
        self._seen += len(frame.items) + 1
        value = self._map(frame) if frame.is_map else Seq.of(frame.items, self._file, frame.marks)
        if frame.anchor is not None:
            size = self._seen - frame.seen
            self._anchors[frame.anchor] = _Anchored(value, size, frame.height)
        parent = self._frame = self._above.pop()
        if frame.height >= parent.height:
            parent.height = frame.height + 1
        parent.items.append(value)

    def _alias(self, event: Any) -> None:
        mark = event.start_mark
        if event.anchor not in self._anchors:
            raise self._unreadable(
                rules.SYNTAX, mark, f'no anchor "&{event.anchor}" stands before this alias'
            )
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise self._unreadable(
                rules.LIMITS, mark, f'the alias "*{event.anchor}" stands within its own anchor'
            )
        frame = self._frame
        if frame.expects_key() and not isinstance(anchored.value, str):
            self._refuse_key(mark)
        self._seen += anchored.size
        self._aliased += anchored.size
        if self._aliased > MAX_ALIASED:
            raise self._unreadable(
                rules.LIMITS, mark, f"aliases stand for more than {MAX_ALIASED:,} values"
            )
        if len(self._above) + anchored.height > MAX_DEPTH:
            raise self._too_deep(mark)
        frame.height = max(frame.height, anchored.height + 1)
        frame.items.append(anchored.value)
        frame.marks.append(mark)

    def _document_start(self, event: Any) -> None:
        if self._frame.items:
            raise self._unreadable(
                rules.ONE_MAPPING,
                event.start_mark,
                "a second document begins here; a mesh file is one document",
            )

    def _map(self, frame: _Frame) -> Map:
        entries = iter(frame.items)
        made = Map(zip(entries, entries, strict=True))
        made.file, made.marks = self._file, frame.marks
        if 2 * len(made) != len(frame.items):
            made = self._without_duplicates(frame)
        return self._merge(made) if _MERGE in made else made

    def _without_duplicates(self, frame: _Frame) -> Map:
        """The mapping with the first entry of each key; the others become findings."""
        made = Map.of({}, self._file, [])
        first: dict[str, Mark | Location] = {}
        for place in range(0, len(frame.items), 2):
            key, marks = frame.items[place], frame.marks[place : place + 2]
            if key in made:
                message = f"the key is given twice, first at {self._where(first[key])}"
                self._find(rules.DUPLICATE_KEY, marks[0], message, key)
                continue
            first[key] = marks[0]
            made[key] = frame.items[place + 1]
            made.marks += marks
        return made

    def _merge(self, data: Map) -> Map:
        """The mapping with the entries that its merge key brings; its own entries win."""
        source = data[_MERGE]
        sources = source if isinstance(source, Seq) else [source]
        if not all(isinstance(each, Map) for each in sources):
            self._find(
                rules.MERGE_KEY,
                data.value_at(_MERGE),
                f"<< takes a mapping or a list of mappings, not {_kind(source)}",
                _MERGE,
            )
            sources = []
        merged = Map.of({}, self._file, [])
        for each in (data, *sources):
            for place, (key, value) in enumerate(each.items()):
                if key != _MERGE and key not in merged:
                    merged[key] = value
                    merged.marks += each.marks[2 * place : 2 * place + 2]
        return merged

    def _tagged(self, event: Any) -> Any:
        """The value of a scalar with a tag of its own."""
        name = event.tag.removeprefix(_CORE)
        if name == "str":
            return event.value
        value = plain(event.value)
        if event.tag.startswith(_CORE) and isinstance(value, _SCALAR_TAGS.get(name, ())):
            return value
        self._find(rules.TAG, event.start_mark, _bad_tag(event.tag), *self._next())
        return event.value

    def _key_of_text(self, event: Any) -> str:
        written = event.value
        message = f'a key is text; write "{written}" in quotes'
        if not written:
            message = "a key is missing before the colon"
        self._find(rules.TEXT_KEY, event.start_mark, message, written)
        return str(written)

    def _refuse_key(self, mark: Mark) -> NoReturn:
        raise self._unreadable(
            rules.TEXT_KEY, mark, "a key is text; put text that begins with { or [ in quotes"
        )

    def _too_deep(self, mark: Mark) -> UnreadableError:
        return self._unreadable(rules.LIMITS, mark, f"values are nested more than {MAX_DEPTH} deep")

    def _path(self) -> Path:
        """The path of the mapping or list that is being built."""
        above = self._above[1:]
        return tuple(f.items[-1] if f.is_map else len(f.items) for f in above)

    def _next(self) -> Path:
        """The last step of the path to the value that comes next."""
        frame = self._frame
        if not self._above or frame.expects_key():
            return ()
        return (frame.items[-1] if frame.is_map else len(frame.items),)

    def _find(self, rule: Rule, mark: Mark | Location, message: str, *step: PathItem) -> None:
        path = (*self._path(), *step)
        self._findings.append(rule.at(path, message, self._where(mark)))

    def _where(self, mark: Mark | Location) -> Location:
        if isinstance(mark, Location):
            return mark
        return Location(self._file, mark.line + 1, mark.column + 1)

    def _unreadable(self, rule: Rule, mark: Mark | Location, message: str) -> UnreadableError:
        return unreadable(rule, self._where(mark), message)


def _nothing(_event: Any) -> None:
    pass


def _bad_tag(tag: str) -> str:
    shown = f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag
    return f'the tag "{shown}" has no meaning here or does not fit; write the value without it'


def _kind(value: Any) -> str:
    if isinstance(value, Map):
        return "a mapping"
    return "a list" if isinstance(value, Seq) else "a single value"
