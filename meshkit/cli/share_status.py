"""``meshkit share status``: a shared mesh as AWS has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from meshkit.cli import output
from meshkit.cli.options import MeshFile, Profile, TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.cli.share_data import data_of_status
from meshkit.cli.validate import parsed_vars
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.commands import aws
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.status import status
from meshkit.topology.check import check
from meshkit.topology.slices import plan
from meshkit.topology.slices.selection import slice_name

if TYPE_CHECKING:
    from meshkit.inspect.share.built import Built
    from meshkit.inspect.share.model import (
        Absent,
        Leaving,
        SharedService,
        ShareStatus,
        Standing,
    )
    from meshkit.inspect.share.principals import PrincipalState, State
    from meshkit.inspect.share.quotas import Use

_COLOURS: Final = {"shared": "green", "accepted": "green", "invited": "yellow"}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("status")
def print_status(
    file: MeshFile,
    leaving: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACCOUNT",
            help="Show what is orphaned if this account, or principal, leaves; repeatable.",
        ),
    ] = None,
    var: Vars = None,
    profile: Profile = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Show who is let into a mesh, who built what in it, what is orphaned, and the quotas in use.

    On VPC Lattice also what is shared with the mesh owner, what is not there, and whose turn it is.

    Exit code: 0, 1 a principal is not let in, something is not there, is orphaned or would be, or
    a quota is exceeded, 2 AWS can't be asked.
    """
    mesh = check(file, values=parsed_vars(var or [])).resolve()
    texts = Texts()
    found = status(mesh, Accounts(mesh, texts, profile), texts)
    leavings = [each for named in leaving or [] for each in found.leaving(named)]
    if format_ is Format.json:
        output.print_json(data_of_status(found, leavings))
    else:
        _print(found, leavings)
    left = [*found.missing, *found.orphans, *found.absent]
    left += [built for each in leavings for built in each.orphans]
    bad = left or any(each.exceeded for each in found.quotas)
    raise typer.Exit(output.BAD if bad else output.GOOD)


def _print(found: ShareStatus, leavings: list[Leaving]) -> None:
    shares = ", ".join(found.shares.arns) or "no share"
    output.print_line(f"mesh {found.mesh.name} of {found.mesh.owner.id}, in {shares}")
    _section("Principals", [_principal(each) for each in found.shares.principals])
    if found.services:
        _section(f"Shared with {found.mesh.owner.key}", [_service(each) for each in found.services])
    _section("In the mesh", [_standing(each) for each in found.standings])
    if found.absent:
        _section("Not there", [_absent(each) for each in found.absent])
    if found.untold:
        _section("Can't tell", list(found.untold))
    _section("Quotas", [_use(each) for each in found.quotas])
    for each in leavings:
        _section(f"If {each.label} leaves", _leaving(found, each))
    if found.orphans:
        _section("Orphaned", [*map(_orphan, found.orphans), *_mend_orphans(found)])


def _section(title: str, lines: list[str]) -> None:
    output.print_line(typer.style(title, bold=True))
    for line in lines or ["none"]:
        output.print_line(f"  {line}")


def _principal(state: PrincipalState) -> str:
    named = state.label if state.label == state.principal else f"{state.label} ({state.principal})"
    beside = "" if state.in_file else ", not in the file"
    return f"{_state(state.state)}  {named}{beside}{f': {state.note}' if state.note else ''}"


def _state(state: State) -> str:
    return typer.style(f"{state:10}", fg=_COLOURS.get(state, "red"))


def _service(shared: SharedService) -> str:
    return f"{_state(shared.state)}  {shared.name} of {shared.provider.key}"


def _absent(absent: Absent) -> str:
    part = absent.part
    turn = f"next: {slice_name(part.owner.key, part.phase)}"
    waits = ", ".join(" ".join(ref) for ref in absent.waits_for)
    return f"{part.kind} {part.name}: {f'waits for {waits}' if waits else turn}"


def _standing(standing: Standing) -> str:
    built = standing.built
    state = "" if built.state == "ACTIVE" else f", {built.state}"
    beside = "" if standing.in_file else ", not in the file"
    left = ", orphaned" if standing.orphan else ""
    return (
        f"{built.kind} {built.name}: mesh owner {built.mesh_owner}, resource owner "
        f"{built.resource_owner}{state}{beside}{left}"
    )


def _use(use: Use) -> str:
    where = f" {use.within}" if use.within else ""
    beside = " exceeded" if use.exceeded else ""
    return f"{use.key}{where}: {use.used} of {use.limit}{beside}"


def _orphan(built: Built) -> str:
    silent = "; its proxies get no configuration" if built.runs_proxies else ""
    effect = _STILL.get(built.kind, silent)
    return f"{built.kind} {built.name} of {built.resource_owner}{effect}"


_STILL: Final = {
    "service association": "; it is still called through the network",
    "VPC association": "; its workloads still reach the network",
}
"""An association outlives the share behind it."""


def _mend_orphans(found: ShareStatus) -> list[str]:
    accounts = ", ".join(dict.fromkeys(each.resource_owner for each in found.orphans))
    commands = [each for built in found.orphans for each in _deletion(built, found)]
    how = ":" if commands else ", routes first"
    return [
        f"mend: let {accounts} in again, or delete these as the mesh owner{how}",
        *(f"  {each}" for each in commands),
    ]


def _deletion(built: Built, found: ShareStatus) -> list[str]:
    """The command by which the owner of a network deletes an association."""
    if built.kind not in _STILL:
        return []
    name = "service" if built.kind == "service association" else "vpc"
    operation, key = f"service_network_{name}_association", f"serviceNetwork{name.title()}"
    asked = {f"{key}AssociationIdentifier": built.arn}
    return [aws("vpc-lattice", f"delete_{operation}", found.mesh.region, **asked)]


def _leaving(found: ShareStatus, leaving: Leaving) -> list[str]:
    if not leaving.orphans:
        return ["nothing is orphaned"]
    first = [f"{part.kind} {part.name} of {part.owner.key}" for part in leaving.led_by]
    leads = f"remove or redirect {', '.join(first)}" if first else ""
    steps = [each.name for step in plan(found.mesh).destroy for each in step]
    own = [name for name in steps if name.startswith(f"{leaving.label} / ")]
    path = ", then ".join(own) or f"the stacks of {leaving.label}"
    wide = f"take {leaving.label} out of {' and '.join(leaving.wide)}" if leaving.wide else ""
    remove = "remove the principal" if leaving.principals or not (wide or found.services) else ""
    order = ", ".join(filter(None, (leads, f"destroy {path}", remove, wide)))
    return [*map(_orphan, leaving.orphans), f"in this order: {order}"]
