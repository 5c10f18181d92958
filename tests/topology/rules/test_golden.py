"""Every rule has a case: a small file with exactly its fault, and the report of it."""

import re
from pathlib import Path

import pytest

from meshkit.config.finding import Rule
from meshkit.policy.fitting import RULES
from meshkit.topology.check import check
from tools.golden import CASES, cases, report
from tools.rule_pages import PAGES, pages

CODES = {rule.code: rule for rule in RULES}
WITHOUT_CASE = {"MK100"}
"""Stands for faults of shape that no other rule names; none is known."""


def test_codes_are_given_once() -> None:
    assert len(CODES) == len(RULES)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {case.stem.removeprefix("error_") for case in cases()} == set(CODES) - WITHOUT_CASE


@pytest.mark.parametrize("case", [*cases(), CASES / "combined.yaml"], ids=lambda case: case.stem)
def test_report_is_the_golden_one(case: Path) -> None:
    assert report(case) == case.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.stem)
def test_case_breaks_only_its_rule_and_says_where(case: Path) -> None:
    code = case.stem.removeprefix("error_")
    for line in case.with_suffix(".txt").read_text("utf-8").splitlines():
        assert set(re.findall(r"\bMK\d{3}\b", line.replace(case.name, ""))) == {code}
        assert (f" warning {code} " in line) == (CODES[code].severity == "warning")
        assert re.match(rf"{case.name}:\d+:\d+: |base\.yaml: ", line)


def test_a_file_without_faults_has_only_the_end_of_app_mesh() -> None:
    assert [finding.code for finding in check(CASES / "ok.yaml").findings] == ["MK901"]


def test_all_faults_of_one_file_come_in_one_run() -> None:
    findings = check(CASES / "combined.yaml").findings
    assert {finding.code for finding in findings} == {
        "MK101", "MK104", "MK105", "MK106", "MK201", "MK202", "MK301", "MK404", "MK409", "MK501",
        "MK521", "MK523", "MK529", "MK530", "MK543", "MK601", "MK704", "MK711", "MK722", "MK801",
        "MK803", "MK809", "MK901", "MK912",
    }  # fmt: skip


def test_pages_are_up_to_date() -> None:
    written = {page.name: page.read_text("utf-8") for page in PAGES.glob("*.md")}
    assert written == pages(), "run python -m tools.rule_pages"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_says_what_why_and_how_in_sentences(rule: Rule) -> None:
    for text in (rule.title, rule.why, rule.mend):
        assert text.endswith(".")
        assert "\n" not in text
