"""Tests of what is kept away from garbage collection."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from meshkit.garbage import leave_modules_alone

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_what_lives_at_first_is_left_alone_and_what_comes_later_is_not() -> None:
    leave_modules_alone()
    frozen = gc.get_freeze_count()
    later: list[list[int]] = [[]]

    leave_modules_alone()

    assert 0 < gc.get_freeze_count() <= frozen
    assert any(each is later for each in gc.get_objects())
