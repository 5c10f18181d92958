from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.register_assert_rewrite("tests.engine.lives")

from tests.engine.harness import Engine, ServedCloud, builder, served_cloud  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def binary() -> Path:
    """The Pulumi CLI; without one the tests are skipped, or fail where it is required."""
    found: Path | None = builder.find()
    if found is None:
        reason = "no Pulumi engine: run make engine"
        if builder.required():
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def served() -> Iterator[ServedCloud]:
    with served_cloud() as running:
        yield running


@pytest.fixture
def engine(binary: Path, tmp_path: Path, served: ServedCloud) -> Engine:
    return Engine(binary, tmp_path, served)
