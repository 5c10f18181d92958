"""A proof as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from meshkit.cli.output import counted
from meshkit.inspect.proof.showing import endpoint_text, is_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.access import Share
    from meshkit.inspect.proof import Proof
    from meshkit.inspect.violation import Unknown, Violation

WIDEST = 16
"""Endpoints that a matrix shows side by side; with more, only rows that deviate are shown."""
AS_DECLARED, TOO_MUCH, MISSING, NONE = "x", "!", "-", "."
_COLOURS = {TOO_MUCH: "red", MISSING: "red", AS_DECLARED: "green"}


def lines_of(proof: Proof) -> Iterator[str]:
    """The matrix, trust and shares, then what is wrong and what is open, then the verdict."""
    yield from _matrix(proof)
    yield from _trust(proof)
    yield from _section("Shares", (_share(each) for each in proof.shares))
    yield from _section("Not in this program", (endpoint_text(arn) for arn in proof.absent))
    for violation in proof.violations:
        yield _violation(violation)
    for unknown in proof.unknowns:
        yield _unknown(unknown)
    yield _verdict(proof)


def _matrix(proof: Proof) -> Iterator[str]:
    rows = [arn for arn in proof.roles if proof.allowed[arn] or proof.expected[arn]]
    if len(proof.endpoints) <= WIDEST:
        yield from _section(
            "Endpoints",
            (
                f"{number:>2}  {arn}{_called(proof, arn)}"
                for number, arn in enumerate(proof.endpoints, start=1)
            ),
        )
        header = " ".join(f"{number:>2}" for number, _ in enumerate(proof.endpoints, start=1))
        yield from _section(
            f"Roles that may {_verb(proof)} (x as declared, ! not declared, - missing)",
            (header, *(_row(proof, arn) for arn in rows)) if rows else (),
        )
        return
    cells = sum(len(proof.allowed[arn] & proof.expected[arn]) for arn in rows)
    roles = counted(len(rows), "role")
    yield f"{roles} and {len(proof.endpoints)} endpoints: {cells} as declared"
    yield from _section(
        "Roles that deviate",
        (line for arn in rows for line in _deviations(proof, arn)),
    )


def _called(proof: Proof, arn: str) -> str:
    return f"  {proof.names[arn]}" if arn in proof.names else ""


def _verb(proof: Proof) -> str:
    called = {is_service(arn) for arn in proof.endpoints}
    if called == {True}:
        return "call them"
    return "read their configuration" + (", or call them" if True in called else "")


def _row(proof: Proof, arn: str) -> str:
    marks = (_mark(proof, arn, endpoint) for endpoint in proof.endpoints)
    return f"{' '.join(typer.style(f'{each:>2}', fg=_COLOURS.get(each)) for each in marks)}  {arn}"


def _mark(proof: Proof, arn: str, endpoint: str) -> str:
    allowed, expected = endpoint in proof.allowed[arn], endpoint in proof.expected[arn]
    if allowed:
        return AS_DECLARED if expected else TOO_MUCH
    return MISSING if expected else NONE


def _deviations(proof: Proof, arn: str) -> Iterator[str]:
    allowed, expected = proof.allowed[arn], proof.expected[arn]
    for mark, cells in ((TOO_MUCH, allowed - expected), (MISSING, expected - allowed)):
        if cells:
            first = endpoint_text(min(cells))
            more = f" and {len(cells) - 1} more" if len(cells) > 1 else ""
            yield f"{mark} {arn}: {first}{more}"


def _trust(proof: Proof) -> Iterator[str]:
    if len(proof.trust) <= WIDEST:
        yield from _section(
            "Who may take them",
            (f"{arn}: {'; '.join(told) or 'nobody'}" for arn, told in proof.trust.items()),
        )


def _share(share: Share) -> str:
    principals = ", ".join(each.id or "[unknown]" for each in share.principals) or "nobody"
    outside = ", and may be with accounts outside of the organization"
    meshes = ", ".join(endpoint_text(arn) or "[unknown]" for arn in share.meshes)
    return f"{share.name}: {meshes} with {principals}{outside if share.allow_external else ''}"


def _section(title: str, lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield typer.style(title, bold=True)
        yield f"  {line}"


def _violation(violation: Violation) -> str:
    place = f"{violation.place}: " if violation.place else ""
    statement = f" Statement: {violation.statement}." if violation.statement else ""
    code = typer.style(violation.code, fg="red", bold=True)
    return f"{place}{code} {violation.message}.{statement} {violation.why} Mend: {violation.mend}"


def _unknown(unknown: Unknown) -> str:
    place = f"{unknown.place}: " if unknown.place else ""
    mark = typer.style("can't tell", fg="yellow", bold=True)
    return f"{place}{mark} {unknown.message} ({unknown.subject})"


def _verdict(proof: Proof) -> str:
    size = f"{counted(len(proof.roles), 'role')}, {counted(len(proof.endpoints), 'endpoint')}"
    if proof.ok:
        return f"Proven: {size}."
    found = [
        counted(len(proof.violations), "violation") if proof.violations else "",
        f"{len(proof.unknowns)} open" if proof.unknowns else "",
    ]
    return f"Not proven: {', '.join(each for each in found if each)} ({size})."
