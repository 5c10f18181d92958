"""Telling a person what went wrong in a program: no traceback, no secret."""

from __future__ import annotations

import sysconfig
import traceback
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.request import url2pathname

from pulumi.runtime.stack import ResourceRegistrationFailed

from meshkit.errors import ConfigError, MeshkitError, UnreadableError
from meshkit.local.outcome import Failure, Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from types import TracebackType

    from meshkit.config.finding import Finding
    from meshkit.local.monitor import Refusal
    from meshkit.local.outcome import Skipped

    Tracebacks = Mapping[BaseException, TracebackType | None]
    Told = TypeVar("Told", Failure, Skipped, Message)

# Frames of the machinery around a program, which say nothing to who wrote it.
MACHINERY = (str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"), "<")
INSTALLED = "site-packages"


def dependency_fault(error: BaseException | None) -> str:
    """Return why something was skipped, from the exception that its missing input raised."""
    if isinstance(error, ResourceRegistrationFailed):
        return str(error).replace(" failed to register", " failed")
    return f"{type(error).__name__}: {_origin(error) if error else error}"


def refusal_fault(urn: str, told: Refusal, root: Path) -> Failure:
    """Return a resource that was refused as a failure."""
    return Failure(told.message, told.code, urn, told.type, told.name, _innermost(told.asked, root))


def source_of(frames: Iterable[Any], root: str) -> tuple[str, int] | None:
    """Return file and line of a request's innermost frame below `root`, which is a URI."""
    for frame in frames:
        uri = frame.pc.uri
        if uri.startswith(root) and INSTALLED not in uri:
            return url2pathname(uri.removeprefix(root)), frame.pc.line
    return None


def program_faults(
    error: BaseException, root: Path, tracebacks: Tracebacks | None = None
) -> list[Failure]:
    """Return an exception of the program as failures, none where it is no fault of its own.

    What is wrong with a file has its place there; all else gets that in the program. `tracebacks`
    are those of exceptions that have lost their own.
    """
    if isinstance(error, ResourceRegistrationFailed):
        return []
    if isinstance(error, SystemExit) and error.code in (None, 0):
        return []
    error = _origin(error)
    kind = type(error).__name__
    if isinstance(error, ConfigError) and (wrong := _findings(error, "error")):
        return [Failure(str(finding), finding.code) for finding in wrong]
    if isinstance(error, ConfigError | UnreadableError):
        return [Failure(str(error), kind)]
    place = _place(error, error.__traceback__, root)
    if not place and tracebacks:
        place = _place(error, tracebacks.get(error), root)
    return [Failure(f"{place}{_told(error)}", kind)]


def config_warnings(error: BaseException) -> list[Message]:
    """Return the warnings about a mesh file that came along with its errors."""
    error = _origin(error)
    if not isinstance(error, ConfigError):
        return []
    return [Message("warning", finding.unlabelled) for finding in _findings(error, "warning")]


def scrub(told: Told, secrets: Collection[str]) -> Told:
    """Return `told` with no secret in any of its texts."""
    if not secrets:
        return told
    longest_first = sorted(filter(None, secrets), key=len, reverse=True)
    changed = {}
    for field in fields(told):
        text = getattr(told, field.name)
        for secret in longest_first:
            text = text.replace(secret, "[secret]")
        changed[field.name] = text
    return replace(told, **changed)


def _origin(error: BaseException) -> BaseException:
    """Return what went wrong first: the SDK wraps it once for every input that it went through."""
    # Not the cause: the SDK raises a wrapped exception again as a cause of itself.
    while error.__context__ is not None and str(error).startswith("While processing"):
        error = error.__context__
    return error


def _findings(error: ConfigError, severity: str) -> list[Finding]:
    return [finding for finding in error.findings if finding.severity == severity]


def _told(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"the program ended itself with {error.code!r}"
    message = " ".join(str(error).split())
    return message if isinstance(error, MeshkitError) else f"{type(error).__name__}: {message}"


def _place(error: BaseException, trace: TracebackType | None, root: Path) -> str:
    """Return `file:line: ` of the program's innermost frame, or nothing."""
    frames = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(trace)]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno or 0))
    place = _innermost(reversed(frames), root)
    return f"{place}: " if place else ""


def _innermost(frames: Iterable[tuple[str, int]], root: Path) -> str:
    """Return `file:line` of the first frame in the project, else outside of all libraries."""
    own = [
        (file, line)
        for file, line in frames
        if INSTALLED not in file and not file.startswith(MACHINERY)
    ]
    inside = [
        (Path(file).relative_to(root), line)
        for file, line in own
        if Path(file).is_relative_to(root)
    ]
    return next((f"{file}:{line}" for file, line in (*inside, *own)), "")
