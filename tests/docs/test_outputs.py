"""What the documentation shows is what the tool prints."""

from __future__ import annotations

import re

import pytest

from tests.docs.places import blocks, read
from tools.doc_outputs import EXAMPLES, OUTPUTS, made

CHANGING = re.compile(
    r"in \d+\.\d s\.|\bsvc-[0-9a-f]{17}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)
"""Times, and ids that AWS draws."""


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_shown_is_what_the_tool_prints(name: str) -> None:
    assert CHANGING.sub("…", OUTPUTS[name]()) == CHANGING.sub("…", read(name)), (
        "run python -m tools.doc_outputs"
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_readme_shows_what_its_example_makes(example: str) -> None:
    (shown,) = [
        block.text for block in blocks(f"examples/{example}/README.md") if block.language == "text"
    ]

    assert made(example) == shown, "run python -m tools.doc_outputs"
