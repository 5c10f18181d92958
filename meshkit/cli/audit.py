"""``meshkit audit``: what CloudTrail tells of a mesh."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

import typer

from meshkit.cli import output
from meshkit.cli.options import MeshFile, Profile, TextOrJson, Vars
from meshkit.cli.output import Format, counted
from meshkit.cli.validate import parsed_vars
from meshkit.config.suggest import did_you_mean
from meshkit.errors import MeshkitError
from meshkit.inspect.audit.deeds import deeds
from meshkit.inspect.audit.history import events, learned
from meshkit.inspect.audit.lookup import EventHistory, Period
from meshkit.inspect.audit.sessions import Sessions
from meshkit.inspect.audit.subjects import subjects_of
from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.texts import Texts
from meshkit.topology.check import check

if TYPE_CHECKING:
    from meshkit.inspect.audit.model import Deed, Outcome
    from meshkit.inspect.audit.subjects import Subjects

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_SPAN: Final = re.compile(r"(?P<number>[1-9][0-9]{0,4})(?P<unit>[mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_COLOURS: Final[dict[Outcome, str]] = {"done": "green", "failed": "yellow", "denied": "red"}

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def audit() -> None:
    """Tell what CloudTrail recorded of a mesh."""


@app.command("who", short_help="Tell which role did what to which part of a mesh.")
def who(  # noqa: PLR0913, PLR0917 - one parameter for each option
    file: MeshFile,
    resource: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT", help='Only this, such as "route catalog/canary"; may be repeated.'
        ),
    ] = None,
    since: Annotated[
        str,
        typer.Option(metavar="WHEN", help="90m, 24h, 7d, or a time such as 2026-11-22T08:00."),
    ] = "24h",
    denied: Annotated[bool, typer.Option("--denied", help="Only what was denied.")] = False,
    reads: Annotated[
        bool, typer.Option("--reads", help="Also those who only looked, and proxies that connect.")
    ] = False,
    var: Vars = None,
    profile: Profile = None,
    format_: TextOrJson = Format.text,
) -> None:
    """Tell from CloudTrail's events which role did what to which part of a mesh.

    Changes, and everything that was denied or failed. The events of the last 90 days are there
    without a trail; CloudTrail takes some minutes to tell of a call.

    Exit code: 0, 2 AWS can't be asked.
    """
    now = datetime.now(timezone.utc)
    period = Period(_start(since, now), now)
    mesh = check(file, values=parsed_vars(var or [])).resolve()
    accounts = Accounts(mesh, Texts(), profile)
    subjects = subjects_of(mesh, learned(mesh, accounts))
    wanted = _wanted(subjects, resource or [])
    history = EventHistory(accounts, patient=_patient())
    found = deeds(events(mesh, history, period), subjects)
    shown = [
        deed
        for deed in found
        if (not wanted or deed.resource in wanted)
        and (deed.outcome == "denied" or not denied)
        and (reads or not deed.reads or deed.outcome != "done")
    ]
    sessions = Sessions(mesh, history)
    shown = [replace(deed, taken_by=sessions.taken_by(deed)) for deed in shown]
    if format_ is Format.json:
        deeds_ = [asdict(deed) for deed in shown]
        output.print_json({"mesh": mesh.name, "since": period.start.isoformat(), "deeds": deeds_})
    else:
        _print(mesh.name, shown)


def _start(since: str, now: datetime) -> datetime:
    span = _SPAN.fullmatch(since)
    if span:
        return now - timedelta(**{_UNITS[span["unit"]]: int(span["number"])})
    try:
        found = datetime.fromisoformat(since.replace("Z", "+00:00"))
    except ValueError:
        msg = f"--since {since}: give 90m, 24h, 7d, or a time such as 2026-11-22T08:00"
        raise MeshkitError(msg) from None
    start = found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    if start > now:
        raise MeshkitError(f"--since {since}: is still to come")
    return start


def _wanted(subjects: Subjects, asked: list[str]) -> set[str]:
    """The labels that are asked for, by themselves, by a name alone, or by an ARN.

    None where nothing is asked for: what the file does not know counts then, too.
    """
    labels = subjects.labels
    found: set[str] = set()
    for text in asked:
        matching = {label for label in labels if text in (label, label.partition(" ")[2])}
        matching |= {subjects.known[text]} if text in subjects.known else set()
        if not matching:
            msg = f'--resource: nothing of the mesh is "{text}"{did_you_mean(text, labels)}'
            raise MeshkitError(msg)
        found |= matching
    return found


def _patient() -> bool:
    """A local cloud answers as fast as it can."""
    return urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname not in _LOOPBACK


def _print(mesh: str, found: list[Deed]) -> None:
    widths = [
        max((len(text) for text in column), default=0)
        for column in zip(*(_columns(deed) for deed in found), strict=True)
    ]
    for deed in found:
        cells = [f"{text:{width}}" for text, width in zip(_columns(deed), widths, strict=True)]
        word = typer.style(f"{deed.outcome:6}", fg=_COLOURS[deed.outcome], bold=True)
        output.print_line(f"{word}  {'  '.join(cells)}".rstrip())
        if behind := _behind(deed):
            output.print_line(f"  {_plain(behind)}")
        if deed.error:
            output.print_line(f"  {_plain(deed.error)}")
    counts = Counter(deed.outcome for deed in found)
    told = ", ".join(f"{counts[each]} {each}" for each in _COLOURS if counts[each])
    output.print_line(f"{mesh}: {counted(len(found), 'event')}{f': {told}' if told else ''}")


def _behind(deed: Deed) -> str:
    """Who is behind a role, in one line."""
    takers = ", ".join(f"taken by {each}" for each in deed.taken_by)
    source = f"source identity {deed.source_identity}" if deed.source_identity else ""
    return "; ".join(each for each in (takers, source) if each)


def _columns(deed: Deed) -> tuple[str, ...]:
    who_ = f"{deed.who} ({deed.session})" if deed.session else deed.who
    return tuple(map(_plain, (deed.time, deed.account, who_, deed.action, deed.resource)))


def _plain(text: str) -> str:
    """A text that others wrote, which neither breaks a line nor moves a terminal."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
