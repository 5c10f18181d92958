"""The tests of the example pass as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

import meshkit.testing.deploying  # noqa: F401 - else the run within this one imports it anew
from tests.testing.test_plugin import ALONE, ARGUMENTS

pytest_plugins = ["pytester"]
TESTS = Path(__file__).resolve().parents[2] / "examples" / "shared-mesh" / "tests"


def test_the_tests_of_the_example_pass(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess(*ARGUMENTS, *ALONE, str(TESTS))

    result.assert_outcomes(passed=4)
