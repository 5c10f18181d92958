"""What the Pulumi engine writes of resources, in a preview and in a state, as a graph.

Source: Pulumi's ``sdk/go/common/apitype`` (ResourceV3) and its wire format for secrets.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from meshkit.errors import UnreadableError
from meshkit.graph import UNKNOWN, Resource, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark of the wire format
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
MASK = "[secret]"
"""What a preview shows of a secret."""
INTERNAL = ("__defaults", "__internal", "__meta", "__pulumi_raw_state_delta")
"""Properties that the engine and its providers keep for themselves."""
_PROJECT = "project:///"


def document_in(text: str, what: str) -> dict[str, Any]:
    """The JSON object in a text. Raises ``UnreadableError`` for anything else."""
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise UnreadableError(f"{what}: nested too deeply") from None
    except ValueError as error:
        place = f"line {error.lineno}: " if isinstance(error, json.JSONDecodeError) else ""
        msg = f"{what}: {place}not JSON; give what {COMMANDS[what]} printed"
        raise UnreadableError(msg) from None
    if not isinstance(found, dict):
        raise UnreadableError(f"{what}: not an object; give what {COMMANDS[what]} printed")
    return found


COMMANDS = {
    "preview": "`pulumi preview --json --show-sames`",
    "state": "`pulumi stack export`",
}


def resource_of(entry: Mapping[str, Any], what: str) -> Resource:
    """One resource as the engine describes it. Raises ``UnreadableError`` for anything else."""
    try:
        return _resource(entry)
    except (AttributeError, KeyError, TypeError, ValueError):
        urn = entry.get("urn") if isinstance(entry, dict) else None
        shown = f" {urn}" if isinstance(urn, str) else ""
        raise UnreadableError(
            f"{what}: resource{shown} is not as the engine writes it; give what "
            f"{COMMANDS[what]} printed, unchanged"
        ) from None


def _resource(entry: Mapping[str, Any]) -> Resource:
    urn: str = entry["urn"]
    _, _, types, name = urn.split("::", 3)
    outputs = _properties(entry.get("outputs"))
    if entry.get("id"):
        outputs["id"] = entry["id"]
    return Resource(
        urn=urn,
        type=_text(entry, "type") or types.rpartition("$")[2],
        name=name,
        # What the program only looks up was not made from inputs of its own.
        inputs={} if entry.get("external") else _properties(entry.get("inputs")),
        outputs=outputs,
        parent=_text(entry, "parent") or None,
        provider=_text(entry, "provider").rpartition("::")[0] or None,
        custom=bool(entry.get("custom")),
        dependencies=tuple(map(str, entry.get("dependencies") or ())),
        protect=bool(entry.get("protect")),
        input_dependencies={
            key: tuple(map(str, urns))
            for key, urns in (entry.get("propertyDependencies") or {}).items()
        },
        source=_source(entry),
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key) or ""
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _properties(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: decode(value) for key, value in (values or {}).items() if key not in INTERNAL}


def decode(value: Any) -> Any:
    """A value of the engine's JSON; what it does not tell of a secret is an unknown secret."""
    if isinstance(value, str):
        if value == UNKNOWN_TEXT:
            return UNKNOWN
        return Secret(UNKNOWN) if value == MASK else value
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET:
        plain = value.get("plaintext")
        return Secret(UNKNOWN if plain is None else decode(json.loads(plain)))
    return {key: decode(item) for key, item in value.items()}


def _source(entry: Mapping[str, Any]) -> tuple[str, int] | None:
    """The innermost place in the project itself, neither in a library nor outside."""
    frames: Iterable[Mapping[str, Any]] = (entry, *(entry.get("stackTrace") or ()))
    for frame in frames:
        file, _, line = str(frame.get("sourcePosition") or "").partition("#")
        path = file.removeprefix(_PROJECT)
        foreign = path == file or path.startswith("../") or "-packages/" in path
        number = line.partition(",")[0]
        if not foreign and number.isdigit():
            return path, int(number)
    return None
