"""A large mesh at a glance: a box for each account, with the names in it and whom it calls."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.picture import Box, Edge, Kind, Member, Picture, Tls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.diagram.picture import Group

MOST_BOXES: Final = 60
"""Above this, a picture of every part is larger than a screen and is drawn by accounts."""
MOST_LINES: Final = 2
"""For each account; more only hide each other, and the boxes alone say who calls whom."""
_PLURALS: Final[tuple[tuple[Kind, str], ...]] = (
    ("gateway", "gateways"),
    ("node", "nodes"),
    ("router", "routers"),
)
_STRENGTH: Final[tuple[Tls, ...]] = ("", "TLS", "mTLS")
_Calls = Counter[tuple[str, str, Tls]]


def readable(picture: Picture) -> Picture:
    """The picture itself, or by accounts where it has too many parts to be read."""
    return by_account(picture) if len(picture.boxes) > MOST_BOXES else picture


def by_account(picture: Picture) -> Picture:
    """The same mesh with a box for each account, which says how often it calls which other."""
    calls: _Calls = Counter(
        (picture.by_key[edge.source].group, picture.by_key[edge.target].group, edge.tls)
        for edge in picture.calls()
    )
    boxes = tuple(_account(picture, group, calls) for group in picture.groups)
    edges = _edges(calls)
    if len(edges) > MOST_LINES * len(boxes):
        edges = ()
    return replace(picture, groups=(), boxes=boxes, edges=edges)


def _edges(calls: _Calls) -> tuple[Edge, ...]:
    """One edge for two accounts that call each other; it shows TLS where all its calls have it."""
    counts: Counter[tuple[str, str]] = Counter()
    weakest: dict[tuple[str, str], Tls] = {}
    for (source, target, tls), count in calls.items():
        if source != target:
            pair = (target, source) if (target, source) in counts else (source, target)
            counts[pair] += count
            weakest[pair] = min(weakest.get(pair, tls), tls, key=_STRENGTH.index)
    directions = {(source, target) for source, target, _ in calls}
    return tuple(
        Edge(
            f"account/{source}",
            f"account/{target}",
            tls=weakest[source, target],
            calls=count,
            both=(target, source) in directions,
        )
        for (source, target), count in counts.items()
    )


def _account(picture: Picture, group: Group, calls: _Calls) -> Box:
    boxes = [box for box in picture.boxes if box.group == group.key]
    callees = _callees(picture)
    members = tuple(
        Member(box.name, box.kind, _note(box, callees.get(box.key, ())))
        for box in boxes
        if box.kind in ("gateway", "node")
    )
    return Box(
        key=f"account/{group.key}",
        kind="account",
        group="",
        name=group.label,
        details=(_counted(boxes), *_called(picture, group.key, calls)),
        members=members,
    )


def _counted(boxes: list[Box]) -> str:
    kinds = Counter(box.kind for box in boxes)
    counts = [
        f"{kinds[one]} {one if kinds[one] == 1 else many}" for one, many in _PLURALS if kinds[one]
    ]
    computes = Counter(box.compute for box in boxes if box.compute)
    if len(computes) > 1:
        counts.append(", ".join(f"{count} on {name}" for name, count in computes.items()))
    elif computes:
        counts.append(f"on {next(iter(computes))}")
    return ", ".join(counts)


def _called(picture: Picture, key: str, calls: _Calls) -> Iterator[str]:
    """A line for each account called, most calls first."""
    found: Counter[str] = Counter()
    secure: Counter[str] = Counter()
    for (source, target, tls), count in calls.items():
        if source == key:
            found[target] += count
            secure[target] += count if tls else 0
    for target, count in found.most_common():
        where = "within" if target == key else f"to {picture.group_names[target]}"
        safe = f", {secure[target]} by TLS" if secure[target] else ""
        yield f"{count} {'call' if count == 1 else 'calls'} {where}{safe}"


def _callees(picture: Picture) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in picture.calls():
        found.setdefault(edge.source, []).append(edge.service)
    return found


def _note(box: Box, services: list[str] | tuple[()]) -> str:
    called = f"calls {', '.join(services)}" if services else "calls nobody"
    return f"{', '.join(box.details)}; {called}"
