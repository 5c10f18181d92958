"""``meshkit share status``: a shared mesh as AWS has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from meshkit.cli import output
from meshkit.cli.options import MeshFile, Profile, TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.cli.validate import parsed_vars
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.status import status
from meshkit.topology.check import check
from meshkit.topology.slices import plan

if TYPE_CHECKING:
    from meshkit.inspect.share.built import Built
    from meshkit.inspect.share.principals import PrincipalState
    from meshkit.inspect.share.quotas import Use
    from meshkit.inspect.share.status import Leaving, ShareStatus, Standing

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

    Exit code: 0, 1 a principal is not let in, something is orphaned or would be, or a quota is
    exceeded, 2 AWS can't be asked.
    """
    mesh = check(file, values=parsed_vars(var or [])).resolve()
    found = status(mesh, Accounts(mesh, Texts(), profile))
    leavings = [each for named in leaving or [] for each in found.leaving(named)]
    if format_ is Format.json:
        output.print_json(_as_data(found, leavings))
    else:
        _print(found, leavings)
    bad = found.missing or found.orphans or any(each.exceeded for each in found.quotas)
    bad = bad or any(each.orphans for each in leavings)
    raise typer.Exit(output.BAD if bad else output.GOOD)


def _print(found: ShareStatus, leavings: list[Leaving]) -> None:
    shares = ", ".join(found.shares.arns) or "no share"
    output.print_line(f"mesh {found.mesh.name} of {found.mesh.owner.id}, in {shares}")
    _section("Principals", [_principal(each) for each in found.shares.principals])
    _section("In the mesh", [_standing(each) for each in found.standings])
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
    word = typer.style(f"{state.state:10}", fg=_COLOURS.get(state.state, "red"))
    named = state.label if state.label == state.principal else f"{state.label} ({state.principal})"
    beside = "" if state.in_file else ", not in the file"
    return f"{word}  {named}{beside}{f': {state.note}' if state.note else ''}"


def _standing(standing: Standing) -> str:
    built = standing.built
    beside = "" if standing.in_file else ", not in the file"
    left = ", orphaned" if standing.orphan else ""
    return (
        f"{built.kind} {built.name}: mesh owner {built.mesh_owner}, resource owner "
        f"{built.resource_owner}{beside}{left}"
    )


def _use(use: Use) -> str:
    where = f" {use.within}" if use.within else ""
    beside = " exceeded" if use.exceeded else ""
    return f"{use.key}{where}: {use.used} of {use.limit}{beside}"


def _orphan(built: Built) -> str:
    silent = "; its proxies get no configuration" if built.runs_proxies else ""
    return f"{built.kind} {built.name} of {built.resource_owner}{silent}"


def _mend_orphans(found: ShareStatus) -> list[str]:
    accounts = ", ".join(dict.fromkeys(each.resource_owner for each in found.orphans))
    return [f"mend: let {accounts} in again, or delete these as the mesh owner, routes first"]


def _leaving(found: ShareStatus, leaving: Leaving) -> list[str]:
    if not leaving.orphans:
        return ["nothing is orphaned"]
    first = [f"{part.kind} {part.name} of {part.owner.key}" for part in leaving.led_by]
    leads = f"remove or redirect {', '.join(first)}" if first else ""
    steps = [each.name for step in plan(found.mesh).destroy for each in step]
    own = [name for name in steps if name.startswith(f"{leaving.label} / ")]
    path = ", then ".join(own) or f"the stacks of {leaving.label}"
    wide = f"take {leaving.label} out of {' and '.join(leaving.wide)}" if leaving.wide else ""
    remove = "remove the principal" if leaving.principals or not wide else ""
    order = ", ".join(filter(None, (leads, f"destroy {path}", remove, wide)))
    return [*map(_orphan, leaving.orphans), f"in this order: {order}"]


def _as_data(found: ShareStatus, leavings: list[Leaving]) -> dict[str, Any]:
    return {
        "mesh": found.mesh.name,
        "owner": found.mesh.owner.id,
        "shares": list(found.shares.arns),
        "principals": [
            {
                "principal": each.principal,
                "label": each.label,
                "state": each.state,
                "in_file": each.in_file,
                "note": each.note or None,
            }
            for each in found.shares.principals
        ],
        "resources": [
            {
                **_built_data(each.built),
                "in_file": each.in_file,
                "orphaned": each.orphan,
                "admitted": found.admitted[each.built.resource_owner],
            }
            for each in found.standings
        ],
        "quotas": [
            {
                "key": each.key,
                "within": each.within or None,
                "used": each.used,
                "limit": each.limit,
                "exceeded": each.exceeded,
            }
            for each in found.quotas
        ],
        "leaving": [
            {
                "account": each.account,
                "orphans": [_built_data(built) for built in each.orphans],
                "without_configuration": [built.arn for built in each.silent],
                "led_by": [
                    {"kind": part.kind, "name": part.name, "account": part.owner.key}
                    for part in each.led_by
                ],
            }
            for each in leavings
        ],
    }


def _built_data(built: Built) -> dict[str, Any]:
    return {
        "kind": built.kind,
        "name": built.name,
        "arn": built.arn,
        "mesh_owner": built.mesh_owner,
        "resource_owner": built.resource_owner,
    }
