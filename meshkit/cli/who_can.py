"""``meshkit who-can``: who may do something to a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from meshkit.cli import options, output, program
from meshkit.cli.options import TextOrJson
from meshkit.cli.output import Format
from meshkit.cli.program import asked_for, case_for
from meshkit.inspect.calling import resource_of, unknown_service
from meshkit.inspect.proof.showing import statement_text
from meshkit.inspect.who_can import Answer, Holder
from meshkit.inspect.who_can import who_can as holders_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_COLOURS: Final[dict[Answer, str]] = {
    "yes": "green",
    "if the resource allows it": "yellow",
    "can't tell": "yellow",
}


@app.command()
def who_can(  # noqa: PLR0913, PLR0917 - one parameter for each option
    action: Annotated[str, typer.Argument(metavar="ACTION", help="service:Action.")],
    resource: Annotated[
        str,
        typer.Argument(
            metavar="RESOURCE", help="ARN, or *; of VPC Lattice, also a service's name."
        ),
    ],
    directory: program.Directory = None,
    preview: program.Preview = None,
    state: program.State = None,
    mesh: program.Meshes = None,
    var: options.Vars = None,
    stack: options.Stack = None,
    config: options.Config = None,
    account: program.Account = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Tell which roles and users of a program may do an action on a resource, and why.

    Without --preview or --state, the program runs in this process on a local cloud.

    Exit code: 0 all is told, 2 something can't be told, read or run.
    """
    if any(mark in f"{action}{resource.removeprefix('*')}" for mark in "*?"):
        raise typer.BadParameter(
            "ask for one action, and one resource or *; they take no wildcards"
        )
    found = asked_for(
        directory,
        preview=preview,
        state=state,
        mesh=mesh,
        var=var,
        stack=stack,
        config=config,
        account=account,
    )
    case = case_for(found)
    holders = holders_of(case, action, resource)
    if format_ is Format.json:
        data = {"action": action, "resource": resource, "who": [as_data(each) for each in holders]}
        output.print_json(data)
    else:
        for line in _lines(holders, action, resource):
            output.print_line(line)
        unknown = unknown_service(case, action, resource_of(case, action, resource))
        if unknown:
            output.print_line(f"The program {unknown}.")
    told = found.complete and all(each.answer != "can't tell" for each in holders)
    raise typer.Exit(output.GOOD if told else output.UNUSABLE)


def as_data(holder: Holder) -> dict[str, Any]:
    """A holder for other programs."""
    granted = holder.granted
    return {
        "arn": holder.arn,
        "answer": holder.answer,
        "reason": holder.reason,
        "policy": granted.source.name if granted else None,
        "statement": statement_text(granted) if granted else None,
        "place": str(holder.place) if holder.place else None,
    }


def _lines(holders: Sequence[Holder], action: str, resource: str) -> Iterator[str]:
    for holder in holders:
        answer = typer.style(holder.answer, fg=_COLOURS[holder.answer], bold=True)
        yield f"{answer}  {holder.arn}"
        if holder.granted is None:
            yield f"    {holder.reason}"
            continue
        place = f"{holder.place}: " if holder.place else ""
        yield f"    {place}{holder.granted.statement} of policy {holder.granted.source.name}"
        if holder.answer != "yes":
            yield f"    {holder.reason}"
    sure = sum(holder.answer == "yes" for holder in holders)
    more = f", {len(holders) - sure} more perhaps" if len(holders) > sure else ""
    who = output.counted(sure, "role or user") if sure == 1 else f"{sure} roles and users"
    yield f"{who} can do {action} on {resource}{more}."
