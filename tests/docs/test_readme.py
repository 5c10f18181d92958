"""The README's first screen works as it stands."""

from __future__ import annotations

from meshkit.cli.init import FILES, MESH_FILE, PROGRAM
from tests.docs.places import blocks
from tools.doc_outputs import ROOT


def only(language: str) -> str:
    (text,) = [block.text for block in blocks("README.md") if block.language == language]
    return text


def test_the_file_and_the_program_are_those_of_a_new_project() -> None:
    assert (only("yaml"), only("python")) == (MESH_FILE, PROGRAM)


def test_file_and_program_are_at_most_15_lines_together() -> None:
    lines = [*only("yaml").splitlines(), *only("python").splitlines()]

    assert len([line for line in lines if line and not line.startswith("#")]) <= 15


def test_the_first_steps_show_the_files_of_a_new_project() -> None:
    folder = ROOT / "docs" / "examples" / "begin"

    assert {name: (folder / name).read_text("utf-8") for name in FILES} == FILES
