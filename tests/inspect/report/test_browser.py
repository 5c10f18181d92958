"""The report in a real browser; skipped, and told so, where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from meshkit.inspect.report.page import page_of
from tests.inspect.report.browser import CHROMIUM, NEEDED, chromium, measured
from tests.inspect.report.samples import large, mischief, small

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NEEDED)
PHONE, DESKTOP = 390, 1280
PAGES = {
    "5 nodes": page_of(small(bad=True)),
    "200 nodes": page_of(large()),
    "wicked": page_of(mischief()),
    "broken": "<!doctype html><body><p style='width: 900px'>wide<script>window.hurt = 1</script>"
    "<svg><text y='20'>one</text><text y='21'>two</text></svg>",
}
GOOD = [name for name in PAGES if name != "broken"]
WIDTHS = (PHONE, DESKTOP)

Measures = dict[tuple[str, int], dict[str, Any]]


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Measures:
    keys = [(name, width) for name in PAGES for width in WIDTHS]
    found = measured(
        [(PAGES[name], width) for name, width in keys], tmp_path_factory.mktemp("page")
    )
    return dict(zip(keys, found, strict=True))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_wider_than_the_page(laid_out: Measures, name: str, width: int) -> None:
    page = laid_out[name, width]

    assert (page["wide"], page["width"], page["outside"]) == (width, width, [])


@pytest.mark.parametrize("name", GOOD)
def test_no_text_of_a_picture_covers_another(laid_out: Measures, name: str) -> None:
    page = laid_out[name, DESKTOP]

    assert page["texts"] > 10
    assert page["covered"] == 0


@pytest.mark.parametrize("name", GOOD)
def test_no_name_runs_as_a_script(laid_out: Measures, name: str) -> None:
    page = laid_out[name, DESKTOP]

    assert (page["scripts"], page["hurt"]) == (0, False)


@pytest.mark.parametrize("name", GOOD)
def test_what_scrolls_can_be_reached_by_keyboard(laid_out: Measures, name: str) -> None:
    assert laid_out[name, PHONE]["keyboard"]


def test_the_measure_sees_scripts_wide_elements_and_covered_texts(laid_out: Measures) -> None:
    page = laid_out["broken", PHONE]

    assert (page["scripts"], page["hurt"]) == (1, True)
    assert page["width"] >= 900
    assert page["outside"]
    assert page["covered"] == 1


def test_dark_and_light_follow_the_reader(laid_out: Measures, tmp_path: Path) -> None:
    (dark,) = measured([(PAGES["5 nodes"], PHONE)], tmp_path, dark=True)

    assert laid_out["5 nodes", PHONE]["background"] == "rgb(255, 255, 255)"
    assert dark["background"] == "rgb(13, 17, 23)"


def test_it_prints(tmp_path: Path) -> None:
    file, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    file.write_text(PAGES["5 nodes"], encoding="utf-8")
    chromium(f"--print-to-pdf={printed}", file.as_uri())

    assert printed.read_bytes().startswith(b"%PDF")
