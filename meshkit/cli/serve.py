"""``meshkit local serve``, ``env`` and ``call``: the local cloud over HTTP."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from meshkit.cli import output
from meshkit.errors import MeshkitError
from meshkit.local import server
from meshkit.local.calls import RefusedError, call, credentials
from meshkit.local.environment import FORMATS, variables

if TYPE_CHECKING:
    from meshkit.local.server import Address

REGION = "eu-west-1"

_Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Port of the server, where several run.")
]
_Account = Annotated[
    str | None, typer.Option(metavar="ID", help="Account to be in, by an assumed role.")
]
_Region = Annotated[str, typer.Option(help="Region of the calls.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``meshkit local``."""
    app.command("serve", short_help="Serve the local cloud over HTTP.")(serve)
    app.command("env", short_help="Print what points AWS clients at it.")(env)
    app.command("call", short_help="Make one AWS call to it.")(call_operation)


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
    address = server.Address(host, port)
    server.serve(address, state, _tell_ready, exit_with_parent=exit_with_parent)


def _tell_ready(address: Address, replayed: int) -> None:
    restored = f" ({output.counted(replayed, 'request')} restored)" if replayed else ""
    # Flushed: who started this process waits for the line.
    typer.echo(f"The local cloud is at {address.url}{restored}")
    typer.get_text_stream("stdout").flush()


def env(
    port: _Port = None,
    account: _Account = None,
    region: _Region = REGION,
    format_: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(FORMATS)}.")] = "sh",
) -> None:
    """Print what points AWS clients at the running server: eval "$(meshkit local env)".

    Exit code: 0, or 2 where no server is running.
    """
    if format_ not in FORMATS:
        raise typer.BadParameter(f"give one of {', '.join(FORMATS)}", param_hint="--format")
    url = server.running(port).url
    given = variables(url, region, credentials(url, region, account))
    typer.echo(FORMATS[format_](given))


def call_operation(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="As boto3 names it: appmesh.")],
    operation: Annotated[str, typer.Argument(metavar="OPERATION", help="ListMeshes, list-meshes.")],
    param: Annotated[
        str, typer.Option(metavar="JSON", help="Parameters, as the API reference names them.")
    ] = "{}",
    account: _Account = None,
    region: _Region = REGION,
    port: _Port = None,
) -> None:
    """Make one AWS call to the running server and print the answer as JSON.

    Exit code: 0, 1 for an AWS error, 2 where the call can't be made.
    """
    params = _parsed(param)
    url = server.running(port).url
    who = credentials(url, region, account)
    try:
        answer = call(service, operation, params, url=url, region=region, credentials=who)
    except RefusedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(output.BAD) from None
    typer.echo(json.dumps(answer, indent=2, default=_as_text, ensure_ascii=False))


def _as_text(value: Any) -> str:
    """Write what JSON lacks: times, and the bodies of downloads."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.read().decode(errors="backslashreplace") if hasattr(value, "read") else str(value)


def _parsed(text: str) -> dict[str, Any]:
    try:
        params = json.loads(text)
    except ValueError as error:
        msg = f"--param: not JSON: {error}"
        raise MeshkitError(msg) from None
    if not isinstance(params, dict):
        msg = "--param: give a JSON object"
        raise MeshkitError(msg)
    return params
