"""Garbage collection, kept away from where it walks through much and finds nothing."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def paused_gc() -> Iterator[None]:
    """Without collections, which take most of the time while much is built up that stays."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def leave_modules_alone() -> None:
    """Keeps what lives as long as the process, modules above all, out of collections.

    They take half the time of a large program. Once in a process, and where the program has not
    done so itself: what it makes after that is collected as ever.
    """
    if gc.get_freeze_count() == 0:
        gc.freeze()
