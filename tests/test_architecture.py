"""The rules that the import contracts in pyproject.toml cannot say."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "meshkit"
PURE = ("config", "topology", "policy", "graph", "errors")
CLOUD = {"pulumi", "pulumi_aws", "boto3", "botocore", "moto"}
OPTIONAL = ("boto3", "botocore", "moto", "typer", "rich")


def modules_of_the_pure_core() -> Iterator[Path]:
    for name in PURE:
        yield from (PACKAGE / name).rglob("*.py")
        if (PACKAGE / f"{name}.py").is_file():
            yield PACKAGE / f"{name}.py"


def imported_packages(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_imports_are_found_wherever_they_stand() -> None:
    source = "import a.b\nfrom c.d import e\ndef f():\n    if x:\n        import g as h\n"

    assert imported_packages(source) == {"a", "c", "g"}


@pytest.mark.parametrize(
    "path", sorted(modules_of_the_pure_core()), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_pure_core_knows_no_cloud(path: Path) -> None:
    assert not imported_packages(path.read_text("utf-8")) & CLOUD


def test_importing_meshkit_loads_no_optional_library() -> None:
    code = f"import sys, meshkit; print([name for name in {OPTIONAL} if name in sys.modules])"

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[]"
