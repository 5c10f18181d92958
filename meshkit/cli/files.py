"""Files that commands write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, text: str) -> None:
    """Writes a file. Raises ``MeshkitError`` where that can't be done."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        msg = f"{path}: can't be written: {error.strerror}"
        raise MeshkitError(msg) from None
