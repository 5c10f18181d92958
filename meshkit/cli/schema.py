"""``meshkit schema``: the JSON Schema of mesh files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from meshkit.config.schema import json_schema
from meshkit.errors import MeshkitError


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")
    ] = None,
) -> None:
    """Print the JSON Schema of mesh files, by which editors complete and check."""
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        msg = f"{output}: can't be written: {error.strerror}"
        raise MeshkitError(msg) from None
