"""A real browser, where there is one: what pages look like when they are laid out."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NEEDED: Final = "needs Chromium on PATH"

_MEASURE: Final = """
const measure = frame => {
  const page = frame.contentDocument, wide = frame.clientWidth;
  const outside = [...page.querySelectorAll("body *")].filter(each =>
    each.getBoundingClientRect().right > wide + 1 && !each.closest(".scroll, .hidden, .skip"));
  const texts = [...page.querySelectorAll("svg text")].map(each => each.getBoundingClientRect());
  const covered = texts.filter((one, at) => texts.some((other, place) => place > at &&
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2));
  return {
    width: page.documentElement.scrollWidth, wide,
    outside: outside.map(each => each.outerHTML.slice(0, 80)),
    texts: texts.length, covered: covered.length, scripts: page.scripts.length,
    background: frame.contentWindow.getComputedStyle(page.body).backgroundColor,
    hurt: Boolean(frame.contentWindow.hurt || window.hurt),
    keyboard: [...page.querySelectorAll(".scroll")].every(each => each.tabIndex === 0),
  };
};
const loaded = ([page, width]) => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 900; frame.style.border = 0; frame.srcdoc = page;
  frame.addEventListener("load", () => done(measure(frame)));
  document.body.append(frame);
});
Promise.all(PAGES.map(loaded)).then(all => {
  document.body.textContent = JSON.stringify(all);
});
"""


def chromium(*arguments: str) -> str:
    """What headless Chromium prints."""
    assert CHROMIUM is not None
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        done = subprocess.run(
            [CHROMIUM, *options, f"--user-data-dir={profile}", *arguments],
            capture_output=True,
            text=True,
            timeout=90,
            check=True,
        )
    return done.stdout


def measured(
    pages: Sequence[tuple[str, int]], folder: Path, *, dark: bool = False
) -> list[dict[str, Any]]:
    """How each page is laid out in so many pixels.

    They stand in frames: a window of Chromium can't be as narrow as a phone, and a browser takes
    longer to start than to measure.
    """
    given = json.dumps(pages).replace("<", "\\u003c")  # so that no page ends the script
    holder = folder / "holder.html"
    holder.write_text(
        '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<body><script>const PAGES = {given};{_MEASURE}</script>",
        encoding="utf-8",
    )
    options = ["--blink-settings=preferredColorScheme=0"] if dark else []
    dom = chromium("--virtual-time-budget=20000", "--dump-dom", *options, holder.as_uri())
    body = re.search(r"<body>(\[.*\])</body>", dom, re.DOTALL)
    assert body is not None, dom[-500:]
    found: list[dict[str, Any]] = json.loads(html.unescape(body[1]))
    return found
