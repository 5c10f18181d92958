"""``meshkit validate``: all that is wrong with mesh files and files of landing zones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from meshkit.cli import output
from meshkit.cli.options import TextOrJson, Vars
from meshkit.cli.output import Format
from meshkit.config.interpolate import OpenValues
from meshkit.config.scalars import plain
from meshkit.errors import UnreadableError
from meshkit.policy.fitting import check_file
from meshkit.policy.landing_zone import check_landing_zone, is_landing_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.config.finding import Finding

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@dataclass(frozen=True)
class _Result:
    file: str
    findings: tuple[Finding, ...] = ()
    unreadable: str | None = None
    unused: Mapping[str, Finding] = field(default_factory=dict)


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files to check.")],
    var: Vars = None,
    format_: TextOrJson = Format.text,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail as well.")] = False,
) -> None:
    """Check files and print every fault with its place.

    Exit code: 0 nothing wrong, 1 findings, 2 a file that can't be read.
    """
    values = parsed_vars(var or [])
    results = _without_used_elsewhere([_checked(file, values) for file in files])
    if format_ is Format.json:
        output.print_json(_as_data(results))
    else:
        _print_text(results)
    raise typer.Exit(_code(results, strict=strict))


def parsed_vars(pairs: list[str]) -> OpenValues:
    """The values of ``--var NAME=VALUE``, read as unquoted YAML; an account id stays text."""
    values = OpenValues()
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise typer.BadParameter("give NAME=VALUE", param_hint="--var")
        values[name] = text if _ACCOUNT_ID.fullmatch(text) else plain(text)
    return values


def _checked(file: str, values: OpenValues) -> _Result:
    try:
        if is_landing_zone(file):
            zone = check_landing_zone(file, values=values)
            return _Result(file, zone.findings, unused=zone.unused)
        checked = check_file(file, values=values)
    except UnreadableError as error:
        return _Result(file, unreadable=str(error))
    return _Result(file, checked.findings, unused=checked.unused)


def _without_used_elsewhere(results: list[_Result]) -> list[_Result]:
    """The results, which call a value unused only if no file uses it, or may use it."""
    nowhere = set.intersection(*(set(result.unused) for result in results))
    used = {
        finding
        for result in results
        for name, finding in result.unused.items()
        if name not in nowhere
    }
    return [
        replace(result, findings=tuple(each for each in result.findings if each not in used))
        for result in results
    ]


def _code(results: list[_Result], *, strict: bool) -> int:
    if any(result.unreadable for result in results):
        return output.UNUSABLE
    failing = ("error", "warning") if strict else ("error",)
    bad = any(finding.severity in failing for result in results for finding in result.findings)
    return output.BAD if bad else output.GOOD


def _print_text(results: list[_Result]) -> None:
    for result in results:
        if result.unreadable:
            output.print_line(output.coloured(result.unreadable))
        for finding in result.findings:
            output.print_line(output.coloured(str(finding), finding.severity))
    findings = [finding for result in results for finding in result.findings]
    unreadable = sum(result.unreadable is not None for result in results)
    output.print_line(output.summary(findings, unreadable, len(results)))


def _as_data(results: list[_Result]) -> dict[str, Any]:
    return {
        "files": [
            {
                "file": result.file,
                "unreadable": result.unreadable,
                "findings": [output.as_data(finding) for finding in result.findings],
            }
            for result in results
        ]
    }
