"""A mesh whose workloads are as they should be is confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.inspect.confirm.remark import Row
    from tests.inspect.confirm.workloads import Workloads


def test_every_proxy_with_its_workload_is_confirmed(
    shop: Workloads, confirmed: Callable[..., dict[str, Row]]
) -> None:
    shop.place_all()

    rows = confirmed()

    assert {name: row.outcome for name, row in rows.items()} == dict.fromkeys(
        ("storefront", "cart", "batch", "catalog", "prices", "ingress"), "confirmed"
    )
    assert all(remark.kind == "note" for row in rows.values() for remark in row.remarks)
