"""What is written: SVG that stands alone, Mermaid that nothing escapes from, colours to read."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from meshkit.inspect.diagram.by_account import by_account
from meshkit.inspect.diagram.colours import DARK, LIGHT, TEXTS, Palette, themed
from meshkit.inspect.diagram.mermaid import mermaid_of
from meshkit.inspect.diagram.of_mesh import picture_of_mesh
from meshkit.inspect.diagram.picture import Edge, Picture
from meshkit.inspect.diagram.svg import STYLE, svg_of
from tests.inspect.diagram.samples import WICKED, chain, shop, wicked

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = {
    "shop": picture_of_mesh(shop()),
    "large": by_account(chain(200, 10)),
    "wicked": wicked(),
}
ALLOWED = {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text"}


def luminance(colour: str) -> float:
    """Source: WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_every_text_can_be_read(palette: Palette, ink: str, ground: str) -> None:
    assert contrast(palette[ink], palette[ground]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "frame"])
@pytest.mark.parametrize("line", ["line", "secure"])
def test_every_line_can_be_seen(palette: Palette, line: str, ground: str) -> None:
    assert contrast(palette[line], palette[ground]) >= 3


def test_both_palettes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert "{" not in re.sub(r"[^{}]*\{[^{}]*\}", "", themed("a { fill: {ink} }").split("@")[0])


def test_paper_is_light() -> None:
    assert STYLE.count("prefers-color-scheme: dark") == 1
    assert "@media screen and (prefers-color-scheme: dark)" in STYLE


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_an_svg_is_well_formed_and_needs_nothing_else(picture: Picture) -> None:
    text = svg_of(picture)
    root = ET.fromstring(text)

    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= ALLOWED
    assert not re.search(r"(?:href|src)\s*=|@import|url\((?!#)", text)
    names = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in names if name.startswith("on")]


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_an_svg_tells_its_name_and_content(picture: Picture) -> None:
    root = ET.fromstring(svg_of(picture, name="second"))
    by_id = {each.get("id"): each for each in root.iter() if each.get("id")}

    assert root.get("role") == "img"
    for label in str(root.get("aria-labelledby")).split():
        assert by_id[label].text
    assert all(str(id_).startswith("second-") for id_ in by_id)


def test_the_words_of_a_picture_say_who_calls_whom() -> None:
    root = ET.fromstring(svg_of(PICTURES["shop"]))

    told = str(root.findtext(f"{SVG}desc"))
    assert "storefront calls stock.shop.local by TLS" in told
    assert "shared with orders, billing" in told


def test_the_words_of_a_large_picture_say_how_often_accounts_call_each_other() -> None:
    told = str(ET.fromstring(svg_of(PICTURES["large"])).findtext(f"{SVG}desc"))

    assert "account-0 000000000000: 20 nodes, on ECS, 20 calls to account-1, " in told
    assert "No calls" not in told


def test_a_page_can_bring_the_style_itself() -> None:
    assert "<style>" not in svg_of(PICTURES["shop"], style=False)


def test_every_class_used_has_a_look() -> None:
    used = {
        name
        for picture in PICTURES.values()
        for found in re.findall(r'class="([^"]+)"', svg_of(picture))
        for name in found.split()
    }

    plain = {"mk-subtitle"}  # as all text
    assert {name for name in used if f".{name} " not in STYLE and f".{name}," not in STYLE} <= plain


def test_a_clipped_name_is_told_whole() -> None:
    root = ET.fromstring(svg_of(PICTURES["wicked"]))
    titles = [str(each.text) for each in root.iter(f"{SVG}title")]

    assert any(WICKED.replace("\x01", "\ufffd") in title for title in titles)


def test_mermaid_of_the_shop() -> None:
    lines = mermaid_of(PICTURES["shop"]).splitlines()

    assert lines[0] == "flowchart LR"
    assert '  subgraph a1["orders 222222222222"]' in lines
    assert (
        '    n1["<b>storefront</b><br>storefront.shop.local<br>node on EC2<br>http 8080"]' in lines
    )
    assert '  n6 -->|"90%"| n2' in lines
    assert '  n1 ==>|"TLS"| n7' in lines


def test_mermaid_marks_calls_both_ways() -> None:
    picture = by_account(PICTURES["shop"])
    (both,) = [edge for edge in picture.edges if edge.both]

    assert isinstance(both, Edge)
    assert '  n0 <-->|"3x"| n1' in mermaid_of(picture)


def test_no_name_means_anything_to_mermaid() -> None:
    text = mermaid_of(PICTURES["wicked"])
    quoted = re.findall(r'"([^"]*)"', text)
    outside = re.sub(r'"[^"]*"', "", text)

    assert all(re.fullmatch(r"(?:</?b>|<br>|#\d+;|[\w .,:@/()%…-])*", each) for each in quoted)
    assert not re.search(r"script>|\]\]>|`|\$", outside)
    assert text.count('"') % 2 == 0
