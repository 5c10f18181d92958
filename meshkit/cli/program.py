"""The options by which a person says which program a command looks at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from meshkit.cli.options import parsed_config
from meshkit.cli.source import Asked, Program, program_of
from meshkit.cli.validate import parsed_vars
from meshkit.inspect.proof.case import case_of

if TYPE_CHECKING:
    from meshkit.inspect.proof.case import Case

Directory = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="Folder of the Pulumi project; else this one."),
]
Preview = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="What `pulumi preview --json --show-sames` printed; - reads standard input.",
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="What `pulumi stack export` printed; - reads standard input."
    ),
]
Meshes = Annotated[
    list[str] | None,
    typer.Option(
        "--mesh",
        metavar="FILE",
        help="Mesh file; may be repeated. Else that of the stack's configuration, or DIR's "
        "mesh.yaml.",
    ),
]
Account = Annotated[str | None, typer.Option(help="Account of providers that assume no role.")]


def asked_for(  # noqa: PLR0913 - one parameter for each option
    directory: Path | None,
    *,
    preview: Path | None,
    state: Path | None,
    mesh: list[str] | None,
    var: list[str] | None,
    stack: str | None,
    config: list[str] | None,
    account: str | None,
) -> Program:
    """The program that the options mean. Raises what ``program_of`` raises."""
    return program_of(
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


def case_for(program: Program) -> Case:
    """What the program says about access, ready for questions."""
    return case_of(program.graph, program.meshes, program.locate)
