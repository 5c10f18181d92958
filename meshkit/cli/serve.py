"""``meshkit local serve``: the local cloud over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from meshkit.cli import output
from meshkit.local import server
from meshkit.local.address import Address

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the state here, and go on from it if it exists."),
    ] = None,
    exit_with_parent: Annotated[
        bool, typer.Option("--exit-with-parent", help="Stop when the process that started it ends.")
    ] = False,
) -> None:
    """Serve the local cloud over HTTP to any AWS client, until it is stopped.

    Exit code: 0 stopped, 2 it can't run (a port in use, a state file that can't be used).
    """
    address = Address(host, port)
    server.serve(address, state, _tell_ready, exit_with_parent=exit_with_parent)


def _tell_ready(address: Address, replayed: int) -> None:
    restored = f" ({output.counted(replayed, 'request')} restored)" if replayed else ""
    # Flushed: who started this process waits for the line.
    typer.echo(f"The local cloud is at {address.url}{restored}")
    typer.get_text_stream("stdout").flush()
