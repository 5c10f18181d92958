"""Every link of the documentation leads somewhere, and every file it names is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.places import PAGES, blocks, prose, read
from tools.doc_outputs import ROOT

LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
NAMED_FILE = re.compile(
    r"`(?P<path>(?:docs|examples|meshkit|tests|tools|benchmarks|typings|\.ci)/[\w./-]*[\w/])`"
)
INCLUDED = re.compile(r'^ *--8<-- "(?P<file>[^":]+)(?::(?P<section>[\w-]+))?"$', re.MULTILINE)
MAKE = re.compile(r"\bmake ([a-z]+)\b(?=`|\s+#|$)", re.MULTILINE)
FROM_MAKE = re.compile(r"^([a-z]+):.*## ", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as MkDocs and GitHub make them for plain headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).strip().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    text = re.sub(r"`[^`\n]*`", "", prose(page))
    targets = [match["target"] for match in LINK.finditer(text)]
    inside = [each for each in targets if "://" not in each]
    missing = []
    for target in inside:
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text("utf-8"))):
            missing.append(target)

    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_named_is_there(page: str) -> None:
    named = [match["path"] for match in NAMED_FILE.finditer(read(page))]

    assert [each for each in named if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_section_included_is_there(page: str) -> None:
    for match in INCLUDED.finditer(read(page)):
        text = (ROOT / match["file"]).read_text("utf-8")
        section = match["section"]
        assert section is None or text.count(f"--8<-- [start:{section}]") == 1, match[0]


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_named_is_there(page: str) -> None:
    targets = set(FROM_MAKE.findall(read("Makefile")))
    commands = "\n".join(block.text for block in blocks(page) if block.language == "sh")
    inline = re.findall(r"`make ([a-z]+)[^`]*`", prose(page))

    assert {*MAKE.findall(commands), *inline} <= targets


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/guide/")])
def test_a_guide_shows_only_code_that_is_tested(page: str) -> None:
    ours = [block for block in blocks(page) if block.language in ("yaml", "python", "json", "text")]
    for block in ours:
        lines = [line.strip() for line in block.text.splitlines()]
        by_hand = [
            line for line in lines if not line.startswith(("--8<--", "nodes:", "# yaml-language"))
        ]
        assert by_hand == []


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr


def test_the_first_page_leads_to_every_page_of_guide_and_reference() -> None:
    linked = {match["target"].partition("#")[0] for match in LINK.finditer(read("docs/index.md"))}
    there = {
        page.relative_to(ROOT / "docs").as_posix()
        for folder in ("guide", "reference")
        for page in (ROOT / "docs" / folder).glob("*.md")
    }

    assert there - linked == set()


def test_the_first_page_names_every_example() -> None:
    named = set(re.findall(r"^\| `examples/([\w-]+)` \|", read("docs/index.md"), re.MULTILINE))

    assert named == {folder.parent.name for folder in (ROOT / "examples").glob("*/__main__.py")}
