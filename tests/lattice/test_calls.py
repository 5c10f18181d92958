"""The documented mesh on the local cloud: who gets through, and which layer refuses the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.local.services.vpclattice.invocation import Invocation, invoke
from tools.doc_outputs import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "eu-west-1"
STOREFRONT = "arn:aws:iam::222222222222:role/shop-storefront-eff83f6a"
CATALOG_V1 = "arn:aws:iam::333333333333:role/shop-catalog-v1-1c233b97"


@pytest.fixture(scope="module")
def deployed() -> Iterator[None]:
    landscape = landscape_of(SHOWN / "lattice", {})
    with Cloud(account=landscape.account, region=REGION) as cloud:
        landscape.found()
        result = run(SHOWN / "lattice", cloud=cloud)
        assert (result.failures, result.skipped) == ((), ())
        yield


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(
    ("caller", "method", "path", "refused"),
    [
        (STOREFRONT, "GET", "/items/1", None),
        (STOREFRONT, "POST", "/items/1", "identity"),
        (STOREFRONT, "GET", "/orders", "identity"),
        (CATALOG_V1, "GET", "/items/1", "identity"),
        (None, "GET", "/items/1", "network"),
    ],
)
def test_only_declared_calls_get_through(
    caller: str | None, method: str, path: str, refused: str | None
) -> None:
    call = Invocation("catalog.example.com", caller, method, path, port=8080)
    assert invoke(call, REGION).layer == refused
