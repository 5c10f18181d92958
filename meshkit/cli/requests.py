"""Requests to AWS, as people give them: on the command line or in a file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from meshkit.config.reader import read_file
from meshkit.errors import ConfigError, MeshkitError
from meshkit.policy.evaluation import Caller, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshkit.policy.evaluation.request import Value

Expected = Literal["allow", "deny"]

_SHORT: Final = re.compile(r"(?P<action>[A-Za-z0-9-]+:[A-Za-z0-9]+)(?::(?P<resource>.+))?")
_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.[a-z]+)?")
_FEDERATED: Final = (":oidc-provider/", ":saml-provider/")
_KEYS: Final = ("action", "resource", "caller", "context", "expect")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and what should come of it."""

    request: Request
    expect: Expected


def caller_of(text: str) -> Caller:
    """The caller a text names: an ARN, a service's principal, an identity provider, or nobody."""
    if text == "anonymous":
        return Caller(None, "Anonymous")
    if any(mark in text for mark in _FEDERATED):
        return Caller(text, "Federated")
    return Caller(text, "Service" if _SERVICE.fullmatch(text) else "AWS")


def parsed_context(pairs: Sequence[str]) -> dict[str, Value]:
    """Condition keys of ``KEY=VALUE``; a JSON list is the value of a key that has several."""
    context: dict[str, Value] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not key or not equals:
            raise MeshkitError(f'--context: "{pair}" must be KEY=VALUE')
        context[key] = _several(text, pair) if text.startswith("[") else text
    return context


def asked_by(
    texts: Sequence[str], caller: Caller | None, context: Mapping[str, Value]
) -> list[Asked]:
    """The requests of texts: each is a file of requests, or ``ACTION:RESOURCE``.

    ``caller`` and ``context`` hold where a request does not give its own. Raises ``MeshkitError``.
    """
    found = []
    for text in texts:
        short = _SHORT.fullmatch(text)
        if short is None or Path(text).exists():
            found += _of_file(text, caller, context)
        else:
            request = Request(short["action"], short["resource"] or "*", caller, context)
            found.append(Asked(request, "allow"))
    return found


def _several(text: str, pair: str) -> tuple[str, ...]:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise MeshkitError(f'--context: "{pair}": a list must be JSON texts, like ["a", "b"]')
    return tuple(values)


def _of_file(file: str, caller: Caller | None, context: Mapping[str, Value]) -> list[Asked]:
    if not Path(file).exists():
        raise MeshkitError(f'--request: "{file}" is neither a file nor ACTION:RESOURCE')
    document = read_file(file)
    if document.findings:
        raise ConfigError(document.findings)
    listed = document.data.get("requests")
    if not isinstance(listed, list) or set(document.data) != {"requests"}:
        raise MeshkitError(f"{file}: give requests: a list, and nothing else")
    return [
        _asked(each, f"{file}: requests[{number}]", caller, context)
        for number, each in enumerate(listed)
    ]


def _asked(data: Any, where: str, caller: Caller | None, context: Mapping[str, Value]) -> Asked:
    if not isinstance(data, dict) or not isinstance(data.get("action"), str):
        raise MeshkitError(f"{where}: give at least an action")
    unknown = next((key for key in data if key not in _KEYS), None)
    if unknown is not None:
        raise MeshkitError(f'{where}: unknown key "{unknown}" (known: {", ".join(_KEYS)})')
    for key in ("resource", "caller"):
        if not isinstance(data.get(key, ""), str):
            raise MeshkitError(f"{where}.{key}: must be text; put a number in quotes")
    expect = data.get("expect", "allow")
    if expect not in ("allow", "deny"):
        raise MeshkitError(f"{where}.expect: must be allow or deny")
    given = {**context, **_context(data.get("context", {}), f"{where}.context")}
    who = caller_of(data["caller"]) if "caller" in data else caller
    return Asked(Request(data["action"], data.get("resource", "*"), who, given), expect)


def _context(data: Any, where: str) -> dict[str, Value]:
    if not isinstance(data, dict):
        raise MeshkitError(f"{where}: must name condition keys")
    context: dict[str, Value] = {}
    for key, value in data.items():
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items) and not isinstance(value, bool):
            raise MeshkitError(
                f"{where}.{key}: must be text, true, false or a list of texts; "
                "put a number in quotes"
            )
        context[key] = tuple(items) if isinstance(value, list) else value
    return context
