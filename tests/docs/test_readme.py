"""The README's first screen works as it stands."""

from __future__ import annotations

from meshkit.cli.init import MESH_FILE, PROGRAM
from tests.docs.places import blocks


def only(language: str) -> str:
    (text,) = [block.text for block in blocks("README.md") if block.language == language]
    return text


def test_the_file_and_the_program_are_those_of_a_new_project() -> None:
    assert (only("yaml"), only("python")) == (MESH_FILE, PROGRAM)


def test_file_and_program_are_at_most_15_lines_together() -> None:
    lines = [*only("yaml").splitlines(), *only("python").splitlines()]

    assert len([line for line in lines if line and not line.startswith("#")]) <= 15
