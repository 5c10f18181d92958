"""What holds for every test: how property tests draw their examples, how failures are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from meshkit.garbage import paused_gc

if TYPE_CHECKING:
    from collections.abc import Generator

# The default run draws the same examples every time, so that a red test is the change's fault.
# No deadline: a shared machine stalls now and then.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("fuzz", deadline=None, max_examples=1000)
settings.load_profile("default")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, object, object]:
    """Shows a failure as it is.

    pytest parses the source of the failed test. On Python 3.11 a collection in between, in which
    futures of Pulumi log that nobody read them, breaks the parser.
    """
    with paused_gc():
        return (yield)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the tests of the engine counted: injected faults, kills, changes.

    It stands here because the process that starts the workers reads no conftest further down.
    """
    lines = sorted(
        f"{value}"
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "engine" and getattr(report, "when", "") == "call"
    )
    if lines:
        terminalreporter.section("under the Pulumi engine")
        terminalreporter.write_line("\n".join(lines))
