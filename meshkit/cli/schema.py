"""``meshkit schema``: the JSON Schema of files, for editors."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from meshkit.config.schema import json_schema, zone_schema
from meshkit.errors import MeshkitError

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Kind(str, Enum):
    """The kinds of files."""

    mesh = "mesh"
    landing_zone = "landing-zone"


@app.command()
def schema(
    kind: Annotated[Kind, typer.Argument(help="Of mesh files, or of landing zones.")] = Kind.mesh,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")
    ] = None,
) -> None:
    """Print the JSON Schema of mesh files, by which editors complete and check."""
    made = json_schema() if kind is Kind.mesh else zone_schema()
    text = json.dumps(made, indent=2, ensure_ascii=False)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        msg = f"{output}: can't be written: {error.strerror}"
        raise MeshkitError(msg) from None
