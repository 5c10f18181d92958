"""The tests of the example pass as a user runs them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.testing.test_plugin import ARGUMENTS

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "examples" / "shared-mesh" / "tests"


def test_the_tests_of_the_example_pass(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    options = (*ARGUMENTS, "-p", "no:cacheprovider", "--rootdir", str(pytester.path))
    result = pytester.runpytest_subprocess(*options, str(TESTS))

    result.assert_outcomes(passed=4)
