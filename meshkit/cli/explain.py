"""``meshkit explain``: a role statement by statement, or a refusal of AWS."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from meshkit.cli import options, output, program
from meshkit.cli.explained import data_of_denial, data_of_role, lines_of_denial, lines_of_role
from meshkit.cli.options import TextOrJson
from meshkit.cli.output import Format
from meshkit.cli.program import asked_for, case_for
from meshkit.errors import MeshkitError
from meshkit.inspect.explain import explain as explained
from meshkit.inspect.refusal import Checked, checked
from meshkit.policy.denial import denial_of, encoded_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshkit.cli.source import Program

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def explain(  # noqa: PLR0913, PLR0917 - one parameter for each option
    role: Annotated[
        str | None,
        typer.Argument(
            metavar="[ROLE]", help="ARN or name of a role, or the name of its node or gateway."
        ),
    ] = None,
    directory: program.Directory = None,
    denied: Annotated[
        str | None,
        typer.Option(
            metavar="MESSAGE",
            help="Explain an AccessDenied text, or an encoded or decoded authorization message, "
            "instead of a role; - reads standard input.",
        ),
    ] = None,
    preview: program.Preview = None,
    state: program.State = None,
    mesh: program.Meshes = None,
    var: options.Vars = None,
    stack: options.Stack = None,
    config: options.Config = None,
    account: program.Account = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="AWS profile that decodes an encoded message."),
    ] = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Explain what a role may do, with the line that asked for each statement.

    With --denied, tell instead which policy refused a request, and what would allow it; where DIR,
    --preview or --state is given too, also what that program says of the request.

    Exit code: 0 explained, 2 something can't be told, read or run.
    """

    def asked(folder: Path | None) -> Program:
        return asked_for(
            folder,
            preview=preview,
            state=state,
            mesh=mesh,
            var=var,
            stack=stack,
            config=config,
            account=account,
        )

    if denied is None:
        if role is None:
            raise typer.BadParameter("give a role, or --denied MESSAGE", param_hint="ROLE")
        found = asked(directory)
        told = explained(case_for(found), role)
        _print(format_, lambda: data_of_role(told), lambda: lines_of_role(told))
        raise typer.Exit(_code(complete=found.complete and not told.subject.unknowns))
    if directory is not None:
        raise typer.BadParameter("give no role with --denied, DIR alone", param_hint="ROLE")
    folder = None if role is None else Path(role)
    wanted = folder is not None or preview is not None or state is not None
    denial = denial_of(_message(denied, profile))
    against: Checked | None = checked(case_for(asked(folder)), denial) if wanted else None
    _print(
        format_, lambda: data_of_denial(denial, against), lambda: lines_of_denial(denial, against)
    )


def _code(*, complete: bool) -> int:
    return output.GOOD if complete else output.UNUSABLE


def _print(
    format_: Format, data: Callable[[], dict[str, Any]], lines: Callable[[], Iterable[str]]
) -> None:
    if format_ is Format.json:
        output.print_json(data())
    else:
        for line in lines():
            output.print_line(line)


def _message(text: str, profile: str | None) -> str:
    """The message itself, decoded by STS where it is encoded."""
    given = sys.stdin.read() if text == "-" else text
    encoded = encoded_in(given)
    if encoded is None:
        return given
    try:
        from meshkit.inspect.confirm import live  # noqa: PLC0415 - needs the extra
    except ModuleNotFoundError as error:
        raise MeshkitError("decoding needs more: pip install 'meshkit[live]'") from error
    return live.decoded(encoded, profile)
