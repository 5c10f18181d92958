"""Commands whose modules are imported when one of them runs: help and errors stay quick."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from meshkit.errors import MeshkitError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Lazy(NamedTuple):
    """A command, or a group of commands."""

    module: str
    """Holds the command as ``app``."""
    help: str
    extra: str | None = None
    """What to install for it."""


class _LazyCommand(TyperCommand):
    """Stands for a command in the list of commands, and gives way to it when it runs."""

    lazy: Lazy

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """The context of the command itself."""
        command = get_command(self._load(parent).app)
        command.name = self.name
        return command.make_context(info_name, args, parent, **extra)

    def _load(self, parent: Any) -> Any:
        try:
            return importlib.import_module(self.lazy.module)
        except ModuleNotFoundError as error:
            if str(error.name).startswith("meshkit") or self.lazy.extra is None:
                raise
            name = f"{parent.command_path} {self.name}"
            needed = f"pip install 'meshkit[{self.lazy.extra}]'"
            raise MeshkitError(f"{name} needs more: {needed}") from error


class LazyGroup(TyperGroup):
    """Commands, of which some are imported late."""

    late: ClassVar[Mapping[str, Lazy]] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, lazy in self.late.items():
            command = _LazyCommand(name, help=lazy.help)
            command.lazy = lazy
            self.add_command(command)
