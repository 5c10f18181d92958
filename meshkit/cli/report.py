"""``meshkit report``: a mesh, who may read what in it, and what is wrong, as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from meshkit.cli import output
from meshkit.cli.files import write
from meshkit.cli.mesh_program import program_of_file
from meshkit.cli.options import Config, Stack, Vars, parsed_config
from meshkit.cli.program import Account, Meshes, Preview, State
from meshkit.cli.source import Asked, Program, program_of
from meshkit.cli.validate import parsed_vars
from meshkit.inspect.diagram.of_program import pictures_of_program
from meshkit.inspect.proof import prove
from meshkit.inspect.report.model import Report
from meshkit.inspect.report.page import page_of

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def report(  # noqa: PLR0913, PLR0917 - one parameter for each option
    out: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The page to write.")],
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE|DIR]", help="Mesh file, or folder of a Pulumi project; else this one."
        ),
    ] = None,
    preview: Preview = None,
    state: State = None,
    mesh: Meshes = None,
    var: Vars = None,
    stack: Stack = None,
    config: Config = None,
    account: Account = None,
) -> None:
    """Write a report: one HTML page with the picture, the proof, the share and all findings.

    Without --preview or --state, the program runs in this process on a local cloud.

    Exit code: 0 written and proven, 1 written with violations, 2 written with something that can't
    be told, or not written.
    """
    values = parsed_vars(var or [])
    if source is not None and not source.is_dir():
        if preview or state:
            raise typer.BadParameter("goes with --preview and --state as --mesh FILE")
        program = program_of_file(str(source), values)
    else:
        program = program_of(
            Asked(
                directory=source,
                preview=preview,
                state=state,
                meshes=mesh or (),
                values=values,
                stack=stack,
                config=parsed_config(config or []),
                account=account,
            )
        )
    made = _report(program, str(source or preview or state or program.file))
    write(out, page_of(made))
    raise typer.Exit(_code(made))


def _report(program: Program, source: str) -> Report:
    return Report(
        source=source,
        pictures=pictures_of_program(program.graph, program.meshes),
        proof=prove(program.graph, program.meshes, locate=program.locate),
        findings=tuple(finding for file in program.files for finding in file.findings),
        complete=program.complete,
    )


def _code(made: Report) -> int:
    if made.proof.violations:
        return output.BAD
    return output.GOOD if made.proof.ok and made.complete else output.UNUSABLE
