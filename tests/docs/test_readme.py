"""The README's first screen works as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.local.program import run
from meshkit.topology.check import check
from tests.docs.places import blocks

if TYPE_CHECKING:
    from pathlib import Path


def only(language: str) -> str:
    (text,) = [block.text for block in blocks("README.md") if block.language == language]
    return text


def project(folder: Path) -> Path:
    (folder / "mesh.yaml").write_text(only("yaml"), encoding="utf-8")
    (folder / "__main__.py").write_text(only("python"), encoding="utf-8")
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    return folder


def test_the_file_has_no_fault(tmp_path: Path) -> None:
    findings = check(project(tmp_path) / "mesh.yaml").findings

    assert [finding.code for finding in findings] == ["MK901"]


def test_the_program_is_deployed(tmp_path: Path) -> None:
    result = run(project(tmp_path))

    assert (result.failures, result.skipped) == ((), ())
    assert str(result.outputs["task_role"]).startswith("arn:aws:iam::111111111111:role/shop-web-")


def test_file_and_program_are_at_most_15_lines_together() -> None:
    lines = [*only("yaml").splitlines(), *only("python").splitlines()]

    assert len([line for line in lines if line and not line.startswith("#")]) <= 15
