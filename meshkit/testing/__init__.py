"""Tests of your own programs: deployed on the local cloud, asked who can do what.

Importing this loads nothing heavy, so that it costs pytest no time where it is not used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from meshkit.testing.deploying import deployed
    from meshkit.testing.deployment import Deployment
    from meshkit.testing.errors import SnapshotWritten, Unanswerable

_HOMES: Final = {
    "Deployment": "meshkit.testing.deployment",
    "SnapshotWritten": "meshkit.testing.errors",
    "Unanswerable": "meshkit.testing.errors",
    "deployed": "meshkit.testing.deploying",
}

__all__ = ["Deployment", "SnapshotWritten", "Unanswerable", "deployed"]


def __getattr__(name: str) -> Any:
    """Imports a name when it is first used."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)
