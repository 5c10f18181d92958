"""A large matrix as a small picture: a square for each cell that is not empty."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.text import clip, escape, width
from meshkit.inspect.report.html import Html
from meshkit.inspect.report.names import account_of, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

WHOLE: Final = 840.0
"""Width of the cells of all endpoints, unless they are few or very many."""
SMALLEST: Final = 2.0
LARGEST: Final = 14.0
CLEAR: Final = 7.0
"""The least side of a square that is not as declared."""
FONT: Final = 10.5
LINE: Final = 14.0
NAMES: Final = 24
WORDS: Final = {"yes": "may read", "extra": "may read, not declared", "missing": "may not read"}


def compact_svg(
    roles: Sequence[str],
    endpoints: Sequence[str],
    states: Mapping[tuple[str, str], str],
    account: Callable[[str], str],
) -> Html:
    """The cells as squares, over a band for each account of the roles."""
    side = min(LARGEST, max(SMALLEST, WHOLE / len(endpoints)))
    bands = list(_bands(roles))
    names = [clip(account(id_), NAMES) for id_, _, _ in bands]
    left = max(width(name, FONT) for name in names) + 10
    whole, high = left + side * len(endpoints), side * len(roles)
    columns = {arn: left + side * number for number, arn in enumerate(endpoints)}
    rows = {arn: side * number for number, arn in enumerate(roles)}
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mk" viewBox="0 0 {whole:.0f} '
        f'{high:.0f}" width="{whole:.0f}" height="{high:.0f}" role="img" '
        f'aria-label="Matrix of roles and endpoints; the table below says the same in words">'
    )
    parts = [start, *_frames(bands, names, side, left, whole)]
    for (role, arn), state in states.items():
        grown = max(0.0, CLEAR - side) / 2 if state != "yes" else 0.0
        title = f"{short(role)}: {WORDS[state]} {short(arn)}"
        size = side + 2 * grown
        parts.append(
            f'<rect class="is-{state}" x="{columns[arn] - grown:.1f}" y="{rows[role] - grown:.1f}" '
            f'width="{size:.1f}" height="{size:.1f}"><title>{escape(title)}</title></rect>'
        )
    return Html("".join([*parts, "</svg>"]))


def _bands(roles: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Each run of roles of one account: its id, the first row and how many there are."""
    first = 0
    for id_, run in groupby(roles, key=account_of):
        count = len(list(run))
        yield id_, first, count
        first += count


def _frames(
    bands: Sequence[tuple[str, int, int]],
    names: Sequence[str],
    side: float,
    left: float,
    whole: float,
) -> Iterator[str]:
    for number, ((_, first, count), name) in enumerate(zip(bands, names, strict=True)):
        top, high = first * side, count * side
        shade = "mk-lane" if number % 2 == 0 else "mk-page"
        yield (
            f'<rect class="{shade}" x="{left:.1f}" y="{top:.1f}" width="{whole - left:.1f}" '
            f'height="{high:.1f}"/>'
        )
        if high >= LINE:
            yield (
                f'<text class="mk-small" x="0" y="{top + LINE - 3:.1f}" '
                f'textLength="{width(name, FONT):.1f}" lengthAdjust="spacingAndGlyphs">'
                f"{escape(name)}</text>"
            )
