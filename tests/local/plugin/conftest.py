from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.local.cloud import Cloud
from meshkit.local.providers import Provider
from tests.local.making import OWNER, REGION
from tests.local.plugin.samples import World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def world() -> Iterator[World]:
    with Cloud(account=OWNER, region=REGION) as cloud:
        yield World(Provider(OWNER, REGION, {"team": "net"}).aws(cloud))
