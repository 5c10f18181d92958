"""Telling a person what went wrong in a program: no traceback, no secret."""

from __future__ import annotations

import sysconfig
import traceback
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pulumi.runtime.stack import ResourceRegistrationFailed

from meshkit.errors import MeshkitError
from meshkit.local.outcome import Failure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from types import TracebackType

    from meshkit.local.monitor import Refusal
    from meshkit.local.outcome import Message, Skipped

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


def program_fault(
    error: BaseException, root: Path, tracebacks: Tracebacks | None = None
) -> Failure | None:
    """Return an exception of the program as a failure, None where it is no fault of its own.

    `tracebacks` are those of exceptions that have lost their own.
    """
    if isinstance(error, ResourceRegistrationFailed):
        return None
    if isinstance(error, MeshkitError):
        return Failure(str(error), type(error).__name__)
    if isinstance(error, SystemExit):
        return (
            None if error.code in (None, 0) else Failure(_exit_message(error, root), "SystemExit")
        )
    error = _origin(error)
    place = _place(error, error.__traceback__, root)
    if not place and tracebacks:
        place = _place(error, tracebacks.get(error), root)
    kind, message = type(error).__name__, " ".join(str(error).split())
    return Failure(f"{place}{kind}: {message}", kind)


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


def _exit_message(error: SystemExit, root: Path) -> str:
    return f"{_place(error, error.__traceback__, root)}the program ended itself with {error.code!r}"


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
