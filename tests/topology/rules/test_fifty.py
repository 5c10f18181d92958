"""Fifty mixed faults in one file are all found in one run, each at its line and column.

The file says itself what is expected, so that no golden report can bless a wrong place.
"""

from __future__ import annotations

import re
from pathlib import Path

from meshkit.topology.check import check

FILE = Path(__file__).with_name("fifty.yaml")
EXPECTED = re.compile(r"# (?P<code>MK\d{3}) (?P<text>.+)$")


def expected() -> set[tuple[int, int, str]]:
    """Line, column and rule of each fault, from the comment on its line."""
    found = set()
    for number, line in enumerate(FILE.read_text("utf-8").splitlines(), start=1):
        comment = EXPECTED.search(line)
        if comment:
            found.add((number, line.index(comment["text"]) + 1, comment["code"]))
    return found


def test_fifty_faults_are_found_at_their_places_and_no_others() -> None:
    findings = check(FILE).findings

    places = [(each.location.line, each.location.column, each.code)
              for each in findings if each.location]  # fmt: skip
    assert len(expected()) == 50
    assert sorted(places) == sorted(expected())
    assert all("\n" not in str(each) for each in findings)
