"""``meshkit local env``: what points AWS clients, and the Pulumi engine, at the local cloud."""

from __future__ import annotations

from typing import Annotated

import typer

from meshkit.cli.options import REGION, AccountId, Port, Region
from meshkit.local.address import running
from meshkit.local.calls import credentials
from meshkit.local.environment import FORMATS, variables
from meshkit.local.plugin import engine_variables

app = typer.Typer(add_completion=False, rich_markup_mode=None)
BLOCKS = ("pulumi", "terraform")
"""Forms that are settings of a provider, and hold no variables of a process."""


@app.command()
def env(
    port: Port = None,
    account: AccountId = None,
    region: Region = REGION,
    engine: Annotated[
        bool,
        typer.Option(
            "--engine", help="Also lead the Pulumi engine there: no AWS plugin is needed."
        ),
    ] = False,
    format_: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(FORMATS)}.")] = "sh",
) -> None:
    """Print what points AWS clients at the running server: eval "$(meshkit local env)".

    Exit code: 0, or 2 where no server is running.
    """
    if format_ not in FORMATS:
        raise typer.BadParameter(f"give one of {', '.join(FORMATS)}", param_hint="--format")
    if engine and format_ in BLOCKS:
        raise typer.BadParameter("sets variables: give sh, fish or json", param_hint="--engine")
    found = running(port)
    url = found.url
    given = variables(url, region, credentials(url, region, account or found.account))
    typer.echo(FORMATS[format_](given | engine_variables() if engine else given))
