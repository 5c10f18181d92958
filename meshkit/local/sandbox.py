"""A place for somebody's program to run in this process and leave nothing behind."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

T = TypeVar("T")


class TimedOut(KeyboardInterrupt):
    """Raised in a program that takes too long. No `except Exception` of the program stops it."""


@contextmanager
def program_folder(folder: Path) -> Iterator[None]:
    """Make `folder` the current folder and the first place to import from, then undo all of it.

    The modules of the folder are forgotten afterwards, so that the next program can have modules
    of the same names; a module of the same name that was loaded from elsewhere comes back.
    """
    cwd, path, environment = Path.cwd(), list(sys.path), dict(os.environ)
    names = {entry.stem for entry in folder.iterdir() if _importable(entry)}
    own = {name for name in names if _is_from(sys.modules.get(name), folder)}
    hidden = _pop_modules(names - own)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        _pop_modules(names - own)
        sys.modules.update(hidden)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(cwd)


def _importable(entry: Path) -> bool:
    if entry.stem == "__main__":
        return False
    return entry.suffix == ".py" or (entry.is_dir() and entry.name.isidentifier())


def _is_from(module: ModuleType | None, folder: Path) -> bool:
    places = [getattr(module, "__file__", None) or "", *(getattr(module, "__path__", ()) or ())]
    return any(Path(place).resolve().is_relative_to(folder) for place in places if place)


def _pop_modules(names: set[str]) -> dict[str, ModuleType]:
    found = [name for name in sys.modules if name.partition(".")[0] in names]
    return {name: sys.modules.pop(name) for name in found}


class Job(Generic[T]):
    """A function in a thread of its own: with its own context and event loop, and with an end.

    `wake` is called to let a waiting thread notice that it should stop.
    """

    def __init__(self, function: Callable[[], T], wake: Callable[[], None]) -> None:
        self._function = function
        self._wake = wake
        self._result: list[T] = []
        self._error: BaseException | None = None
        # A daemon: a program stuck in a system call can't keep the process from ending.
        self._thread = threading.Thread(target=self._work, name="pulumi-program", daemon=True)

    def run(self, timeout: float | None) -> T:
        """Return what the function returns. Raises what it raises, or TimedOut."""
        self._thread.start()
        try:
            self._thread.join(timeout)
        finally:
            if self._thread.is_alive():
                self._stop()
        if self._error is not None:
            raise self._error
        if not self._result:
            raise TimedOut
        return self._result[0]

    def _work(self) -> None:
        try:
            self._result.append(self._function())
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            self._error = error

    def _stop(self) -> None:
        ident = ctypes.c_ulong(self._thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(TimedOut))
        self._wake()
        self._thread.join(1.0)
