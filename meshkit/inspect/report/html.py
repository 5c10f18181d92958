"""HTML from plain calls: text is always escaped, so no name can mean anything to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID: Final = frozenset({"meta"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str) -> Html:
    """An element. Children that are no ``Html`` are escaped, and so are attributes.

    ``class_`` is the class; other underscores in attribute names become hyphens.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{join(children)}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Parts one after the other."""
    return Html(between.join(part if isinstance(part, Html) else escape(part) for part in parts))


def scrolled(label: str, *children: str, **attributes: str) -> Html:
    """What may be wider than a phone: it scrolls by itself, by keyboard too, under a name."""
    return tag(
        "div", *children, class_="scroll", role="region", aria_label=label, tabindex="0",
        **attributes,
    )  # fmt: skip


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Html:
    """A table whose first column names the rows."""
    head = tag("tr", *(tag("th", each, scope="col") for each in heads))
    body = [
        tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest))
        for first, *rest in rows
    ]
    return scrolled(
        caption, tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    )
