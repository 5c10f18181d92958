"""The page of a report: whole, closed to the outside, and saying what was found."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from meshkit.inspect.diagram.colours import DARK, LIGHT
from meshkit.inspect.proof.model import Proof
from meshkit.inspect.report.html import Html, join, table, tag
from meshkit.inspect.report.matrix import matrix_of
from meshkit.inspect.report.model import Report
from meshkit.inspect.report.names import account_of, short
from meshkit.inspect.report.page import page_of
from meshkit.inspect.report.style import STYLE
from meshkit.policy.fitting import RULES
from tests.inspect.diagram.samples import WICKED
from tests.inspect.report.samples import large, mischief, node_arn, role_arn, small

NOTHING = Report("empty", (), Proof((), (), {}, {}))
REPORTS = {
    "good": small(),
    "bad": small(bad=True),
    "large": large(),
    "wicked": mischief(),
    "nothing": NOTHING,
}
(MK901,) = [rule for rule in RULES if rule.code == "MK901"]
VOID = {"meta"}
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "ul",
    "li", "b", "small", "span", "nav", "main", "section", "article", "dl", "dt", "dd", "pre", "div",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "footer",
    "svg", "desc", "defs", "marker", "path", "rect", "text",
}  # fmt: skip


class Outline(HTMLParser):
    """The elements of a page; fails on one that is not closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag == name]


@pytest.fixture(params=REPORTS.values(), ids=list(REPORTS))
def page(request: pytest.FixtureRequest) -> str:
    return page_of(request.param)


def test_every_element_is_closed_and_known(page: str) -> None:
    assert {tag for tag, _ in Outline(page).elements} <= ALLOWED


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    outline = Outline(page)
    attributes = [pair for _, given in outline.elements for pair in given.items()]

    assert not [
        name for name, _ in attributes if name.startswith("on") or name in ("src", "action")
    ]
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    assert not re.search(r"@import|url\((?!#)", page)
    policies = [each["content"] for each in outline.all("meta") if "http-equiv" in each]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_links_and_labels_lead_to_ids_that_stand_once(page: str) -> None:
    elements = Outline(page).elements
    ids = [given["id"] for _, given in elements if "id" in given]
    named = [id_ for _, given in elements for id_ in given.get("aria-labelledby", "").split()]
    linked = [given["href"][1:] for _, given in elements if "href" in given]

    assert len(ids) == len(set(ids))
    assert {*named, *linked} <= set(ids)


def test_the_page_names_its_language_and_fits_phones(page: str) -> None:
    outline = Outline(page)

    assert outline.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in outline.all(
        "meta"
    )
    assert len(outline.all("h1")) == 1


def test_every_heading_cell_says_what_it_heads(page: str) -> None:
    assert {each.get("scope") for each in Outline(page).all("th")} <= {"row", "col"}


def test_what_scrolls_has_a_name_and_takes_the_focus(page: str) -> None:
    for each in Outline(page).all("div"):
        assert each["class"] == "scroll"
        assert each["aria-label"]
        assert (each["role"], each["tabindex"]) == ("region", "0")


def test_every_class_used_has_a_look(page: str) -> None:
    classes = {
        name for _, given in Outline(page).elements for name in given.get("class", "").split()
    }
    plain = {"good", "bad", "warning", "yes", "extra", "missing", "mk-subtitle"}

    assert {name for name in classes - plain if f".{name}" not in STYLE} == set()


def test_wicked_names_are_text(page: str) -> None:
    assert "<script" not in page
    assert "\x01" not in page


def test_the_wicked_name_is_still_told() -> None:
    plain = WICKED.replace("\x01", "\ufffd")

    assert plain in Outline(page_of(mischief())).texts


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (small(), "Proven: every role may do what is declared for it, and nothing else."),
        (small(bad=True), "Not proven: 1 violation."),
        (
            replace(small(), proof=replace(small(bad=True).proof, violations=())),
            "Not proven: 1 thing can't be told.",
        ),
        (
            replace(small(), complete=False),
            "Not proven: the program did not come to its end, and this is a part of it.",
        ),
        (NOTHING, "Nothing to prove: there is no role."),
    ],
)
def test_the_verdict_is_that_of_the_proof(report: Report, verdict: str) -> None:
    assert verdict in Outline(page_of(report)).texts


def test_a_violation_is_told_with_its_mend() -> None:
    text = "\n".join(Outline(page_of(small(bad=True))).texts)

    for part in (
        "MP101 violation",
        "role catalog-v1 may read shop/virtualNode/stock",
        "mesh.yaml:31:16",
        "appmesh:StreamAggregatedResources",
        "Name only the role's own node or gateway in the statement.",
        "MK901 warning",
        MK901.mend,
        "its policy is made when it is deployed",
        node_arn("333333333333", "stock"),
    ):
        assert part in text


def test_without_findings_that_is_said() -> None:
    assert "Nothing was found." in Outline(page_of(NOTHING)).texts


def test_the_share_is_told_with_ids() -> None:
    texts = Outline(page_of(small())).texts

    assert "Accounts outside the organization may not be among them." in texts
    assert " 222222222222" in texts


def test_who_shares_services_with_the_mesh_owner_is_told() -> None:
    shown = small()
    pictures = tuple(replace(each, sharing=None, providers=("billing",)) for each in shown.pictures)
    texts = Outline(page_of(replace(shown, pictures=pictures))).texts

    assert "Services are shared with network 111111111111 by:" in texts
    assert texts.count(" 333333333333") == 1


def test_the_states_of_cells() -> None:
    matrix = matrix_of(small(bad=True).proof)
    storefront = role_arn("222222222222", "storefront")
    v1 = role_arn("333333333333", "catalog-v1")

    assert matrix.states[storefront, node_arn("222222222222", "storefront")] == "yes"
    assert matrix.states[storefront, node_arn("333333333333", "stock")] == "extra"
    assert matrix.states[v1, node_arn("333333333333", "catalog-v1")] == "missing"
    assert (v1, node_arn("333333333333", "stock")) not in matrix.states
    assert matrix.open == {role_arn("333333333333", "catalog-v2")}


def test_what_is_declared_runs_along_the_diagonal() -> None:
    matrix = matrix_of(large(bad=False).proof)

    places = [matrix.endpoints.index(arn) - matrix.roles.index(role) for role, arn in matrix.states]
    assert places == [0] * 200


def test_a_cell_is_told_by_words_not_by_colour_alone() -> None:
    texts = Outline(page_of(small(bad=True))).texts

    assert texts.count("allowed, not declared") == 3
    assert texts.count("declared, not allowed") == 1
    assert texts.count("allowed, as declared") == 4


def test_a_large_matrix_is_a_picture_and_a_table_with_the_faulty_first() -> None:
    page = page_of(large())
    outline = Outline(page)

    squares = [each for each in outline.all("rect") if each.get("class", "").startswith("is-")]
    assert len(squares) == 203
    caption = outline.texts.index("What each role may read or call")
    names = [text for text in outline.texts[caption:] if text.startswith("mesh/shop-node-")]
    assert [name.split("-")[6] for name in names[:3]] == ["0", "1", "2"]
    assert len(names) == 200


def test_a_report_of_200_nodes_is_small() -> None:
    assert len(page_of(large()).encode()) < 400_000


def test_the_same_report_gives_the_same_text() -> None:
    assert page_of(small(bad=True)) == page_of(small(bad=True))


def test_every_colour_is_filled_in() -> None:
    assert not [name for name in (*LIGHT, *DARK) if f"{{{name}}}" in STYLE]


def test_text_is_escaped_and_html_is_not_twice() -> None:
    assert (
        tag("p", "<b>", tag("b", "&"), title='"') == '<p title="&quot;">&lt;b&gt;<b>&amp;</b></p>'
    )
    assert join(["a<", Html("<br>")]) == "a&lt;<br>"
    assert '<th scope="row">a</th><td>&lt;</td>' in table("c", ["x", "y"], [["a", "<"]])


@pytest.mark.parametrize(
    ("arn", "name", "account"),
    [
        ("arn:aws:iam::111111111111:role/mesh/a", "mesh/a", "111111111111"),
        ("arn:aws:iam::111111111111:user/a", "user/a", "111111111111"),
        (node_arn("222222222222", "a"), "node a", "222222222222"),
        ("arn:aws:appmesh:r:1:mesh/m/virtualGateway/g", "gateway g", "1"),
        ("plain", "plain", ""),
    ],
)
def test_arns_are_shortened(arn: str, name: str, account: str) -> None:
    assert (short(arn), account_of(arn)) == (name, account)
