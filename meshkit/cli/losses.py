"""``meshkit losses``: what a mesh file loses on VPC Lattice."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from meshkit.cli import output
from meshkit.cli.options import TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.cli.validate import parsed_vars
from meshkit.config.finding import dotted
from meshkit.errors import ConfigError
from meshkit.topology.check import check
from meshkit.topology.lattice.losses import losses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshkit.config.finding import Location
    from meshkit.topology.check import Checked
    from meshkit.topology.lattice.losses import Loss

AFTER_READING: Final = "MK2"
"""Codes below are of reading and of shape: with such a fault, part of the file is not known."""

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def losses_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Mesh file, for any data plane.")],
    var: Vars = None,
    format_: TextOrJson = Format.text,
) -> None:
    """List what of a mesh file VPC Lattice can't do, what that means, and what to do instead.

    Exit code: 0 nothing is lost, or all of it accepted or no weaker; 1 something is lost, or part
    of the file can't be read; 2 none of it can.
    """
    checked = check(file, values=parsed_vars(var or []))
    unread = [each for each in checked.findings if each.code < AFTER_READING]
    if checked.config is None or any(each.severity == "error" for each in unread):
        raise ConfigError(unread)
    found = list(losses(checked.config))
    if format_ is Format.json:
        output.print_json({"file": file, "losses": [_as_data(each, checked) for each in found]})
    else:
        _print_text(found, checked)
    lost = any(not each.accepted and each.feature.severity == "error" for each in found)
    raise typer.Exit(output.BAD if lost else output.GOOD)


def _as_data(loss: Loss, checked: Checked) -> dict[str, Any]:
    location = checked.locate(loss.path)
    return {
        **loss.as_data(),
        "path": dotted(loss.path),
        "line": location.line if location else None,
        "column": location.column if location else None,
    }


def _print_text(found: Sequence[Loss], checked: Checked) -> None:
    for feature, places in groupby(found, key=lambda each: each.feature):
        each = list(places)
        state = "accepted" if each[0].accepted else _STATES[feature.severity]
        output.print_line(f"{feature.name} ({feature.code}, {state})")
        output.print_line(f"  {feature.lost}")
        output.print_line(f"  Instead: {feature.instead}.")
        for line in _places(each, checked):
            output.print_line(line)
        output.print_line("")
    output.print_line(_summary(found))


_STATES = {"error": "lost", "warning": "changed"}


def _places(found: Iterable[Loss], checked: Checked) -> Iterable[str]:
    for loss in found:
        where = _shown(checked.locate(loss.path))
        yield f"  {where}{dotted(loss.path)}: {loss.shown}"


def _shown(location: Location | None) -> str:
    return f"{location}: " if location else ""


def _summary(found: Sequence[Loss]) -> str:
    open_ = {each.feature for each in found if not each.accepted}
    lost = sum(each.severity == "error" for each in open_)
    accepted = len({each.feature for each in found if each.accepted})
    counts = [
        f"{output.counted(lost, 'feature')} lost" if lost else "",
        f"{len(open_) - lost} changed" if len(open_) > lost else "",
        f"{accepted} accepted" if accepted else "",
    ]
    return (", ".join(filter(None, counts)) or "Nothing lost") + " on VPC Lattice."
