"""``meshkit diagram``: a mesh file as a picture."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from meshkit.cli.files import write
from meshkit.cli.options import Vars
from meshkit.cli.validate import parsed_vars
from meshkit.inspect.diagram.by_account import by_account, readable
from meshkit.inspect.diagram.mermaid import mermaid_of
from meshkit.inspect.diagram.of_mesh import picture_of_mesh
from meshkit.inspect.diagram.svg import svg_of
from meshkit.topology.check import check

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Picture(str, Enum):
    """What the picture is written as."""

    mermaid = "mermaid"
    svg = "svg"


class Detail(str, Enum):
    """How much of the mesh is drawn."""

    auto = "auto"
    parts = "parts"
    accounts = "accounts"


_DRAWN = {Picture.mermaid: mermaid_of, Picture.svg: svg_of}
_SHOWN = {Detail.auto: readable, Detail.parts: lambda whole: whole, Detail.accounts: by_account}


@app.command()
def diagram(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Mesh file to draw.")],
    format_: Annotated[
        Picture | None,
        typer.Option("--format", help="Default: svg where OUT ends in .svg, else mermaid."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Write it to a file.")
    ] = None,
    detail: Annotated[
        Detail, typer.Option(help="Every part, or a box for each account; auto: by size.")
    ] = Detail.auto,
    var: Vars = None,
) -> None:
    """Draw a mesh file: accounts, gateways, services, routers, nodes, and who calls whom.

    Exit code: 0 drawn, 1 the file has errors, 2 it can't be read.
    """
    mesh = check(file, values=parsed_vars(var or [])).resolve()
    as_svg = out is not None and out.suffix.lower() == ".svg"
    draw = _DRAWN[format_ or (Picture.svg if as_svg else Picture.mermaid)]
    text = draw(_SHOWN[detail](picture_of_mesh(mesh)))
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text)
