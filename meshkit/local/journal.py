"""The state of a served cloud on disk: the requests that changed it, in their order.

One JSON object a line: first what the file is, then a request each. A line is written before its
request is answered. Decision record 0004 tells why the requests are kept and not their results.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

FORMAT = 1
KIND = "meshkit local cloud"


class StateError(MeshkitError):
    """A state file that can't be used. The file is as it was."""


@dataclass(frozen=True)
class Request:
    """An HTTP request. `target` is path and query as sent, the names of headers are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Entry:
    """A request, when it came (in microseconds since 1970) and the status of its answer."""

    instant: int
    request: Request
    status: int


class Journal:
    """A state file, open for one server alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> Self:
        """Open the file, or begin it. Raises `StateError`."""
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            _lock(self._file)
        except BlockingIOError:
            self._close()
            raise self._error("another server uses it; stop that one first") from None
        except OSError as error:
            self._close()
            raise self._error(f"can't be opened: {error.strerror}") from None
        return self

    def __exit__(self, *_: object) -> None:
        """Let the system write the file to disk, and close it."""
        with contextlib.suppress(OSError):  # /dev/stdout and the like can't be synced
            os.fsync(self._file)
        self._close()

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def append(self, entry: Entry) -> None:
        """Add an entry. Raises `StateError` where the disk does not take it whole."""
        self._write(_as_data(entry))

    def entries(self) -> list[Entry]:
        """Return what the file holds, beginning an empty one. Raises `StateError`."""
        lines = self._lines()
        if not lines:
            self._write(_header())
            return []
        self._check_header(self._parsed(1, lines[0]))
        return [self._entry(number, line) for number, line in enumerate(lines[1:], start=2)]

    def error_at(self, number: int, what: str) -> StateError:
        """Return the refusal of the file because of its entry `number`, counted from 0."""
        return self._error(what, line=number + 2)

    def _lines(self) -> list[bytes]:
        try:
            data = self._path.read_bytes()
        except OSError as error:
            raise self._error(f"can't be read: {error.strerror}") from None
        lines = data.split(b"\n")
        if lines.pop():
            raise self._error("the last line is cut off", line=len(lines) + 1)
        return lines

    def _check_header(self, header: Any) -> None:
        if not isinstance(header, dict) or header.get("kind") != KIND:
            raise self._error("not a state file of meshkit local serve")
        if header.get("format") != FORMAT:
            what = f"has format {header.get('format')}, this meshkit reads format {FORMAT}"
            raise self._error(what)
        if header.get("moto") != version("moto"):
            what = f"was written with moto {header.get('moto')}, installed is {version('moto')}"
            raise self._error(f"{what}: install that version or begin a new file")

    def _entry(self, number: int, line: bytes) -> Entry:
        try:
            return _from_data(self._parsed(number, line))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._error("not an entry of a state file", line=number) from None

    def _parsed(self, number: int, line: bytes) -> Any:
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            what = "not a state file of meshkit local serve" if number == 1 else "not JSON"
            raise self._error(what, line=number) from None

    def _write(self, data: Mapping[str, Any]) -> None:
        line = json.dumps(data, separators=(",", ":")).encode() + b"\n"
        size = os.fstat(self._file).st_size
        try:
            # One write: whoever ends the process leaves the line whole or not at all.
            whole = os.write(self._file, line) == len(line)
            reason = "the disk is full"
        except OSError as error:
            whole, reason = False, str(error.strerror)
        if not whole:
            os.ftruncate(self._file, size)
            raise self._error(f"can't be written: {reason}")

    def _error(self, what: str, line: int | None = None) -> StateError:
        where = f"{self._path}:{line}" if line else f"{self._path}"
        return StateError(f"{where}: {what}")


def _header() -> dict[str, Any]:
    return {"kind": KIND, "format": FORMAT, "moto": version("moto")}


def _as_data(entry: Entry) -> dict[str, Any]:
    request = entry.request
    return {
        "instant": entry.instant,
        "method": request.method,
        "target": request.target,
        "headers": dict(request.headers),
        "body": base64.b64encode(request.body).decode(),
        "status": entry.status,
    }


def _from_data(data: dict[str, Any]) -> Entry:
    headers = {str(name): str(value) for name, value in data["headers"].items()}
    request = Request(
        method=str(data["method"]),
        target=str(data["target"]),
        headers=headers,
        body=base64.b64decode(data["body"], validate=True),
    )
    return Entry(instant=int(data["instant"]), request=request, status=int(data["status"]))


if sys.platform == "win32":

    def _lock(_: int) -> None:
        """Windows has no such lock: who starts two servers on one file is not warned."""

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
