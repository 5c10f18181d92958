"""``meshkit local call``: one AWS call to the local cloud."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from meshkit.cli import output
from meshkit.cli.options import REGION, AccountId, Port, Region
from meshkit.errors import MeshkitError
from meshkit.local.address import running
from meshkit.local.calls import RefusedError, call, credentials

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("call")
def call_operation(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="As boto3 names it: appmesh.")],
    operation: Annotated[str, typer.Argument(metavar="OPERATION", help="ListMeshes, list-meshes.")],
    param: Annotated[
        str, typer.Option(metavar="JSON", help="Parameters, as the API reference names them.")
    ] = "{}",
    account: AccountId = None,
    region: Region = REGION,
    port: Port = None,
) -> None:
    """Make one AWS call to the running server and print the answer as JSON.

    Exit code: 0, 1 for an AWS error, 2 where the call can't be made.
    """
    params = _parsed(param)
    found = running(port)
    url = found.url
    who = credentials(url, region, account or found.account)
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
