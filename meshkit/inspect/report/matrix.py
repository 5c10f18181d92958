"""The matrix of roles against endpoints: who may read whose configuration, or call what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from meshkit.inspect.diagram.text import clip
from meshkit.inspect.report.compact import compact_svg
from meshkit.inspect.report.html import Html, join, scrolled, table, tag
from meshkit.inspect.report.names import account_of, short

if TYPE_CHECKING:
    from meshkit.inspect.proof.model import Proof
    from meshkit.inspect.report.model import Report

State = Literal["", "yes", "extra", "missing"]
MOST_COLUMNS: Final = 24
"""Endpoints beyond which a table is wider than it is clear."""
MOST_ROWS: Final = 60
SIGNS: Final = {"yes": "✓", "extra": "✗", "missing": "○", "": ""}
WORDS: Final = {
    "yes": "allowed, as declared",
    "extra": "allowed, not declared",
    "missing": "declared, not allowed",
    "": "not allowed",
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Roles and endpoints by account, so that what is declared runs along the diagonal."""

    roles: tuple[str, ...]
    endpoints: tuple[str, ...]
    states: dict[tuple[str, str], State]
    """The cells that are not empty."""
    open: frozenset[str]
    """Roles of which not all can be told."""


def matrix_of(proof: Proof) -> Matrix:
    """The matrix of a proof."""
    endpoints = tuple(sorted(proof.endpoints, key=account_of))
    place = {arn: number for number, arn in enumerate(endpoints)}

    def first(role: str) -> tuple[int, str]:
        wanted = proof.expected.get(role) or proof.allowed.get(role, frozenset())
        return min((place[arn] for arn in wanted if arn in place), default=len(place)), role

    states: dict[tuple[str, str], State] = {}
    for role in proof.roles:
        allowed = proof.allowed.get(role, frozenset())
        expected = proof.expected.get(role, frozenset())
        for arn in (allowed | expected) & place.keys():
            states[role, arn] = (
                "yes" if arn in allowed & expected else "extra" if arn in allowed else "missing"
            )
    subjects = frozenset(unknown.subject for unknown in proof.unknowns)
    roles = tuple(sorted(proof.roles, key=first))
    return Matrix(roles, endpoints, states, subjects & frozenset(roles))


def matrix_section(report: Report) -> Html:
    """The matrix as a table, or, where it is large, as a picture with a table by role."""
    matrix = matrix_of(report.proof)
    if not matrix.roles or not matrix.endpoints:
        return tag("p", "There are no roles and endpoints to compare.")
    if len(matrix.endpoints) <= MOST_COLUMNS and len(matrix.roles) <= MOST_ROWS:
        return join([_legend(), _grid(report, matrix)])
    return join([_legend(), _picture(report, matrix), _by_role(report, matrix)])


def _legend() -> Html:
    entries = [
        tag("li", tag("span", SIGNS[state], class_=f"sign {state}", aria_hidden="true"), f" {word}")
        for state, word in WORDS.items()
        if state
    ]
    return tag("ul", *entries, class_="legend")


def _grid(report: Report, matrix: Matrix) -> Html:
    heads = [
        tag("th", tag("span", _column(report, arn), title=arn), scope="col")
        for arn in matrix.endpoints
    ]
    rows = [
        tag(
            "tr",
            tag("th", *_role(report, matrix, role), scope="row"),
            *(_cell(matrix.states.get((role, arn), "")) for arn in matrix.endpoints),
        )
        for role in matrix.roles
    ]
    caption = "Which role may read or call which endpoint"
    return scrolled(
        caption,
        tag(
            "table",
            tag("caption", caption),
            tag("thead", tag("tr", tag("td", "Role"), *heads)),
            tag("tbody", *rows),
            class_="matrix",
        ),
    )


def _named(report: Report, arn: str) -> str:
    return report.proof.names.get(arn) or short(arn)


def _column(report: Report, arn: str) -> str:
    account = account_of(arn)
    return (
        f"{clip(_named(report, arn), 36)}, {clip(report.account_names.get(account, account), 16)}"
    )


def _role(report: Report, matrix: Matrix, role: str) -> list[str]:
    note = " (not all can be told)" if role in matrix.open else ""
    return [
        tag("b", short(role)),
        tag("small", f"{report.account(account_of(role))}{note}"),
    ]


def _cell(state: State) -> Html:
    if not state:
        return tag("td", tag("span", WORDS[state], class_="hidden"))
    sign = tag("span", SIGNS[state], aria_hidden="true")
    return tag("td", sign, tag("span", WORDS[state], class_="hidden"), class_=f"cell {state}")


def _picture(report: Report, matrix: Matrix) -> Html:
    summary = (
        f"{len(matrix.roles)} roles by {len(matrix.endpoints)} endpoints; "
        f"rows and columns stand in the same order, so that what is declared is the diagonal."
    )
    return tag(
        "figure",
        scrolled(
            "Matrix of roles and endpoints",
            compact_svg(matrix.roles, matrix.endpoints, matrix.states, report.account),
        ),
        tag("figcaption", summary),
    )


def _by_role(report: Report, matrix: Matrix) -> Html:
    listed: dict[tuple[str, State], list[str]] = {}
    for (role, arn), state in sorted(matrix.states.items()):
        listed.setdefault((role, state), []).append(_named(report, arn))
    shown: tuple[State, ...] = ("yes", "extra", "missing")

    def faulty(role: str) -> bool:
        return role in matrix.open or any((role, state) in listed for state in shown[1:])

    rows = [
        [
            join(_role(report, matrix, role)),
            *(", ".join(listed.get((role, state), [])) for state in shown),
        ]
        for role in sorted(matrix.roles, key=lambda role: not faulty(role))
    ]
    return table(
        "What each role may read or call", ["Role", "As declared", "Not declared", "Missing"], rows
    )
