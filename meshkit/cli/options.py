"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from meshkit.cli.output import Format

REGION = "eu-west-1"

Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Port of the server, where several run.")
]
AccountId = Annotated[
    str | None, typer.Option(metavar="ID", help="Account to be in, by an assumed role.")
]
Region = Annotated[str, typer.Option(help="Region of the calls.")]
Vars = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="A value for ${var.NAME}; may be repeated."),
]
Profile = Annotated[
    str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")
]
TextOrJson = Annotated[
    Format, typer.Option("--format", help="Lines for people, or JSON for programs.")
]
Stack = Annotated[
    str | None, typer.Option(help="Stack, whose Pulumi.STACK.yaml is read; else local.")
]
Config = Annotated[
    list[str] | None,
    typer.Option("-c", "--config", metavar="KEY=VALUE", help="Config; may be repeated."),
]
MeshFile = Annotated[Path, typer.Argument(metavar="FILE", help="Mesh file.")]


def parsed_config(pairs: list[str]) -> dict[str, str]:
    """The config of ``--config KEY=VALUE``."""
    parsed = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise typer.BadParameter("give KEY=VALUE", param_hint="--config")
        parsed[key] = value
    return parsed
