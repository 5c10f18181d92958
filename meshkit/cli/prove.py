"""``meshkit prove``: what the roles of a program may do, against what its mesh files say."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from importlib import metadata
from typing import TYPE_CHECKING, Annotated

import typer

from meshkit.cli import options, output, program
from meshkit.cli.proof_text import lines_of
from meshkit.inspect.proof import prove as proof_of
from meshkit.inspect.proof.data import data_of
from meshkit.inspect.proof.sarif import sarif_of
from meshkit.inspect.violation import Unknown

if TYPE_CHECKING:
    from meshkit.cli.source import Program
    from meshkit.inspect.proof import Proof

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Format(str, Enum):
    """How a proof is printed."""

    text = "text"
    json = "json"
    sarif = "sarif"


@app.command()
def prove(  # noqa: PLR0913, PLR0917 - one parameter for each option
    directory: program.Directory = None,
    preview: program.Preview = None,
    state: program.State = None,
    mesh: program.Meshes = None,
    var: options.Vars = None,
    stack: options.Stack = None,
    config: options.Config = None,
    account: program.Account = None,
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
    found = program.asked_for(
        directory,
        preview=preview,
        state=state,
        mesh=mesh,
        var=var,
        stack=stack,
        config=config,
        account=account,
    )
    proof = _proof(found)
    _print(proof, found, format_)
    raise typer.Exit(_code(proof, found, allow_unknown=allow_unknown))


def _proof(found: Program) -> Proof:
    """The proof of a program; what it would have made after a failure is open."""
    proof = proof_of(found.graph, found.meshes, locate=found.locate, before=found.before)
    if found.complete:
        return proof
    message = f"what else the program makes: not all of it could be run: {found.failure}"
    rest = Unknown(found.file, message)
    return replace(proof, unknowns=(*proof.unknowns, rest))


def _print(proof: Proof, found: Program, format_: Format) -> None:
    if format_ is Format.json:
        output.print_json(data_of(proof))
    elif format_ is Format.sarif:
        output.print_json(sarif_of(proof, version=_version(), source=found.file))
    else:
        for line in lines_of(proof):
            output.print_line(line)


def _code(proof: Proof, found: Program, *, allow_unknown: bool) -> int:
    if proof.violations:
        return output.BAD
    open_ = bool(proof.unknowns) and not allow_unknown
    return output.UNUSABLE if open_ or not found.complete else output.GOOD


def _version() -> str:
    try:
        return metadata.version("meshkit")
    except metadata.PackageNotFoundError:
        return "0.0.0"
