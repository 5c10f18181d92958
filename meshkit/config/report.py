"""Tells what is wrong with the shape of a file, in the file's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from meshkit.config import shape_rules as rules
from meshkit.config.deferred import Deferred
from meshkit.config.interpolate import needed_now
from meshkit.config.rules import HOLE_NOW
from meshkit.config.scalars import shown
from meshkit.config.shape import keys_at, written
from meshkit.config.suggest import did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from meshkit.config.finding import Finding, Path, Rule
    from meshkit.config.types import Model

_SECRET_KEYS: Final = frozenset(
    {"external_id", "external_ids", "secret", "password", "token", "env"}
)
_LONGEST: Final = 60
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,255}")
_WANTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_KINDS: Final = {bool: "truth value", int: "number", float: "number", str: "text"}


class Fault(NamedTuple):
    """A fault of shape."""

    finding: Finding
    on_key: bool
    """Whether it shows at the key of the path rather than at the value."""
    removal: Path
    """What to leave out so that the fault is gone; of a missing key, its own path."""
    missing: bool
    """Whether it is a required key that is missing."""
    lacking: bool
    """Whether it is a list or mapping that has too little."""


def faults(root: type[Model], errors: list[ErrorDetails], data: Mapping[str, Any]) -> list[Fault]:
    """The faults that pydantic's errors tell of; ``data`` is what was validated."""
    return [_fault(root, error, data) for error in errors if not _is_echo(error)]


def _is_echo(error: ErrorDetails) -> bool:
    """Whether it only follows from another error: of the other branch, or of an item."""
    if error["loc"][-1:] == ("=deferred",):
        return True
    return error["type"] == "too_short" and len(error["input"]) != error["ctx"]["actual_length"]


def _fault(root: type[Model], error: ErrorDetails, data: Mapping[str, Any]) -> Fault:
    loc, kind, value = error["loc"], error["type"], error["input"]
    path = removal = written(data, loc)
    missing = kind == "missing"
    # The keys of a mapping, and what a short form makes of them, end in a step of the models' own.
    from_key = loc[-1:] != path[-1:] == (value,)
    no_type = kind == "union_tag_not_found" and isinstance(value, Mapping)
    on_key = from_key or no_type or kind in ("missing", "extra_forbidden")
    if missing:
        path = path[:-1]
    rule, message = _told(root, error, path)
    if kind == "union_tag_invalid":
        path = (*path, "type")
    lacking = kind == "too_short" or (kind == "one_of" and error["ctx"]["given"] == "none")
    return Fault(rule.at(path, message), on_key, removal, missing, lacking)


def _told(root: type[Model], error: ErrorDetails, path: Path) -> tuple[Rule, str]:
    kind, value = error["type"], error["input"]
    if kind == "union_tag_invalid":
        value = value["type"]
    if isinstance(value, Deferred):
        return HOLE_NOW, needed_now(value)
    if kind == "union_tag_not_found" and not isinstance(value, Mapping):
        kind = "model_type"
    if kind in _WANTED:
        return rules.WRONG_TYPE, _wrong_type(_WANTED[kind], value, path)
    if kind == "extra_forbidden":
        return rules.UNKNOWN_KEY, _unknown_key(str(path[-1]), keys_at(root, error["loc"][:-1]))
    rule, tell = _TELLERS.get(kind, (rules.OTHER, _other))
    return rule, tell(_Details(error.get("ctx", {}), value, path, error))


class _Details(NamedTuple):
    limits: Mapping[str, Any]
    value: Any
    path: Path
    error: ErrorDetails

    @property
    def quoted(self) -> str:
        return quoted(self.value, self.path)


def quoted(value: Any, path: Path) -> str:
    """A value as a message shows it: on one line, short, and never a secret's."""
    if _is_secret(path):
        return "the value"
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
    elif value is None or isinstance(value, bool | int | float):
        text = shown(value)
    else:
        return "the value"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _is_secret(path: Path) -> bool:
    return not _SECRET_KEYS.isdisjoint(path)


def _wrong_type(wanted: str, value: Any, path: Path) -> str:
    if value is None:
        empty = {"a list": "[]", "a mapping": "{}"}.get(wanted)
        rest = f"; write {empty} for an empty one" if empty else ""
        return f"{wanted} is wanted, and there is no value{rest}"
    mend = _short_form(value, path) if wanted == "a mapping" else _mend(wanted, value)
    return f"{wanted} is wanted, not {_found(value, path)}{mend}"


def _found(value: Any, path: Path) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    kind = _KINDS.get(type(value))
    if kind is None:
        return f"a value of type {type(value).__name__}"
    return f"a {kind}" if _is_secret(path) else f"the {kind} {quoted(value, path)}"


def _mend(wanted: str, value: Any) -> str:
    """How to turn the value into what is wanted, where that is plain."""
    if wanted == "text" and isinstance(value, bool | int | float):
        return "; put it in quotes"
    if wanted == "a list" and not isinstance(value, Mapping):
        return "; put it in [ ]"
    if isinstance(value, str) and wanted.endswith("number") and value.strip("-").isdigit():
        return "; write it without quotes and leading zeros"
    if isinstance(value, str) and wanted == "true or false":
        return "; write true or false without quotes"
    return ""


def _short_form(value: Any, path: Path) -> str:
    """The mapping that was meant by a single name, where that is plain."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        return ""
    if path[-1:] == ("service_discovery",):
        return f"; write {{dns: {value}}}"
    if path[-2:-1] == ("services",):
        return f"; write {{node: {value}}} or {{router: {value}}}"
    return ""


def _unknown_key(key: str, known: list[str]) -> str:
    near = did_you_mean(key, known) or (f"; there are {', '.join(known)}" if known else "")
    return f'no key "{key}"{near}'


def _missing(details: _Details) -> str:
    return f'the key "{details.error["loc"][-1]}" is missing'


def _no_type(_details: _Details) -> str:
    return 'the key "type" is missing; it is ecs, eks or ec2'


def _not_a_choice(details: _Details) -> str:
    choices = re.findall(
        "'([^']*)'", details.limits.get("expected") or details.limits["expected_tags"]
    )
    wanted = f"is not {'one of ' if len(choices) > 1 else ''}{', '.join(choices)}"
    near = did_you_mean(details.value, choices) if isinstance(details.value, str) else ""
    return f"{details.quoted} {wanted}{near}"


def _out_of_range(details: _Details) -> str:
    (limit, bound), *_ = details.limits.items()
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    return f"{details.quoted} is out of range; {words[limit]} {bound}"


def _pattern(details: _Details) -> str:
    pattern = details.limits["pattern"]
    meaning = rules.PATTERNS.get(pattern, f"of the form {pattern}")
    return f"{details.quoted} is not {meaning}"


def _length(details: _Details) -> str:
    value = details.value
    unit = "characters" if isinstance(value, str) else "entries"
    least, most = details.limits.get("min_length"), details.limits.get("max_length")
    limit = f"at least {least}" if least is not None else f"at most {most}"
    return f"{len(value)} {unit} given, {limit} wanted" if value else f"it is empty; {limit} wanted"


def _one_of(details: _Details) -> str:
    keys, given = details.limits["keys"], details.limits["given"]
    if given == "none":
        return f"one of the keys {keys} is needed"
    return f"{given} exclude each other; keep one of them"


def _other(details: _Details) -> str:
    return f"{details.quoted} does not fit: {details.error['msg']}"


_TELLERS: Final[dict[str, tuple[Rule, Callable[[_Details], str]]]] = {
    "missing": (rules.MISSING_KEY, _missing),
    "union_tag_not_found": (rules.MISSING_KEY, _no_type),
    "union_tag_invalid": (rules.NOT_A_CHOICE, _not_a_choice),
    "literal_error": (rules.NOT_A_CHOICE, _not_a_choice),
    "greater_than_equal": (rules.OUT_OF_RANGE, _out_of_range),
    "less_than_equal": (rules.OUT_OF_RANGE, _out_of_range),
    "string_pattern_mismatch": (rules.PATTERN, _pattern),
    "string_too_short": (rules.LENGTH, _length),
    "string_too_long": (rules.LENGTH, _length),
    "too_short": (rules.LENGTH, _length),
    "too_long": (rules.LENGTH, _length),
    "one_of": (rules.ONE_OF, _one_of),
}
