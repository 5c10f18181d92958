"""``meshkit confirm``: whether the proxies that run hold what the file gives them."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

import typer

from meshkit.cli import output
from meshkit.cli.options import MeshFile, Profile, TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.cli.validate import parsed_vars
from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.kube import Clusters
from meshkit.inspect.confirm.lattice.live import read_lattice
from meshkit.inspect.confirm.lattice.rows import lattice_rows
from meshkit.inspect.confirm.run import Watcher, confirm
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.confirm.workload import Site
from meshkit.topology.check import check

if TYPE_CHECKING:
    from meshkit.inspect.confirm.remark import Outcome, Remark, Row
    from meshkit.topology.model import Endpoint, ResolvedMesh

PROPAGATION: Final = 60.0
"""Seconds that a change in IAM is given to be seen everywhere, where no other time is asked for."""
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_OUTCOMES: Final[dict[Outcome, str]] = {
    "confirmed": "green",
    "in part": "yellow",
    "missing": "red",
    "can't tell": "yellow",
}
_WIDEST: Final = max(map(len, _OUTCOMES))

_MENDING: Final = (
    "Commands are for the account of their proxy; pulumi up --refresh mends what a program made."
)

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def confirm_file(  # noqa: PLR0913, PLR0917 - one parameter for each option
    file: MeshFile,
    endpoint: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this node or gateway; may be repeated."),
    ] = None,
    var: Vars = None,
    profile: Profile = None,
    kubeconfig: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: KUBECONFIG, or your own.")
    ] = None,
    context: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CLUSTER=]NAME",
            help="Context of the kubeconfig. Default: the one that leads to the cluster.",
        ),
    ] = None,
    wait: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="How long to look again while IAM may not have settled. "
            f"Default: {PROPAGATION:.0f}, on a local cloud 0.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="A proxy confirmed only in part fails as well.")
    ] = False,
    format_: TextOrJson = Format.text,
) -> None:
    """Confirm on AWS that each proxy holds the role, trust and permission of the mesh file.

    On VPC Lattice also that the network and each service are as the file says, with targets that
    are healthy.

    Exit code: 0 all confirmed, 1 something is missing, 2 something can't be told, or nothing run.
    """
    mesh = check(file, values=parsed_vars(var or [])).resolve()
    chosen = _chosen(mesh, endpoint or [])
    texts = Texts()
    site = Site(
        mesh=mesh,
        accounts=Accounts(mesh, texts, profile),
        clusters=Clusters(kubeconfig, _contexts(mesh, context or [])),
        texts=texts,
    )
    if mesh.config.data_plane == "vpc-lattice":
        site = replace(site, live=read_lattice(mesh, site.accounts))
    seconds = _default_wait() if wait is None else wait
    rows = confirm(site, chosen, wait=seconds, watcher=_Told())
    if site.live is not None and not endpoint:
        rows = (*lattice_rows(site, site.live), *rows)
    if format_ is Format.json:
        output.print_json(_as_data(mesh, rows))
    else:
        _print(mesh, rows)
    raise typer.Exit(_code(rows, strict=strict))


class _Told(Watcher):
    """Tells people on standard error what a confirmation waits for."""

    def looked(self, done: int, total: int) -> None:
        """Counts the proxies, where somebody watches."""
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            typer.echo(f"\r{done} of {total} proxies looked at{end}", err=True, nl=False)

    def waiting(self, rows: tuple[Row, ...], seconds: float) -> None:
        """Says for whom it waits, and how long still."""
        names = ", ".join(row.endpoint for row in rows[:3]) + (", …" if len(rows) > 3 else "")
        typer.echo(f"waiting for IAM to settle: {names} ({seconds:.0f} s left)", err=True)


def _chosen(mesh: ResolvedMesh, names: list[str]) -> list[Endpoint]:
    every: list[Endpoint] = [*mesh.nodes.values(), *mesh.gateways.values()]
    known = {each.name for each in every}
    for name in names:
        if name not in known:
            msg = f'--endpoint: no node or gateway "{name}"{did_you_mean(name, known)}'
            raise MeshkitError(msg)
    return [each for each in every if not names or each.name in names]


def _contexts(mesh: ResolvedMesh, given: list[str]) -> dict[str, str]:
    """Contexts by the key of the cluster; one without a key is for the only cluster."""
    found = {}
    for text in given:
        key, equals, name = text.partition("=")
        if equals and key in mesh.clusters:
            found[key] = name
        elif len(mesh.clusters) == 1:
            found[next(iter(mesh.clusters))] = text
        else:
            clusters = ", ".join(mesh.clusters) or "none"
            msg = f"--context {text}: say for which cluster, CLUSTER=NAME; the file has: {clusters}"
            raise MeshkitError(msg)
    return found


def _default_wait() -> float:
    """A local cloud has nothing to settle."""
    host = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname
    return 0 if host in _LOOPBACK else PROPAGATION


def _code(rows: tuple[Row, ...], *, strict: bool) -> int:
    outcomes = {row.outcome for row in rows}
    if "missing" in outcomes or (strict and "in part" in outcomes):
        return output.BAD
    return output.UNUSABLE if "can't tell" in outcomes else output.GOOD


def _print(mesh: ResolvedMesh, rows: tuple[Row, ...]) -> None:
    for row in rows:
        word = typer.style(f"{row.outcome:{_WIDEST}}", fg=_OUTCOMES[row.outcome], bold=True)
        output.print_line(f"{word}  {_label(row)}, {row.compute} in {row.account}{_way(row)}")
        for remark in row.remarks:
            for line in _lines(remark):
                output.print_line(f"  {line}")
    counts = Counter(row.outcome for row in rows)
    told = ", ".join(f"{counts[each]} {each}" for each in _OUTCOMES if counts[each]) or "no proxy"
    output.print_line(f"{mesh.name}: {told}")
    if any(remark.mend for row in rows for remark in row.remarks):
        output.print_line(_MENDING)


_KINDS: Final = {
    "virtualNode": "node",
    "virtualGateway": "gateway",
    "network": "network",
    "service": "service",
}


def _label(row: Row) -> str:
    return f"{_KINDS[row.kind]} {row.endpoint}"


def _way(row: Row) -> str:
    steps = [row.workload, f"role {row.role.rpartition('/')[2]}" if row.role else ""]
    shown = " -> ".join(step for step in steps if step)
    return f": {shown}" if shown else ""


_WORDS: Final = {
    "missing": "missing",
    "unknown": "can't tell",
    "unseen": "not looked at",
    "note": "note",
}


def _lines(remark: Remark) -> list[str]:
    mends = [f"  mend: {line}" for line in remark.mend]
    return [f"{_WORDS[remark.kind]}: {remark.text}", *mends, *(f"  see: {x}" for x in remark.look)]


def _as_data(mesh: ResolvedMesh, rows: tuple[Row, ...]) -> dict[str, Any]:
    return {
        "mesh": mesh.name,
        "proxies": [
            {
                "endpoint": row.endpoint,
                "kind": row.kind,
                "arn": row.arn,
                "account": row.account,
                "account_id": row.account_id,
                "compute": row.compute,
                "workload": row.workload or None,
                "role": row.role,
                "outcome": row.outcome,
                "remarks": [
                    {
                        "kind": each.kind,
                        "text": each.text,
                        "mend": list(each.mend),
                        "look": list(each.look),
                    }
                    for each in row.remarks
                ],
            }
            for row in rows
        ],
    }
