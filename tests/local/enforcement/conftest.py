from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from meshkit.local.cloud import Cloud
from meshkit.local.services.organization import found_organization
from tests.local.enforcement.people import MANAGER, OWNER, REGION, TEAM


@contextmanager
def enforcing() -> Iterator[Cloud]:
    """A cloud that enforces IAM, with an organization of two members."""
    with Cloud(account=OWNER, region=REGION, enforce_iam=True) as running:
        found_organization(MANAGER, [OWNER, TEAM], "o-exampleorg")
        yield running


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with enforcing() as running:
        yield running
