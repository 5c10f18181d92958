"""The mesh in the report: its picture, who calls whom in words, and with whom it is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.inspect.diagram.by_account import readable
from meshkit.inspect.diagram.svg import svg_of
from meshkit.inspect.report.html import Html, join, scrolled, table, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.diagram.picture import Picture


def picture_section(picture: Picture, number: int) -> Html:
    """The picture; a large mesh by accounts."""
    shown = readable(picture)
    drawing = Html(svg_of(shown, name=f"mesh{number}", style=False))
    note = "" if shown is picture else "A box for each account; the table has every endpoint."
    figure = scrolled(f"Picture of mesh {picture.mesh}", drawing)
    return tag("figure", figure, *([tag("figcaption", note)] if note else []))


def endpoints_section(picture: Picture) -> Html:
    """Every node and gateway in words: where it is, what it listens to, whom it calls."""
    order = {group.key: number for number, group in enumerate(picture.groups)}
    calls: dict[str, list[str]] = {}
    for edge in picture.calls():
        calls.setdefault(edge.source, []).append(
            f"{edge.service} ({edge.tls})" if edge.tls else edge.service
        )
    rows = [
        [
            box.name,
            box.details[0],
            picture.group_names.get(box.group, ""),
            box.details[1],
            ", ".join(box.services),
            ", ".join(calls.get(box.key, [])),
        ]
        for box in sorted(picture.boxes, key=lambda box: order.get(box.group, len(order)))
        if box.kind in ("gateway", "node") and len(box.details) > 1
    ]
    heads = ["Name", "Kind", "Account", "Listens", "Provides", "Calls"]
    return table(f"Endpoints of mesh {picture.mesh}", heads, rows)


def routes_section(picture: Picture) -> Html | None:
    """The routers and how they divide traffic."""
    weights: dict[str, list[str]] = {}
    for edge in picture.edges:
        if edge.label:
            name = picture.by_key[edge.target].name
            weights.setdefault(edge.source, []).append(f"{name} {edge.label}")
    rows = [
        [
            box.name,
            picture.group_names.get(box.group, ""),
            ", ".join(box.services),
            ", ".join(weights.get(box.key, [])),
        ]
        for box in picture.boxes
        if box.kind == "router"
    ]
    if not rows:
        return None
    heads = ["Name", "Account", "Provides", "Sends to"]
    return table(f"Routers of mesh {picture.mesh}", heads, rows)


def share_section(picture: Picture) -> Html:
    """The share with its principals, and who shares services with the mesh owner."""
    sharing = picture.sharing
    ids = {group.name: group.id for group in picture.groups if group.name}
    providers = [tag("li", *_principal(each, ids)) for each in picture.providers]
    inward = [
        tag("p", f"Services are shared with {picture.owner} by:"),
        tag("ul", *providers),
    ]
    if sharing is None:
        unshared = tag("p", f"Mesh {picture.mesh} is not shared.")
        return join([unshared, *(inward if providers else ())])
    entries = [tag("li", *_principal(each, ids)) for each in sharing.principals]
    outside = "may" if sharing.external else "may not"
    return join(
        [
            tag("p", f"Mesh {picture.mesh} is shared as ", tag("b", sharing.name), " with:"),
            tag("ul", *entries) if entries else tag("p", "nobody"),
            tag("p", f"Accounts outside the organization {outside} be among them."),
            *(inward if providers else ()),
        ]
    )


def _principal(principal: str, ids: dict[str, str]) -> Iterator[str]:
    yield principal
    if principal in ids:
        yield tag("small", f" {ids[principal]}")
