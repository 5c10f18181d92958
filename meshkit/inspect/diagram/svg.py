"""A picture as SVG: one element that needs nothing else, for light and dark, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.inspect.diagram.colours import themed
from meshkit.inspect.diagram.layout import layout_of
from meshkit.inspect.diagram.shape import SERVICE_ROW
from meshkit.inspect.diagram.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.inspect.diagram.layout import Frame, Layout, Line, Placed
    from meshkit.inspect.diagram.picture import Edge, Picture
    from meshkit.inspect.diagram.shape import Text

STYLE: Final = themed("""\
.mk text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono",
  "Liberation Mono", monospace; font-size: 12px; fill: {ink} }
.mk .mk-page { fill: {page} }
.mk .mk-title { font-size: 14px; font-weight: 600 }
.mk .mk-name, .mk .mk-frame { font-weight: 600 }
.mk .mk-small, .mk .mk-label { font-size: 10.5px; fill: {quiet} }
.mk .mk-service { font-size: 10.5px; fill: {service-ink} }
.mk .mk-label, .mk .mk-frame { stroke: {frame}; stroke-width: 3px; paint-order: stroke }
.mk .mk-lane { fill: {frame}; stroke: {rule} }
.mk .mk-box { stroke: {line}; stroke-width: 1.2 }
.mk .mk-bar { fill: {service}; stroke: {line}; stroke-width: 1.2 }
.mk .mk-is-node { fill: {node} }
.mk .mk-is-gateway { fill: {gateway}; stroke-width: 2.4 }
.mk .mk-is-router { fill: {router}; stroke-dasharray: 5 3 }
.mk .mk-is-service { fill: {service} }
.mk .mk-is-account { fill: {account} }
.mk .mk-edge { fill: none; stroke: {line}; stroke-width: 1.3 }
.mk .mk-tip { fill: {line} }
.mk .mk-secure { stroke: {secure}; stroke-width: 2.2 }
.mk .mk-secure-tip { fill: {secure} }
""")
"""What the classes look like; a page with several pictures needs it once."""
_ROUND: Final = {"service": 14, "router": 4, "gateway": 4, "node": 4, "account": 8}


def svg_of(picture: Picture, *, name: str = "mesh", style: bool = True) -> str:
    """The picture as one ``svg`` element.

    ``name`` begins its ids, so that a page can hold several. Without ``style`` the page brings
    ``STYLE`` itself.
    """
    layout = layout_of(picture)
    return "\n".join(_lines(layout, name, style)) + "\n"


def _lines(layout: Layout, name: str, style: bool) -> Iterator[str]:
    wide, high = _number(layout.width), _number(layout.height)
    picture = layout.picture
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mk" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img" aria-labelledby="{name}-title {name}-desc">'
    )
    yield f'<title id="{name}-title">{escape(picture.title)}</title>'
    yield f'<desc id="{name}-desc">{escape(description(picture))}</desc>'
    if style:
        yield f"<style>\n{escape(STYLE)}</style>".replace("&quot;", '"')
    yield f"<defs>{_tip(f'{name}-tip', 'mk-tip')}{_tip(f'{name}-lock', 'mk-secure-tip')}</defs>"
    yield f'<rect class="mk-page" width="{wide}" height="{high}"/>'
    yield from (_text(text, 0, 0) for text in layout.heading)
    for frame in layout.frames:
        yield _frame(frame)
    for line in layout.lines:
        yield from _edge(line, name)
    for frame in layout.frames:
        yield _text(frame.label, 0, 0)
    for placed in layout.boxes:
        yield from _box(placed)
    yield "</svg>"


def description(picture: Picture) -> str:
    """The picture in words, for those who can't see it."""
    whole = [box for box in picture.boxes if box.kind == "account"]
    if whole:
        accounts = "; ".join(f"{box.name}: {', '.join(box.details)}" for box in whole)
        return f"{picture.subtitle}. Accounts: {accounts}."
    accounts = ", ".join(group.label for group in picture.groups)
    calls = "; ".join(
        f"{_name(edge.source)} calls {edge.service}{f' by {edge.tls}' if edge.tls else ''}"
        for edge in picture.calls()
    )
    return f"{picture.subtitle}. Accounts: {accounts or 'none'}. {calls or 'No calls'}."


def _tip(id_: str, style: str) -> str:
    return (
        f'<marker id="{id_}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        f'markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
        f'<path class="{style}" d="M0 0L8 4L0 8z"/></marker>'
    )


def _frame(frame: Frame) -> str:
    return (
        f'<rect class="mk-lane" x="{_number(frame.x)}" y="{_number(frame.y)}" '
        f'width="{_number(frame.width)}" height="{_number(frame.height)}" rx="8"/>'
    )


def _edge(line: Line, name: str) -> Iterator[str]:
    tip = f"url(#{name}-{'lock' if line.edge.tls else 'tip'})"
    ends = ("start", "end") if line.edge.both else ("start",) if line.turned else ("end",)
    end = " ".join(f'marker-{each}="{tip}"' for each in ends)
    style = "mk-edge mk-secure" if line.edge.tls else "mk-edge"
    told = escape(_told(line.edge))
    yield f'<path class="{style}" d="{_path(line)}" {end}><title>{told}</title></path>'
    if line.label is not None:
        yield _text(line.label, 0, 0)


def _told(edge: Edge) -> str:
    way = "and" if edge.both else "to"
    notes = [edge.label, edge.tls, f"{edge.calls} calls" if edge.calls > 1 else ""]
    ends = f"{_name(edge.source)} {way} {edge.service or _name(edge.target)}"
    return ", ".join(part for part in (ends, *notes) if part)


def _name(key: str) -> str:
    return key.partition("/")[2]


def _path(line: Line) -> str:
    (start, free, level), *rest = line.points
    parts = [f"M{_number(start)} {_number(level)}H{_number(free)}"]
    for left, right, next_level in rest:
        middle = _number((free + left) / 2)
        parts.append(
            f"C{middle} {_number(level)} {middle} {_number(next_level)} "
            f"{_number(left)} {_number(next_level)}"
        )
        if right > left:
            parts.append(f"H{_number(right)}")
        free, level = right, next_level
    return "".join(parts)


def _box(placed: Placed) -> Iterator[str]:
    box, shape = placed.box, placed.shape
    round_ = _ROUND[box.kind]
    yield (
        f'<rect class="mk-box mk-is-{box.kind}" x="{_number(placed.x)}" y="{_number(placed.y)}" '
        f'width="{_number(shape.width)}" height="{_number(shape.height)}" rx="{round_}"/>'
    )
    for bar in shape.bars:
        yield (
            f'<rect class="mk-bar" x="{_number(placed.x)}" y="{_number(placed.y + bar)}" '
            f'width="{_number(shape.width)}" height="{_number(SERVICE_ROW)}" rx="4"/>'
        )
    for text in shape.texts:
        yield _text(text, placed.x, placed.y)


def _text(text: Text, x: float, y: float) -> str:
    title = f"<title>{escape(text.title)}</title>" if text.title else ""
    return (
        f'<text class="mk-{text.style}" x="{_number(x + text.x)}" y="{_number(y + text.y)}" '
        f'textLength="{_number(text.width)}" lengthAdjust="spacingAndGlyphs">'
        f"{title}{escape(text.text)}</text>"
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
