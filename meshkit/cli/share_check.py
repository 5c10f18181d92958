"""``meshkit share check``: what sharing a mesh needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import typer

from meshkit.cli import output
from meshkit.cli.options import MeshFile, Profile, TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.cli.validate import parsed_vars
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.check import prerequisites
from meshkit.topology.check import check

if TYPE_CHECKING:
    from meshkit.inspect.share.row import Outcome, Row

_COLOURS: Final[dict[Outcome, str]] = {"pass": "green", "fail": "red", "can't tell": "yellow"}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("check")
def print_check(
    file: MeshFile,
    var: Vars = None,
    profile: Profile = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Check on AWS what sharing a mesh needs: the owner, the organization, networks, discovery.

    Exit code: 0 nothing stands in the way, 1 something does, 2 AWS can't be asked at all.
    """
    mesh = check(file, values=parsed_vars(var or [])).resolve()
    texts = Texts()
    rows = prerequisites(mesh, Accounts(mesh, texts, profile), texts)
    shown = [texts.hide(_line(row)) for row in rows]
    if format_ is Format.json:
        output.print_json({"mesh": mesh.name, "rows": [_as_data(row, texts) for row in rows]})
    else:
        for line in shown:
            output.print_line(line)
        counts = Counter(row.outcome for row in rows)
        told = ", ".join(f"{counts[each]} {each}" for each in _COLOURS if counts[each])
        output.print_line(f"{mesh.name}: {told}")
    raise typer.Exit(output.BAD if any(row.outcome == "fail" for row in rows) else output.GOOD)


def _line(row: Row) -> str:
    word = typer.style(f"{row.outcome:10}", fg=_COLOURS[row.outcome], bold=True)
    mend = f"\n            mend: {row.mend}" if row.mend else ""
    return f"{word}  {row.subject}: {row.text}{mend}"


def _as_data(row: Row, texts: Texts) -> dict[str, str | None]:
    return {
        "subject": row.subject,
        "outcome": row.outcome,
        "text": texts.hide(row.text),
        "mend": texts.hide(row.mend) or None,
    }
