"""The whole page of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from meshkit.inspect.report.findings import findings_section
from meshkit.inspect.report.html import Html, join, tag
from meshkit.inspect.report.matrix import matrix_section
from meshkit.inspect.report.parts import (
    endpoints_section,
    picture_section,
    routes_section,
    share_section,
)
from meshkit.inspect.report.style import STYLE

if TYPE_CHECKING:
    from meshkit.inspect.report.model import Report

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""What the browser may load: nothing. A second lock, should a name ever get through the first."""
SECTIONS: Final = (
    ("findings", "Findings"),
    ("picture", "Picture"),
    ("matrix", "Who may read or call what"),
    ("share", "Share"),
)


def page_of(report: Report) -> str:
    """The report as one HTML document; the same report gives the same text."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{report.title}: meshkit report"),
        tag("style", Html(f"\n{STYLE}")),
    )
    body = tag(
        "body",
        tag("a", "Skip to the findings", href="#findings", class_="skip"),
        _header(report),
        tag("main", *_sections(report)),
        tag("footer", f"Made by meshkit report from {report.source}."),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _header(report: Report) -> Html:
    links = [tag("li", tag("a", title, href=f"#{id_}")) for id_, title in SECTIONS]
    owners = [tag("p", f"{each.title}. {each.subtitle}.") for each in report.pictures]
    return tag(
        "header",
        tag("h1", report.title),
        *owners,
        _verdict(report),
        _counts(report),
        tag("nav", tag("ul", *links), aria_label="Sections"),
    )


def _verdict(report: Report) -> Html:
    proof = report.proof
    if proof.violations:
        text = f"Not proven: {_counted(len(proof.violations), 'violation')}."
        return tag("p", text, class_="verdict bad")
    if proof.unknowns:
        text = f"Not proven: {_counted(len(proof.unknowns), 'thing')} can't be told."
        return tag("p", text, class_="verdict warning")
    if not report.complete:
        text = "Not proven: the program did not come to its end, and this is a part of it."
        return tag("p", text, class_="verdict warning")
    if not proof.roles:
        return tag("p", "Nothing to prove: there is no role.", class_="verdict warning")
    text = "Proven: every role may do what is declared for it, and nothing else."
    return tag("p", text, class_="verdict good")


def _counts(report: Report) -> Html:
    accounts = {group.id for picture in report.pictures for group in picture.groups if group.id}
    counts = (
        (len(accounts), "account"),
        (len(report.proof.endpoints), "endpoint"),
        (len(report.proof.roles), "role"),
        (len(report.proof.violations), "violation"),
        (sum(each.severity == "warning" for each in report.findings), "warning"),
    )
    entries = [
        tag("li", tag("b", str(count)), f" {_plural(count, what)}") for count, what in counts
    ]
    return tag("ul", *entries, class_="counts")


def _counted(count: int, what: str) -> str:
    return f"{count} {_plural(count, what)}"


def _plural(count: int, what: str) -> str:
    return what if count == 1 else f"{what}s"


def _sections(report: Report) -> list[Html]:
    pictures = [
        part
        for number, picture in enumerate(report.pictures)
        for part in (
            picture_section(picture, number),
            endpoints_section(picture),
            routes_section(picture),
        )
        if part is not None
    ]
    contents = {
        "findings": findings_section(report),
        "picture": join(pictures) if pictures else tag("p", "There is no mesh to draw."),
        "matrix": matrix_section(report),
        "share": join(map(share_section, report.pictures)),
    }
    return [
        tag("section", tag("h2", title, id=id_), contents[id_], aria_labelledby=id_)
        for id_, title in SECTIONS
    ]
