"""The ``meshkit`` command."""

from meshkit.cli.main import main

__all__ = ["main"]
