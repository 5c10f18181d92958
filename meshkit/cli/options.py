"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

REGION = "eu-west-1"

Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Port of the server, where several run.")
]
AccountId = Annotated[
    str | None, typer.Option(metavar="ID", help="Account to be in, by an assumed role.")
]
Region = Annotated[str, typer.Option(help="Region of the calls.")]


def parsed_config(pairs: list[str]) -> dict[str, str]:
    """The config of ``--config KEY=VALUE``."""
    parsed = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise typer.BadParameter("give KEY=VALUE", param_hint="--config")
        parsed[key] = value
    return parsed
