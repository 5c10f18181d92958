"""The colours of pictures and reports, for light and dark."""

from __future__ import annotations

from typing import Final

Palette = dict[str, str]

LIGHT: Final[Palette] = {
    "page": "#ffffff",
    "ink": "#1c2128",
    "quiet": "#57606a",
    "line": "#6e7781",
    "secure": "#0b6b3a",
    "frame": "#f6f8fa",
    "rule": "#d0d7de",
    "node": "#ffffff",
    "gateway": "#fff1e0",
    "router": "#f3ecff",
    "service": "#dceeff",
    "service-ink": "#0a3d6b",
    "account": "#ffffff",
    "link": "#0a58ca",
    "good": "#0b6b3a",
    "good-fill": "#dafbe1",
    "bad": "#a40e26",
    "bad-fill": "#ffebe9",
    "warning": "#7a4d00",
    "warning-fill": "#fff8c5",
}
DARK: Final[Palette] = {
    "page": "#0d1117",
    "ink": "#e6edf3",
    "quiet": "#9da7b3",
    "line": "#8b949e",
    "secure": "#56d364",
    "frame": "#151b23",
    "rule": "#3d444d",
    "node": "#212830",
    "gateway": "#3a2a12",
    "router": "#2d2440",
    "service": "#10304f",
    "service-ink": "#b6dcff",
    "account": "#212830",
    "link": "#79b8ff",
    "good": "#56d364",
    "good-fill": "#12361f",
    "bad": "#ff9c94",
    "bad-fill": "#4a1519",
    "warning": "#e8b849",
    "warning-fill": "#3b2c06",
}
TEXTS: Final = (
    ("ink", "page"),
    ("ink", "frame"),
    ("ink", "node"),
    ("ink", "gateway"),
    ("ink", "router"),
    ("ink", "service"),
    ("ink", "account"),
    ("quiet", "page"),
    ("quiet", "frame"),
    ("quiet", "node"),
    ("quiet", "gateway"),
    ("quiet", "router"),
    ("quiet", "service"),
    ("quiet", "account"),
    ("service-ink", "service"),
    ("link", "page"),
    ("link", "frame"),
    ("good", "good-fill"),
    ("bad", "bad-fill"),
    ("warning", "warning-fill"),
    ("ink", "good-fill"),
    ("ink", "bad-fill"),
    ("ink", "warning-fill"),
)
"""Which colour is written on which."""


def themed(css: str) -> str:
    """``css`` with ``{colour}`` in place of colours, for both; paper is always light."""
    dark = _filled(css, DARK)
    return f"{_filled(css, LIGHT)}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _filled(css: str, palette: Palette) -> str:
    for name, colour in palette.items():
        css = css.replace(f"{{{name}}}", colour)
    return css
