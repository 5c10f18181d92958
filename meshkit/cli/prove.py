"""``meshkit prove``: what the roles of a program may do, against what its mesh files say."""

from __future__ import annotations

from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from meshkit.cli import output
from meshkit.cli.options import parsed_config
from meshkit.cli.proof_text import lines_of
from meshkit.cli.source import Asked, Program, program_of
from meshkit.cli.validate import parsed_vars
from meshkit.inspect.proof import Proof
from meshkit.inspect.proof import prove as proof_of
from meshkit.inspect.proof.data import data_of
from meshkit.inspect.proof.sarif import sarif_of

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Format(str, Enum):
    """How a proof is printed."""

    text = "text"
    json = "json"
    sarif = "sarif"


@app.command()
def prove(  # noqa: PLR0913, PLR0917 - one parameter for each option
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Folder of the Pulumi project; else this one."),
    ] = None,
    preview: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What `pulumi preview --json --show-sames` printed; - reads standard input.",
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What `pulumi stack export` printed; - reads standard input."
        ),
    ] = None,
    mesh: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Mesh file; may be repeated. Else that of the stack's configuration, or DIR's "
            "mesh.yaml.",
        ),
    ] = None,
    var: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A value for ${var.NAME}; may be repeated."),
    ] = None,
    stack: Annotated[
        str | None, typer.Option(help="Stack, whose Pulumi.STACK.yaml is read; else local.")
    ] = None,
    config: Annotated[
        list[str] | None,
        typer.Option("-c", "--config", metavar="KEY=VALUE", help="Config; may be repeated."),
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="Account of providers that assume no role.")
    ] = None,
    allow_unknown: Annotated[
        bool, typer.Option("--allow-unknown", help="What can't be told does not fail.")
    ] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="Lines for people, JSON, or SARIF for code scanning.")
    ] = Format.text,
) -> None:
    """Prove that every role of a program may do what its mesh files say, and nothing else.

    Without --preview or --state, the program runs in this process on a local cloud.

    Exit code: 0 proven, 1 a violation, 2 something can't be told, read or run.
    """
    program = program_of(
        Asked(
            directory=directory,
            preview=preview,
            state=state,
            meshes=mesh or (),
            values=parsed_vars(var or []),
            stack=stack,
            config=parsed_config(config or []),
            account=account,
        )
    )
    proof = proof_of(program.graph, program.meshes, locate=program.locate)
    _print(proof, program, format_)
    raise typer.Exit(_code(proof, program, allow_unknown=allow_unknown))


def _print(proof: Proof, program: Program, format_: Format) -> None:
    if format_ is Format.json:
        output.print_json(data_of(proof))
    elif format_ is Format.sarif:
        output.print_json(sarif_of(proof, version=_version(), source=program.file))
    else:
        for line in lines_of(proof):
            output.print_line(line)


def _code(proof: Proof, program: Program, *, allow_unknown: bool) -> int:
    if proof.violations:
        return output.BAD
    open_ = bool(proof.unknowns) and not allow_unknown
    return output.UNUSABLE if open_ or not program.complete else output.GOOD


def _version() -> str:
    try:
        return metadata.version("meshkit")
    except metadata.PackageNotFoundError:
        return "0.0.0"
