"""``meshkit init``: a small project to begin with."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Final

import typer

from meshkit.cli import output
from meshkit.errors import MeshkitError

MESH_FILE: Final = """\
# mesh.yaml
name: shop
data_plane: vpc-lattice
region: eu-west-1
owner: network
accounts:
  network: {id: "111111111111", vpc_id: vpc-0123456789abcdef0}
nodes:
  web: {backends: [api.shop.local]}
  api: {listeners: [{port: 8080, protocol: http}]}
services:
  api.shop.local: {node: api}
"""
PROGRAM: Final = """\
# __main__.py
import meshkit
import pulumi

mesh = meshkit.SharedMesh("shop", "mesh.yaml")
pulumi.export("web_role", mesh.nodes["web"].role_arn)
"""
FILES: Final = {
    "Pulumi.yaml": "name: shop\nruntime: python\n",
    "mesh.yaml": MESH_FILE,
    "__main__.py": PROGRAM,
}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def init(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="Where; made if need be.")] = ".",
) -> None:
    """Write a mesh file of two workloads, and the Pulumi program that builds it.

    Nothing that is there is written over. Exit code: 0 written, 2 a file is there already.
    """
    place = Path(folder)
    there = [name for name in FILES if (place / name).exists()]
    if there:
        raise MeshkitError(f"{place / there[0]}: is there already; choose an empty folder")
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, text in FILES.items():
            (place / name).write_text(text, encoding="utf-8")
    except OSError as error:
        told = f"{place}: can't write here ({error.strerror}); choose another folder"
        raise MeshkitError(told) from error
    output.print_line(f"Wrote {', '.join(FILES)} in {place.resolve()}.")
    enter = "" if place == Path() else f"cd {shlex.quote(folder)} && "
    output.print_line(f"Next: {enter}meshkit local up .")
