"""A picture as Mermaid text, as GitHub, GitLab and MkDocs render it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.diagram.picture import Box, Edge, Picture

_PLAIN: Final = re.compile(r"[^A-Za-z0-9 .,:@/()%…-]")
_SHAPES: Final = {
    "gateway": '[["{}"]]',
    "node": '["{}"]',
    "router": '{{{{"{}"}}}}',
    "service": '(["{}"])',
    "account": '["{}"]',
}


def mermaid_of(picture: Picture) -> str:
    """A flowchart: accounts as subgraphs, TLS as a thick arrow, weights on the arrows."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    ids = {box.key: f"n{number}" for number, box in enumerate(picture.boxes)}
    yield f"flowchart {'LR' if picture.edges else 'TB'}"  # TB puts what nothing joins side by side
    yield f"  accTitle: {_line(picture.title)}"
    yield f"  accDescr: {_line(picture.subtitle)}"
    for number, group in enumerate(picture.groups):
        yield f'  subgraph a{number}["{_text(group.label)}"]'
        for box in picture.boxes:
            if box.group == group.key:
                yield f"    {_box(box, ids)}"
        yield "  end"
    grouped = {group.key for group in picture.groups}
    yield from (f"  {_box(box, ids)}" for box in picture.boxes if box.group not in grouped)
    yield from (f"  {_edge(edge, ids)}" for edge in picture.edges)


def _box(box: Box, ids: dict[str, str]) -> str:
    members = [member.name for member in box.members]
    lines = [f"<b>{_text(box.name)}</b>", *map(_text, (*box.services, *box.details, *members))]
    return ids[box.key] + _SHAPES[box.kind].format("<br>".join(lines))


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    arrow = ("<" if edge.both else "") + ("==>" if edge.tls else "-->")
    many = f"{edge.calls}x" if edge.calls > 1 else ""
    label = _text(" ".join(part for part in (edge.label, edge.tls, many) if part))
    middle = f'|"{label}"|' if label else ""
    return f"{ids[edge.source]} {arrow}{middle} {ids[edge.target]}"


def _text(text: str) -> str:
    """Text within quotes: everything that may mean something to Mermaid or HTML is a number."""
    return _PLAIN.sub(lambda match: f"#{ord(match[0])};", " ".join(text.split()))


def _line(text: str) -> str:
    """Text that ends with its line, where Mermaid knows no entities."""
    return re.sub(r"[^\w .,:@/()-]", " ", " ".join(text.split()))
