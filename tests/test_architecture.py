"""What the import contracts in pyproject.toml cannot say: what an import loads when it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_BY_DEFAULT = ("boto3", "botocore", "moto", "typer", "rich")


def loaded_by(statement: str) -> list[str]:
    code = f"import sys; {statement}; print(*[n for n in {NOT_BY_DEFAULT} if n in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return run.stdout.split()


def test_the_probe_sees_what_is_loaded() -> None:
    assert loaded_by("import boto3") == ["boto3", "botocore"]


def test_importing_meshkit_loads_neither_boto3_nor_the_libraries_of_the_command_line() -> None:
    assert loaded_by("import meshkit") == []


def test_importing_meshkit_needs_no_extra_for_any_public_name() -> None:
    assert loaded_by("from meshkit import *") == []
