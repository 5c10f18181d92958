from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.local.cloud import Cloud
from meshkit.local.providers import Provider
from tests.local.making import OWNER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.resources.model import Aws


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(account=OWNER, region=REGION) as running:
        yield running


@pytest.fixture
def aws(cloud: Cloud) -> Aws:
    return Provider(OWNER, REGION).aws(cloud)
