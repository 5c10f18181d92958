"""In no picture does a text cover another or leave its box, whatever its size."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshkit.inspect.diagram.by_account import by_account
from meshkit.inspect.diagram.layers import layers_of
from meshkit.inspect.diagram.layout import Layout, layout_of
from meshkit.inspect.diagram.of_mesh import picture_of_mesh
from meshkit.inspect.diagram.picture import Box, Edge, Group, Picture
from meshkit.inspect.diagram.shape import Text
from meshkit.inspect.diagram.text import cells, clip
from tests.inspect.diagram.samples import chain, shop, wicked

SAMPLES = {
    "5 nodes": picture_of_mesh(shop()),
    "5 nodes by account": by_account(picture_of_mesh(shop())),
    "60 nodes": chain(60, 4),
    "200 nodes": chain(200, 10),
    "200 nodes by account": by_account(chain(200, 10)),
    "200 nodes of one account": by_account(chain(200, 1)),
    "1000 nodes by account": by_account(chain(1000, 40)),
    "wicked": wicked(),
    "nothing": Picture("empty", "nobody", "eu-west-1", (), (), ()),
}


class Area(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def covers(self, other: Area) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.01
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.01
        )

    def holds(self, other: Area) -> bool:
        return (
            self.left <= other.left + 0.01
            and self.top <= other.top + 0.01
            and other.right <= self.right + 0.01
            and other.bottom <= self.bottom + 0.01
        )


def area(text: Text, x: float = 0, y: float = 0) -> Area:
    """Where a text is: from its ascent to its descent."""
    left, base = x + text.x, y + text.y
    return Area(left, base - 0.8 * text.size, left + text.width, base + 0.2 * text.size, text.text)


def texts(layout: Layout) -> list[Area]:
    return [
        *(area(text) for text in layout.heading),
        *(area(frame.label) for frame in layout.frames),
        *(area(text, each.x, each.y) for each in layout.boxes for text in each.shape.texts),
        *(area(line.label) for line in layout.lines if line.label),
    ]


def boxes(layout: Layout) -> list[Area]:
    return [
        Area(each.x, each.y, each.x + each.shape.width, each.y + each.shape.height, each.box.key)
        for each in layout.boxes
    ]


def overlaps(areas: list[Area]) -> list[tuple[str, str]]:
    """Pairs that cover each other; a sweep from top to bottom, as there are thousands of areas."""
    found = []
    open_: list[Area] = []
    for each in sorted(areas, key=lambda area: area.top):
        open_ = [other for other in open_ if other.bottom > each.top]
        found += [(other.what, each.what) for other in open_ if other.covers(each)]
        open_.append(each)
    return found


def test_an_overlap_is_found() -> None:
    areas = [Area(0, 0, 10, 10, "a"), Area(20, 0, 30, 10, "b"), Area(9, 9, 12, 12, "c")]

    assert overlaps(areas) == [("a", "c")]


@pytest.mark.parametrize("picture", SAMPLES.values(), ids=SAMPLES)
def test_no_text_covers_another(picture: Picture) -> None:
    assert overlaps(texts(layout_of(picture))) == []


@pytest.mark.parametrize("picture", SAMPLES.values(), ids=SAMPLES)
def test_no_box_covers_another_or_the_name_of_an_account(picture: Picture) -> None:
    layout = layout_of(picture)
    names = [area(frame.label) for frame in layout.frames]

    assert overlaps([*boxes(layout), *names]) == []


@pytest.mark.parametrize("picture", SAMPLES.values(), ids=SAMPLES)
def test_texts_stay_in_their_boxes_and_boxes_in_their_accounts(picture: Picture) -> None:
    layout = layout_of(picture)
    frames = {
        group.key: Area(each.x, each.y, each.x + each.width, each.y + each.height, "")
        for group, each in zip(picture.groups, layout.frames, strict=True)
    }

    for placed, box in zip(layout.boxes, boxes(layout), strict=True):
        assert all(box.holds(area(each, placed.x, placed.y)) for each in placed.shape.texts)
        if placed.box.group in frames:
            assert frames[placed.box.group].holds(box), placed.box.key
    whole = Area(0, 0, layout.width, layout.height, "")
    assert all(whole.holds(each) for each in [*texts(layout), *boxes(layout)])


@pytest.mark.parametrize("picture", SAMPLES.values(), ids=SAMPLES)
def test_a_line_runs_from_box_to_box_and_never_backwards(picture: Picture) -> None:
    layout = layout_of(picture)
    placed = {each.box.key: each for each in layout.boxes}

    for line in layout.lines:
        ends = (line.edge.source, line.edge.target)
        left, right = (placed[key] for key in (reversed(ends) if line.turned else ends))
        assert line.points[0][0] == left.x + left.shape.width
        assert line.points[-1][1] == right.x
        assert all(before[1] < after[0] for before, after in pairwise(line.points))


@pytest.mark.parametrize("picture", SAMPLES.values(), ids=SAMPLES)
def test_every_edge_is_drawn(picture: Picture) -> None:
    drawn = [line.edge for line in layout_of(picture).lines]

    assert drawn == [edge for edge in picture.edges if edge.source != edge.target]


KEYS = [f"node/{number}" for number in range(8)]
PAIRS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=20)


@given(PAIRS)
def test_every_edge_goes_right_but_for_those_that_close_a_cycle(
    pairs: list[tuple[str, str]],
) -> None:
    layers = layers_of(KEYS, pairs)

    for source, target in pairs:
        if source != target:
            backwards = (source, target) in layers.turned
            assert (layers.ranks[source] < layers.ranks[target]) != backwards
    assert min(layers.ranks.values()) == 0


def test_without_a_cycle_nothing_is_turned() -> None:
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")]
    layers = layers_of(["d", "c", "b", "a"], pairs)

    assert layers.turned == frozenset()
    assert layers.ranks == {"a": 0, "b": 1, "d": 1, "c": 2}


def test_a_long_chain_needs_no_deep_stack() -> None:
    keys = [str(number) for number in range(5000)]

    assert layers_of(keys, list(pairwise(keys))).ranks["4999"] == 4999


@given(
    st.lists(st.tuples(st.text(max_size=40), st.integers(0, 3)), min_size=1, max_size=8),
    PAIRS,
)
def test_random_pictures_have_no_overlap(
    named: list[tuple[str, int]], pairs: list[tuple[str, str]]
) -> None:
    keys = KEYS[: len(named)]
    picture = Picture(
        named[0][0],
        "owner",
        "eu-west-1",
        tuple(Group(str(number), named[0][0], str(number)) for number in range(4)),
        tuple(
            Box(key, "node", str(group), name, (name,), (name,) if group else ())
            for key, (name, group) in zip(keys, named, strict=True)
        ),
        tuple(
            Edge(source, target, label=named[0][0])
            for source, target in pairs
            if source in keys and target in keys
        ),
    )
    layout = layout_of(picture)

    assert overlaps([each for each in texts(layout) if each.right > each.left]) == []
    assert overlaps(boxes(layout)) == []


@given(st.text(max_size=80), st.integers(8, 40))
def test_a_clipped_text_fits_and_keeps_its_ends(text: str, most: int) -> None:
    shown = clip(text, most)
    plain = " ".join(text.split())

    assert cells(shown) <= most
    assert shown == plain or "…" in shown


def test_wide_characters_take_two_cells() -> None:
    assert (cells("ab"), cells("漢字"), cells("e\u0301")) == (2, 4, 1)


def test_the_ends_of_a_long_name_stay() -> None:
    assert clip("storefront-of-the-north-v1", 16) == "storefront…th-v1"
