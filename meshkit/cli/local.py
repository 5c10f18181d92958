"""``meshkit local``: the local cloud, with no AWS account and no Pulumi engine."""

from __future__ import annotations

from typing import ClassVar

import typer

from meshkit.cli.lazy import Lazy, LazyGroup


class _Commands(LazyGroup):
    late: ClassVar = {
        "up": Lazy("meshkit.cli.up", "Run a Pulumi program on a local cloud.", "local"),
        "serve": Lazy("meshkit.cli.serve", "Serve the local cloud over HTTP.", "local"),
        "env": Lazy("meshkit.cli.env", "Print what points AWS clients at it.", "local"),
        "call": Lazy("meshkit.cli.call", "Make one AWS call to it.", "local"),
        "invoke": Lazy("meshkit.cli.invoke", "Try a call to a service of VPC Lattice.", "local"),
    }


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def local() -> None:
    """Run meshes on a local cloud."""
