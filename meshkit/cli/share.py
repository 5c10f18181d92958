"""``meshkit share``: a mesh that several accounts deploy."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final

import typer

from meshkit.cli import output
from meshkit.cli.lazy import Lazy, LazyGroup
from meshkit.cli.options import MeshFile, TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.cli.validate import parsed_vars
from meshkit.topology.check import check
from meshkit.topology.slices import plan

if TYPE_CHECKING:
    from meshkit.topology.slices import Plan, PlannedSlice


class _Commands(LazyGroup):
    late: ClassVar = {
        "check": Lazy("meshkit.cli.share_check", "Check what sharing needs on AWS.", "live"),
        "status": Lazy("meshkit.cli.share_status", "Show who is in a mesh on AWS.", "live"),
    }


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def share() -> None:
    """Deploy, watch and check a mesh of several accounts."""


@app.command("plan", short_help="Print the order in which accounts deploy and destroy.")
def print_plan(
    file: MeshFile,
    var: Vars = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Print the slices of a mesh, account by account and phase by phase, and what waits for what.

    Exit code: 0, 1 the file has errors, 2 it can't be read.
    """
    found = plan(check(file, values=parsed_vars(var or [])).resolve())
    if format_ is Format.json:
        output.print_json(_as_data(found))
    else:
        _print(found)


def _print(found: Plan) -> None:
    if not found.slices:
        output.print_line("Nothing to deploy.")
        return
    output.print_line("Deploy, step by step; the slices of one step side by side:")
    width = max(len(each.name) for each in found.slices)
    for number, step in enumerate(found.deploy, start=1):
        for place, each in enumerate(step):
            mark = f"{number:>3}" if place == 0 else "   "
            output.print_line(f"{mark}  {each.name:{width}}  {_contents(each)}")
            if each.after:
                output.print_line(f"     {'':{width}}  after {', '.join(each.after)}")
    if len(found.deploy) > 1:
        output.print_line(f"Destroy in steps {len(found.deploy)} to 1.")
    if _outlives_shares(found):
        output.print_line(_FIRST_DESTROY)
    output.print_line(_whole_accounts(found))


_FIRST_DESTROY: Final = (
    "Associations outlive a share: destroy an account's routing and endpoints before it is taken "
    "out of the share."
)


def _outlives_shares(found: Plan) -> bool:
    """Whether unsharing alone would leave accounts joined, as on VPC Lattice."""
    kinds = {part.kind for each in found.slices for part in each.parts}
    joining = {"service association", "VPC association"}
    return bool(kinds & joining and kinds & {"share", "service share"})


def _contents(planned: PlannedSlice) -> str:
    counts = Counter(part.kind for part in planned.parts)
    return ", ".join(output.counted(number, kind) for kind, number in counts.items())


def _whole_accounts(found: Plan) -> str:
    if found.accounts is not None:
        return f"Whole accounts, without phases: {', then '.join(found.accounts)}."
    waits = [f"{one} waits for {other}" for one, other in pairwise(found.knot)]
    return f"Whole accounts have no order: {', '.join(waits)}. Deploy by phases."


def _as_data(found: Plan) -> dict[str, Any]:
    return {
        "slices": [
            {
                "name": each.name,
                "account": each.account,
                "account_id": each.account_id,
                "phase": each.phase,
                "step": each.step,
                "after": list(each.after),
                "parts": [{"kind": part.kind, "name": part.name} for part in each.parts],
            }
            for each in found.slices
        ],
        "deploy": [[each.name for each in step] for step in found.deploy],
        "destroy": [[each.name for each in step] for step in found.destroy],
        "accounts": None if found.accounts is None else list(found.accounts),
        "knot": list(found.knot),
    }
