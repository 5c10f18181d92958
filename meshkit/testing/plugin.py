"""The pytest plugin: one fixture, one option. Everything else is imported when a test asks."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshkit.testing.deployment import Deployment

OPTION: Final = "--meshkit-update"
UPDATE: Final = "MESHKIT_UPDATE"
_BEFORE: Final = pytest.StashKey[str | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    parser.getgroup("meshkit").addoption(
        OPTION, action="store_true", help="Write snapshots of policies anew."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Hands the option on to where snapshots are compared, which works without pytest too."""
    if config.getoption(OPTION):
        config.stash[_BEFORE] = os.environ.get(UPDATE)
        os.environ[UPDATE] = "1"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves the environment as it was."""
    if _BEFORE not in config.stash:
        return
    before = config.stash[_BEFORE]
    if before is None:
        os.environ.pop(UPDATE, None)
    else:
        os.environ[UPDATE] = before


@pytest.fixture
def meshkit_deploy(request: pytest.FixtureRequest) -> Iterator[Callable[..., Deployment]]:
    """Deploys a program on the local cloud until the test ends: ``meshkit_deploy("..")``.

    Takes what ``meshkit.testing.deployed`` takes; a relative folder is seen from the test's file.
    """
    from meshkit.testing.deploying import deployed  # noqa: PLC0415 - heavy, and often not needed

    def deploy(program: Path | str | Callable[[], Any], **options: Any) -> Deployment:
        __tracebackhide__ = True
        place = program if callable(program) else request.path.parent / program
        return block.enter_context(deployed(place, **options))

    with ExitStack() as block:
        yield deploy
