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
    from collections.abc import Collection

    from meshkit.local.outcome import Message, Skipped

    Told = TypeVar("Told", Failure, Skipped, Message)

# Frames of the machinery around a program, which say nothing to who wrote it.
MACHINERY = (str(Path(__file__).parent), sysconfig.get_path("stdlib"), "<")
INSTALLED = "site-packages"


def dependency_fault(error: BaseException | None) -> str:
    """Return why something was skipped, from the exception that its missing input raised."""
    if isinstance(error, ResourceRegistrationFailed):
        return str(error).replace(" failed to register", " failed")
    return f"{type(error).__name__}: {error}"


def program_fault(error: BaseException, root: Path) -> Failure | None:
    """Return an exception of the program as a failure, None where it is no fault of its own."""
    if isinstance(error, ResourceRegistrationFailed):
        return None
    if isinstance(error, MeshkitError):
        return Failure(str(error), type(error).__name__)
    if isinstance(error, SystemExit):
        return (
            None if error.code in (None, 0) else Failure(_exit_message(error, root), "SystemExit")
        )
    message = " ".join(str(error).split())
    return Failure(f"{_place(error, root)}{type(error).__name__}: {message}", type(error).__name__)


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


def _exit_message(error: SystemExit, root: Path) -> str:
    return f"{_place(error, root)}the program ended itself with {error.code!r}"


def _place(error: BaseException, root: Path) -> str:
    """Return `file:line: ` of the program's innermost frame, or nothing."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_relative(error.filename, root)}:{error.lineno}: "
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if INSTALLED not in frame.filename and not frame.filename.startswith(MACHINERY):
            return f"{_relative(frame.filename, root)}:{frame.lineno}: "
    return ""


def _relative(filename: str, root: Path) -> str:
    return (
        filename.removeprefix(str(root)).lstrip("/\\")
        if filename.startswith(str(root))
        else filename
    )
