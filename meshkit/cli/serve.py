"""``meshkit local serve``: the local cloud over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from meshkit.cli import output
from meshkit.cli.options import Stack
from meshkit.local import server
from meshkit.local.address import Address
from meshkit.local.landscape import Landscape, landscape_of
from meshkit.local.program import STACK
from meshkit.local.project import read_config, read_project, require_stack

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def serve(  # noqa: PLR0913, PLR0917 - options of the command
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Folder of a Pulumi project: the organization and quotas of its mesh file are "
            "there from the start, and clients are in the account of the mesh owner.",
        ),
    ] = None,
    stack: Stack = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the state here, and go on from it if it exists."),
    ] = None,
    enforce_iam: Annotated[
        bool,
        typer.Option(
            "--enforce-iam", help="Refuse calls that the policies of their caller do not allow."
        ),
    ] = False,
    exit_with_parent: Annotated[
        bool, typer.Option("--exit-with-parent", help="Stop when the process that started it ends.")
    ] = False,
) -> None:
    """Serve the local cloud over HTTP to any AWS client, until it is stopped.

    Exit code: 0 stopped, 2 it can't run (a port in use, a state file that can't be used).
    """
    server.serve(
        Address(host, port),
        state,
        _tell_ready,
        landscape=None if directory is None else _landscape(directory, stack),
        enforce_iam=enforce_iam,
        exit_with_parent=exit_with_parent,
    )


def _landscape(directory: Path, stack: str | None) -> Landscape:
    project = read_project(directory)
    if stack is not None:
        require_stack(project, stack)
    return landscape_of(project.program, read_config(project, stack or STACK).values)


def _tell_ready(address: Address, replayed: int) -> None:
    restored = f" ({output.counted(replayed, 'request')} restored)" if replayed else ""
    # Flushed: who started this process waits for the line.
    typer.echo(f"The local cloud is at {address.url}{restored}")
    typer.get_text_stream("stdout").flush()
